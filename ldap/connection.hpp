#pragma once
#include <string>
#include <vector>

#include "ldap/handles.hpp"
#include "ldap/settings.hpp"
#include "ldap/socket.hpp"
#include "sync/model/error.hpp"

namespace dirsync::ldap {

/// A bound connection to one server of a directory. Every wait ends by itself: `idle` for an answer, the
/// attempt's `total` over all, `connect` for each server; and at once when `stop` is requested.
/// Thread: the directory's own.
class Connection {
 public:
  /// Tries the URIs in order. A refused bind ends it: the next server would only count another wrong
  /// password. Errors: LdapErrc; every server that was tried is named with its reason.
  static Result<Connection> open(Settings const& settings, Stop& stop);

  LDAP* handle() const noexcept { return handle_.get(); }
  std::string const& uri() const noexcept { return uri_; }
  /// Servers before this one in the list and why they were not used.
  std::vector<std::string> const& passed_over() const noexcept { return passed_over_; }

  /// The next message that answers request `id`. Errors: timed_out, cut, cancelled; `what` starts the
  /// context.
  Result<MessagePtr> next(int id, std::string const& what);
  /// The error that libldap holds for the call that just failed.
  Error last_error(std::string const& what) const;
  /// "directory corp, server ldaps://...".
  std::string place() const;

 private:
  Connection(Settings const& settings, Stop& stop, std::string uri);
  static Result<Connection> open_one(Settings const& settings, Stop& stop, std::string const& uri,
                                     Instant end);
  Result<void> set_options(Settings const& settings, Instant handshake_end);
  Result<void> set_tls_options(TlsSettings const& tls);
  Result<void> start_tls(bool first_ask);
  void read_ahead();
  Result<void> bind(Bind const& bind);
  /// The result code and words of a message without more in it.
  Result<void> require_success(LDAPMessage* message, std::string const& what);

  std::string directory_, uri_;
  std::vector<std::string> passed_over_;
  std::chrono::milliseconds idle_;
  Instant end_;
  Stop* stop_;
  LdapPtr handle_;
};

}  // namespace dirsync::ldap
