// TLS of a connection: what is verified, and the handshake.
#include <unistd.h>

#include <filesystem>
#include <string_view>

#include "ldap/connect/connection.hpp"
#include "ldap/connect/server.hpp"
#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kSystemCas[] = "/etc/ssl/certs/ca-certificates.crt";

/// "TLS1.3" (GnuTLS) or "TLSv1.3" (OpenSSL) is at least `least`, "1.2" or "1.3".
bool is_at_least(std::string_view version, std::string_view least) {
  return version.ends_with("1.3") || (least == "1.2" && version.ends_with("1.2"));
}

/// GnuTLS takes a folder that is not there for an empty one.
bool is_folder(std::string const& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) && access(path.c_str(), R_OK | X_OK) == 0;
}

}  // namespace

Result<void> Connection::set_tls_options(Tls const& tls) {
  int const verify = tls.verify ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER;
  int const least =
      tls.min_version == "1.3" ? LDAP_OPT_X_TLS_PROTOCOL_TLS1_3 : LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
  int const client = 0;
  auto const set = [this](int option, void const* value) {
    return ldap_set_option(handle(), option, value) == LDAP_OPT_SUCCESS;
  };
  auto const set_text = [&set](int option, std::string const& value) {
    return set(option, value.empty() ? nullptr : value.c_str());
  };
  auto const ca_file = tls.ca_file.empty() && tls.ca_dir.empty() ? kSystemCas : tls.ca_file;
  auto const done =
      set(LDAP_OPT_X_TLS_REQUIRE_CERT, &verify) && set(LDAP_OPT_X_TLS_PROTOCOL_MIN, &least) &&
      (tls.ca_dir.empty() || is_folder(tls.ca_dir)) && set_text(LDAP_OPT_X_TLS_CACERTFILE, ca_file) &&
      set_text(LDAP_OPT_X_TLS_CACERTDIR, tls.ca_dir) && set_text(LDAP_OPT_X_TLS_CERTFILE, tls.cert_file) &&
      set_text(LDAP_OPT_X_TLS_KEYFILE, tls.key_file) &&
      set(LDAP_OPT_X_TLS_NEWCTX, &client);  // the others take effect here, for this handle alone
  if (!done)
    return Error{LdapErrc::bad_setup, place() +
                                          ": the TLS settings cannot be used; check that tls.ca_file (" +
                                          printable(ca_file) + "), ca_dir (" + printable(tls.ca_dir) +
                                          "), cert_file and key_file exist, are readable and fit together"};
  return {};
}

/// libldap with GnuTLS takes LDAP_OPT_X_TLS_PROTOCOL_MIN and does nothing with it, and a priority string in
/// its place leaks memory with each connection. So the version is looked at before anything is sent.
Result<void> Connection::require_version(std::string const& least) const {
  char* raw = nullptr;
  TextPtr words;
  if (ldap_get_option(handle(), LDAP_OPT_X_TLS_VERSION, &raw) == LDAP_OPT_SUCCESS) words.reset(raw);
  std::string_view const version = words ? words.get() : "";
  if (is_at_least(version, least)) return {};
  return Error{LdapErrc::tls_failed, place() + ": TLS handshake: the server takes " +
                                         (version.empty() ? "no known version" : printable(version)) +
                                         ", tls.min_version is " + least +
                                         "; let the server use a newer one"};
}

/// DER; empty where it is not told. libldap shows the server's own certificate, and no other of its chain.
std::string Connection::peer_certificate() const {
  berval der{};
  if (ldap_get_option(handle(), LDAP_OPT_X_TLS_PEERCERT, &der) != LDAP_OPT_SUCCESS) return {};
  TextPtr const owned{der.bv_val};
  return der.bv_val == nullptr ? std::string{} : std::string{view(der)};
}

void Connection::tell_certificate(CertificateLog const& on_certificate) const {
  if (!on_certificate) return;
  auto certificate = parse_der_certificate(peer_certificate());
  if (!certificate) return;
  certificate->server = uri_;
  on_certificate(*certificate);
}

Result<std::string> Connection::shown_certificate(Settings const& settings, Stop& stop) {
  Connection connection{settings, stop, settings.uris.front()};
  auto const server = parse_server(connection.uri());
  if (!server || server->transport == Server::Transport::local)
    return Error{LdapErrc::bad_setup, connection.place() + ": there is no TLS; write ldaps:// or ldap://"};
  auto const end = std::chrono::steady_clock::now() + settings.timeouts.connect;
  connection.end_ = end;
  if (auto const open = connection.connect(settings, *server, end); !open) return open.error();
  if (auto const set = connection.set_options(settings, end); !set) return set.error();
  auto any = settings.tls;
  any.verify = false;
  if (auto const set = connection.set_tls_options(any); !set) return set.error();
  auto const needs_asking = server->transport == Server::Transport::plain;
  if (auto const started = connection.start_tls(any, needs_asking); !started) return started.error();
  return connection.peer_certificate();
}

Result<void> Connection::start_tls(Tls const& tls, bool first_ask) {
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
  if (result == LDAP_SUCCESS) return require_version(tls.min_version);
  auto error = last_error(place() + ": TLS handshake");
  if (error.code != LdapErrc::cancelled && error.code != LdapErrc::timed_out) {
    TextPtr words;
    char* raw = nullptr;
    if (ldap_get_option(handle(), LDAP_OPT_DIAGNOSTIC_MESSAGE, &raw) == LDAP_OPT_SUCCESS) words.reset(raw);
    auto const reason = reason_in(words.get());
    error = Error{LdapErrc::tls_failed,
                  place() + ": TLS handshake: " +
                      (reason.empty() ? "the TLS library gives no reason" : printable(reason)) +
                      "; check tls.ca_file, the server's certificate and that its name is the URI's host"};
  }
  return error;
}

}  // namespace dirsync::ldap
