#pragma once
#include <string>

#include "ldap/connect/connection.hpp"
#include "ldap/feed/waiting.hpp"

namespace dirsync::ldap {

/// A search that the server leaves open and answers whenever an entry changes: LDAP_SERVER_NOTIFICATION_OID
/// ([MS-ADTS] 3.1.1.3.4.1.9). It only wakes up, and where the server does not grant it the time does.
/// Thread: that of the connection.
class ChangeNotice {
 public:
  /// Asks for the whole of `base`, a naming context. The server may grant it or not. Errors: LdapErrc; the
  /// connection is gone.
  Result<void> ask(Connection& connection, std::string const& base);
  /// Waits until something changed and the next question is due, and half a minute at most; until it is due,
  /// where the server grants no notices. Errors: LdapErrc; the connection ended or was stopped.
  Result<void> wait(Connection& connection, Pace const& pace);
  /// False once the server has ended it.
  bool open() const noexcept { return open_; }

 private:
  bool open_ = false;
  int id_ = 0;
};

}  // namespace dirsync::ldap
