#include "ldap/connect/connection.hpp"

#include <openldap.h>

#include <algorithm>
#include <optional>

#include "ldap/connect/dns.hpp"
#include "ldap/connect/sasl.hpp"
#include "ldap/connect/srv.hpp"
#include "ldap/errors.hpp"
#include "ldap/search/referral.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

using Method = Bind::Method;
using Transport = Server::Transport;

constexpr char kGssapi[] = "bind by SASL GSSAPI";

timeval to_timeval(std::chrono::milliseconds wait) {
  return {wait.count() / 1000, wait.count() % 1000 * 1000};
}

Error bad_setup(std::string what) { return {LdapErrc::bad_setup, std::move(what)}; }

Result<void> check(Settings const& settings) {
  auto const where = "directory " + settings.name + ": ";
  if (settings.uris.empty() && settings.srv.empty()) return bad_setup(where + "no URI; set uris or srv");
  auto const& bind = settings.bind;
  // RFC 4513, 5.1.2: a name without a password succeeds as anonymous, and reads less than is there.
  if (bind.method == Method::simple && (bind.dn.empty() || bind.password.empty()))
    return bad_setup(where + "a simple bind needs a DN and a password; set bind.dn and bind.password");
  return {};
}

/// Whether the bind may go over this connection.
Result<void> check(Settings const& settings, Server const& server, bool encrypted, std::string const& place) {
  auto const method = settings.bind.method;
  auto const safe = encrypted || server.transport == Transport::local;
  if (method == Method::simple && !safe && !settings.tls.plaintext)
    return bad_setup(
        place + ": the password would be readable on the wire; use ldaps://, tls.starttls or tls.plaintext");
  if (method == Method::external && (!safe || (encrypted && settings.tls.cert_file.empty())))
    return bad_setup(place +
                     ": an external bind needs TLS with a client certificate (tls.cert_file, tls.key_file), "
                     "or ldapi://");
  if (method == Method::gssapi && server.transport == Transport::local)
    return bad_setup(place + ": a ticket is for a host, which ldapi:// does not name; use method external");
  return {};
}

/// The servers to try, in order.
Result<std::vector<std::string>> candidates(Settings const& settings, Instant end, Stop& stop) {
  auto uris = settings.uris;
  if (!settings.srv.empty()) {
    auto const now = std::chrono::steady_clock::now();
    auto found = discover(settings, std::min(end, now + settings.timeouts.connect), stop);
    if (!found) return found.error();
    uris = std::move(*found);
  }
  if (!settings.memory) return uris;
  return settings.memory->in_order(std::move(uris), std::chrono::steady_clock::now());
}

/// Why those that were left for later are not used now.
void explain_the_rest(Settings const& settings, std::vector<std::string> const& uris, std::size_t next,
                      std::vector<std::string>& reasons) {
  if (!settings.memory) return;
  for (; next < uris.size(); ++next)
    if (auto const reason = settings.memory->reason(uris[next], std::chrono::steady_clock::now());
        !reason.empty())
      reasons.push_back("not tried again yet: " + reason);
}

}  // namespace

Connection::Connection(Settings const& settings, Stop& stop, std::string uri)
    : directory_(settings.name),
      uri_(std::move(uri)),
      on_search_(settings.on_search),
      entries_(settings.entries),
      idle_(settings.timeouts.idle),
      end_(std::chrono::steady_clock::now() + settings.timeouts.total),
      stop_(&stop),
      referrals_(std::make_shared<Referrals>(settings, stop)) {}

Result<Connection> Connection::open(Settings const& settings, Stop& stop) {
  if (auto const usable = check(settings); !usable) return usable.error();
  auto const end = std::chrono::steady_clock::now() + settings.timeouts.total;
  auto const uris = candidates(settings, end, stop);
  if (!uris) return uris.error();
  std::vector<std::string> reasons;
  std::optional<boost::system::error_code> code;
  for (std::size_t at = 0; at < uris->size(); ++at) {
    auto connection = open_one(settings, stop, (*uris)[at], end);
    if (connection) {
      explain_the_rest(settings, *uris, at + 1, reasons);
      connection->passed_over_ = std::move(reasons);
      connection->memory_ = settings.memory;
      return connection;
    }
    auto const& error = connection.error();
    reasons.push_back(error.context);
    // Where one server may be back soon, another attempt at all of them may succeed.
    if (!code || error.code == Failure::transient) code = error.code;
    if (error.code == LdapErrc::bind_refused || error.code == LdapErrc::cancelled) {
      code = error.code;
      break;
    }
    if (settings.memory)
      settings.memory->failed((*uris)[at], error.context, std::chrono::steady_clock::now());
  }
  std::string context;
  for (auto const& reason : reasons) context += (context.empty() ? "" : " | ") + reason;
  return Error{*code, context};
}

Result<Connection> Connection::open_beside(Connection const& first, Settings const& settings, Stop& stop) {
  auto same = settings;
  same.uris = {first.uri()};
  same.srv.clear();
  same.memory.reset();  // belongs to the thread of `first`
  auto opened = open(same, stop);
  if (opened) opened->end_ = first.end_;
  return opened;
}

Result<Connection> Connection::open_one(Settings const& settings, Stop& stop, std::string const& uri,
                                        Instant end) {
  Connection connection{settings, stop, uri};
  connection.end_ = end;
  auto const server = parse_server(uri);
  if (!server)
    return bad_setup(connection.place() +
                     ": not an LDAP URI; write ldaps://host:port, ldap://host:port or ldapi://%2Fpath");
  auto const tls = server->transport == Transport::tls;
  auto const encrypted = tls || (server->transport == Transport::plain && settings.starttls);
  if (auto const fit = check(settings, *server, encrypted, connection.place()); !fit) return fit.error();

  auto const connect_end = std::min(end, std::chrono::steady_clock::now() + settings.timeouts.connect);
  std::optional<Ticket> ticket;
  if (settings.bind.method == Method::gssapi) {
    auto got = Ticket::get(settings.bind, server->host, connect_end, stop);
    if (!got) return within(connection.place() + ": " + kGssapi, got.error());
    ticket = std::move(*got);
  }
  if (auto const open = connection.connect(settings, *server, connect_end); !open) return open.error();
  if (auto const set = connection.set_options(settings, connect_end); !set) return set.error();
  if (encrypted) {
    if (auto const set = connection.set_tls_options(settings.tls); !set) return set.error();
    if (auto const started = connection.start_tls(settings.tls, !tls); !started) return started.error();
    connection.tell_certificate(settings.on_certificate);
  }
  connection.read_ahead();
  auto const bound = ticket ? bind_gssapi(connection, *ticket, encrypted, connection.place() + ": " + kGssapi)
                            : connection.bind(settings.bind);
  if (!bound) return bound.error();
  return connection;
}

/// The name stays the URI's: libldap compares it with the server's certificate, whatever address it had.
Result<Socket> Connection::connect_by_name(Settings const& settings, Server const& server,
                                           Instant connect_end) {
  auto const addresses = resolver_of(settings).addresses(server.host, static_cast<std::uint16_t>(server.port),
                                                         connect_end, *stop_);
  if (!addresses) return within("name look-up of " + server.host, addresses.error());
  return connect_to(*addresses, connect_end, idle_, *stop_);
}

Result<void> Connection::connect(Settings const& settings, Server const& server, Instant connect_end) {
  auto const local = server.transport == Transport::local;
  auto socket = local ? connect_to_path(server.host, connect_end, idle_, *stop_)
                      : connect_by_name(settings, server, connect_end);
  if (!socket)
    return Error{socket.error().code, place() + ": no connection: " + socket.error().context +
                                          "; check the URI, the network and that the server runs"};
  LDAP* raw = nullptr;
  auto const made =
      ldap_init_fd(socket->number(), local ? LDAP_PROTO_IPC : LDAP_PROTO_TCP, uri_.c_str(), &raw);
  if (made != LDAP_SUCCESS) return result_error(made, place(), "");
  socket->release();
  handle_.reset(raw);
  return {};
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

/// libldap by itself asks the kernel three times for each entry. Above TLS, where there is TLS.
void Connection::read_ahead() {
  Sockbuf* buffer = nullptr;
  ber_len_t size = 1U << 16;  // bytes
  if (ldap_get_option(handle(), LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS && buffer != nullptr)
    ber_sockbuf_add_io(buffer, &ber_sockbuf_io_readahead, LBER_SBIOD_LEVEL_APPLICATION, &size);
}

void Connection::watch() const {
  int socket = -1;
  ldap_get_option(handle(), LDAP_OPT_DESC, &socket);
  stop_->watch(socket);
}

void Connection::take_up(Settings const& settings, Stop& stop) {
  stop_ = &stop;
  end_ = std::chrono::steady_clock::now() + settings.timeouts.total;
  referrals_ = std::make_shared<Referrals>(settings, stop);
  answered_ = false;
  watch();
}

Result<void> Connection::bind(Bind const& bind) {
  auto const what = place() + ": bind ";
  if (bind.method == Method::external) return bind_external(*this, what + "by SASL EXTERNAL");
  auto const simple = bind.method == Method::simple;
  return bind_simply(simple ? bind : Bind{},
                     what + (simple ? "as \"" + printable(bind.dn) + "\"" : "as anonymous"));
}

Result<void> Connection::bind_simply(Bind const& bind, std::string const& what) {
  auto const password = bind.password.reveal();
  berval credentials{password.size(), const_cast<char*>(password.data())};  // libldap only reads it
  int id = 0;
  if (ldap_sasl_bind(handle(), bind.dn.c_str(), LDAP_SASL_SIMPLE, &credentials, nullptr, nullptr, &id) !=
      LDAP_SUCCESS)
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
  auto const left = left_until(end_);
  auto const wait = std::min(idle_, left);
  auto const too_late = [this, &what, wait] {
    return noted(
        result_error(LDAP_TIMEOUT, what + ": no answer within " + std::to_string(wait.count()) + " ms", ""));
  };
  // A server that never pauses would keep the poll below busy past the end.
  if (left.count() == 0) return too_late();
  auto limit = to_timeval(wait);
  LDAPMessage* raw = nullptr;
  auto const type = ldap_result(handle(), id, LDAP_MSG_ONE, &limit, &raw);
  MessagePtr message{raw};
  if (stop_->requested()) return Error{LdapErrc::cancelled, what + ": stopped"};
  if (type == 0) return too_late();
  if (type < 0 || !message) return noted(last_error(what));
  answered_ = true;
  return message;
}

Error Connection::noted(Error error) const {
  if (memory_ && answered_ && error.code == Failure::transient)
    memory_->failed(uri_, error.context, std::chrono::steady_clock::now());
  return error;
}

Error Connection::last_error(std::string const& what) const {
  if (stop_->requested()) return {LdapErrc::cancelled, what + ": stopped"};
  int result = LDAP_OTHER;
  ldap_get_option(handle(), LDAP_OPT_RESULT_CODE, &result);
  char* words = nullptr;
  ldap_get_option(handle(), LDAP_OPT_DIAGNOSTIC_MESSAGE, &words);
  TextPtr const owned{words};
  return result_error(result, what, reason_in(words));
}

}  // namespace dirsync::ldap
