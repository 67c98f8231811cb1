#include "ldap/connection.hpp"

#include <openldap.h>

#include <algorithm>
#include <optional>

#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kSystemCas[] = "/etc/ssl/certs/ca-certificates.crt";

using UrlPtr = std::unique_ptr<LDAPURLDesc, FreeWith<ldap_free_urldesc>>;

struct Server {
  std::string host;
  int port = 0;
  bool tls = false;
};

std::optional<Server> parse(std::string const& uri) {
  LDAPURLDesc* raw = nullptr;
  if (ldap_url_parse(uri.c_str(), &raw) != LDAP_URL_SUCCESS) return std::nullopt;
  UrlPtr const url{raw};
  std::string_view const scheme = url->lud_scheme;
  if ((scheme != "ldap" && scheme != "ldaps") || url->lud_host == nullptr || *url->lud_host == '\0')
    return std::nullopt;
  return Server{url->lud_host, url->lud_port, scheme == "ldaps"};
}

timeval to_timeval(std::chrono::milliseconds wait) {
  return {wait.count() / 1000, wait.count() % 1000 * 1000};
}

Error bad_setup(std::string what) { return {LdapErrc::bad_setup, std::move(what)}; }

Result<void> check(Settings const& settings) {
  auto const where = "directory " + settings.name + ": ";
  if (settings.uris.empty()) return bad_setup(where + "no URI; set uris");
  auto const& bind = settings.bind;
  if (bind.method == Bind::Method::external || bind.method == Bind::Method::gssapi)
    return bad_setup(where + "this bind method is not supported yet; use simple or anonymous");
  // RFC 4513, 5.1.2: a name without a password succeeds as anonymous, and reads less than is there.
  if (bind.method == Bind::Method::simple && (bind.dn.empty() || bind.password.empty()))
    return bad_setup(where + "a simple bind needs a DN and a password; set bind.dn and bind.password");
  return {};
}

}  // namespace

Connection::Connection(Settings const& settings, Stop& stop, std::string uri)
    : directory_(settings.name),
      uri_(std::move(uri)),
      idle_(settings.timeouts.idle),
      end_(std::chrono::steady_clock::now() + settings.timeouts.total),
      stop_(&stop) {}

Result<Connection> Connection::open(Settings const& settings, Stop& stop) {
  if (auto const usable = check(settings); !usable) return usable.error();
  auto const end = std::chrono::steady_clock::now() + settings.timeouts.total;
  std::vector<std::string> reasons;
  std::optional<boost::system::error_code> code;
  for (auto const& uri : settings.uris) {
    auto connection = open_one(settings, stop, uri, end);
    if (connection) {
      connection->passed_over_ = std::move(reasons);
      return connection;
    }
    auto const& error = connection.error();
    reasons.push_back(error.context);
    // One server that may be back soon makes the whole worth a retry.
    if (!code || error.code == Failure::transient) code = error.code;
    if (error.code == LdapErrc::bind_refused || error.code == LdapErrc::cancelled) {
      code = error.code;
      break;
    }
  }
  std::string context;
  for (auto const& reason : reasons) context += (context.empty() ? "" : " | ") + reason;
  return Error{*code, context};
}

Result<Connection> Connection::open_one(Settings const& settings, Stop& stop, std::string const& uri,
                                        Instant end) {
  Connection connection{settings, stop, uri};
  connection.end_ = end;
  auto const server = parse(uri);
  if (!server)
    return bad_setup(connection.place() + ": not an LDAP URI; write ldaps://host:port or ldap://host:port");
  auto const& tls = settings.tls;
  auto const encrypted = server->tls || tls.starttls;
  if (!encrypted && settings.bind.method == Bind::Method::simple && !tls.plaintext)
    return bad_setup(
        connection.place() +
        ": the password would be readable on the wire; use ldaps://, tls.starttls or tls.plaintext");

  auto const connect_end = std::min(end, std::chrono::steady_clock::now() + settings.timeouts.connect);
  auto socket = connect_to(server->host, server->port, connect_end, settings.timeouts.idle, stop);
  if (!socket)
    return Error{socket.error().code, connection.place() + ": no connection: " + socket.error().context +
                                          "; check the URI, the network and that the server runs"};
  LDAP* raw = nullptr;
  auto const made = ldap_init_fd(socket->number(), LDAP_PROTO_TCP, uri.c_str(), &raw);
  if (made != LDAP_SUCCESS) return result_error(made, connection.place(), "");
  socket->release();
  connection.handle_.reset(raw);
  if (auto const set = connection.set_options(settings, connect_end); !set) return set.error();
  if (encrypted) {
    if (auto const set = connection.set_tls_options(tls); !set) return set.error();
    if (auto const started = connection.start_tls(!server->tls); !started) return started.error();
  }
  connection.read_ahead();
  if (auto const bound = connection.bind(settings.bind); !bound) return bound.error();
  return connection;
}

std::string Connection::place() const { return "directory " + directory_ + ", server " + printable(uri_); }

/// Everything that a user's or the machine's ldap.conf could change. Without CONNECT_ASYNC libldap 2.5 turns
/// in circles, without end, while a peer is silent in the TLS handshake.
Result<void> Connection::set_options(Settings const& settings, Instant handshake_end) {
  int const version = LDAP_VERSION3, none = 0;
  auto const handshake = to_timeval(std::max(left_until(handshake_end), std::chrono::milliseconds{1}));
  auto const answer = to_timeval(settings.timeouts.idle);
  auto const set = [this](int option, void const* value) {
    return ldap_set_option(handle(), option, value) == LDAP_OPT_SUCCESS;
  };
  auto const done = set(LDAP_OPT_PROTOCOL_VERSION, &version) && set(LDAP_OPT_REFERRALS, LDAP_OPT_OFF) &&
                    set(LDAP_OPT_RESTART, LDAP_OPT_ON) && set(LDAP_OPT_CONNECT_ASYNC, LDAP_OPT_ON) &&
                    set(LDAP_OPT_SIZELIMIT, &none) && set(LDAP_OPT_TIMELIMIT, &none) &&
                    set(LDAP_OPT_DEREF, &none) && set(LDAP_OPT_NETWORK_TIMEOUT, &handshake) &&
                    set(LDAP_OPT_TIMEOUT, &answer);
  if (!done) return bad_setup(place() + ": libldap does not take its options; check its version");
  return {};
}

Result<void> Connection::set_tls_options(TlsSettings const& tls) {
  int const verify = tls.verify ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER;
  int const least =
      tls.min_version == "1.3" ? LDAP_OPT_X_TLS_PROTOCOL_TLS1_3 : LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
  int const client = 0;
  auto const set = [this](int option, void const* value) {
    return ldap_set_option(handle(), option, value) == LDAP_OPT_SUCCESS;
  };
  auto const set_text = [this, &set](int option, std::string const& value) {
    return set(option, value.empty() ? nullptr : value.c_str());
  };
  auto const ca_file = tls.ca_file.empty() && tls.ca_dir.empty() ? kSystemCas : tls.ca_file;
  auto const done =
      set(LDAP_OPT_X_TLS_REQUIRE_CERT, &verify) && set(LDAP_OPT_X_TLS_PROTOCOL_MIN, &least) &&
      set_text(LDAP_OPT_X_TLS_CACERTFILE, ca_file) && set_text(LDAP_OPT_X_TLS_CACERTDIR, tls.ca_dir) &&
      set_text(LDAP_OPT_X_TLS_CERTFILE, tls.cert_file) && set_text(LDAP_OPT_X_TLS_KEYFILE, tls.key_file) &&
      set(LDAP_OPT_X_TLS_NEWCTX, &client);  // the others take effect here, for this handle alone
  if (!done)
    return bad_setup(place() + ": the TLS settings can not be used; check that tls.ca_file (" +
                     printable(ca_file) +
                     "), ca_dir, cert_file and key_file exist, are readable and fit together");
  return {};
}

/// libldap by itself asks the kernel three times for each entry. Above TLS, where there is TLS.
void Connection::read_ahead() {
  Sockbuf* buffer = nullptr;
  ber_len_t size = 1U << 16;  // bytes
  if (ldap_get_option(handle(), LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS && buffer != nullptr)
    ber_sockbuf_add_io(buffer, &ber_sockbuf_io_readahead, LBER_SBIOD_LEVEL_APPLICATION, &size);
}

Result<void> Connection::start_tls(bool first_ask) {
  if (first_ask) {
    auto const what = place() + ": StartTLS";
    int id = 0;
    if (ldap_start_tls(handle(), nullptr, nullptr, &id) != LDAP_SUCCESS) return last_error(what);
    auto const answer = next(id, what);
    if (!answer) return answer.error();
    if (auto const agreed = require_success(answer->get(), what); !agreed) {
      auto error = agreed.error();
      error.code = LdapErrc::tls_failed;
      return error;
    }
  }
  // Asynchronous as it is set, libldap waits with its time-out only where the socket itself does not wait.
  int socket = -1;
  ldap_get_option(handle(), LDAP_OPT_DESC, &socket);
  set_blocking(socket, false);
  auto const result = ldap_install_tls(handle());
  set_blocking(socket, true);
  if (result == LDAP_SUCCESS) return {};
  auto error = last_error(place() + ": TLS handshake");
  if (error.code != LdapErrc::cancelled && error.code != LdapErrc::timed_out) {
    TextPtr words;
    char* raw = nullptr;
    if (ldap_get_option(handle(), LDAP_OPT_DIAGNOSTIC_MESSAGE, &raw) == LDAP_OPT_SUCCESS) words.reset(raw);
    error = Error{LdapErrc::tls_failed,
                  place() + ": TLS handshake: " + (words ? printable(words.get()) : "no reason given") +
                      "; check tls.ca_file, the server's certificate and that its name is the URI's host"};
  }
  return error;
}

Result<void> Connection::bind(Bind const& bind) {
  auto const what = place() + ": bind as " +
                    (bind.method == Bind::Method::simple ? "\"" + printable(bind.dn) + "\"" : "anonymous");
  auto const password = bind.password.reveal();
  berval credentials{password.size(), const_cast<char*>(password.data())};  // libldap only reads it
  if (bind.method != Bind::Method::simple) credentials = {0, nullptr};
  auto const* const name = bind.method == Bind::Method::simple ? bind.dn.c_str() : "";
  int id = 0;
  if (ldap_sasl_bind(handle(), name, LDAP_SASL_SIMPLE, &credentials, nullptr, nullptr, &id) != LDAP_SUCCESS)
    return last_error(what);
  auto const answer = next(id, what);
  if (!answer) return answer.error();
  return require_success(answer->get(), what);
}

Result<void> Connection::require_success(LDAPMessage* message, std::string const& what) {
  int result = LDAP_OTHER;
  char* words = nullptr;
  auto const parsed = ldap_parse_result(handle(), message, &result, nullptr, &words, nullptr, nullptr, 0);
  TextPtr const owned{words};
  if (parsed != LDAP_SUCCESS) return result_error(parsed, what, "");
  if (result != LDAP_SUCCESS) return result_error(result, what, words != nullptr ? words : "");
  return {};
}

Result<MessagePtr> Connection::next(int id, std::string const& what) {
  auto const wait = std::min(idle_, left_until(end_));
  auto limit = to_timeval(wait);
  LDAPMessage* raw = nullptr;
  auto const type = ldap_result(handle(), id, LDAP_MSG_ONE, &limit, &raw);
  MessagePtr message{raw};
  if (stop_->requested()) return Error{LdapErrc::cancelled, what + ": stopped"};
  if (type == 0)
    return result_error(LDAP_TIMEOUT, what + ": no answer within " + std::to_string(wait.count()) + " ms",
                        "");
  if (type < 0 || !message) return last_error(what);
  return message;
}

Error Connection::last_error(std::string const& what) const {
  if (stop_->requested()) return {LdapErrc::cancelled, what + ": stopped"};
  int result = LDAP_OTHER;
  ldap_get_option(handle(), LDAP_OPT_RESULT_CODE, &result);
  char* words = nullptr;
  ldap_get_option(handle(), LDAP_OPT_DIAGNOSTIC_MESSAGE, &words);
  TextPtr const owned{words};
  return result_error(result, what, words != nullptr ? words : "");
}

}  // namespace dirsync::ldap
