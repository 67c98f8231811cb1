#pragma once
#include <memory>
#include <string>

#include "ldap/connect/socket.hpp"
#include "ldap/settings.hpp"

namespace dirsync::ldap {

/// A Kerberos ticket for one LDAP server, and the credentials it was got with. What a keytab gives stays in
/// the memory of this object: directories with different keytabs do not meet in one process. Thread: one at a
/// time.
class Ticket {
 public:
  /// Ticket for "ldap@`host`" by `bind`'s keytab and principal, or by the environment's credentials.
  /// Source: RFC 2743; MIT krb5, "Credential store extensions".
  /// Errors: LdapErrc::connect_failed (no KDC answers), timed_out, cancelled, bad_setup (the KDC does not
  /// know the server), bind_refused (everything else); the context is the reason and its remedy alone.
  /// Blocks until `end` at the latest; libkrb5 itself works on a thread of its own (see timed_call).
  static Result<Ticket> get(Bind const& bind, std::string const& host, Instant end, Stop& stop);

  /// A gss_cred_id_t; valid while this lives.
  void* credentials() const;

 private:
  struct State;
  explicit Ticket(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace dirsync::ldap
