#pragma once
#include <chrono>
#include <string>

#include "ldap/connect/connection.hpp"

namespace dirsync::ldap {

/// What a server sends to all searches that are open on one connection. Waiting costs nothing: the thread
/// sleeps on the socket. Every wait ends at once when the connection's Stop is requested. `connection` must
/// outlive this. Thread: that of the connection. Errors: LdapErrc::timed_out, cut, cancelled; `what` starts
/// the context.
class SyncInbox {
 public:
  /// `idle`: within which a living server sends something when asked.
  SyncInbox(Connection& connection, std::chrono::milliseconds idle) : connection_(connection), idle_(idle) {}

  /// Of an answer that is due: it comes by `end` or it is an error.
  Result<MessagePtr> by(Instant end, std::string const& what);
  /// However long it takes. After each `idle` of silence, half a minute at most, the server is asked for its
  /// root DSE, so that one that is dead, or took the connection and does nothing, is an error another `idle`
  /// later.
  Result<MessagePtr> whenever(std::string const& what);
  /// Null when nothing is there now.
  Result<MessagePtr> at_once(std::string const& what);

 private:
  Result<MessagePtr> receive(std::chrono::milliseconds wait, std::string const& what);
  Result<void> ask_for_a_sign(std::string const& what);
  bool takes(LDAPMessage* message);

  Connection& connection_;
  std::chrono::milliseconds idle_;
  int asked_ = 0;  // the open question; 0: none
};

}  // namespace dirsync::ldap
