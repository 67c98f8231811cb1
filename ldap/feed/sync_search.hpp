#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ldap/connect/connection.hpp"
#include "ldap/feed/event_batch.hpp"
#include "ldap/feed/fingerprints.hpp"
#include "ldap/feed/follower.hpp"
#include "ldap/feed/sync_messages.hpp"
#include "ldap/flavour.hpp"

namespace dirsync::ldap {

/// Where what a search tells goes to.
struct SyncSink {
  Fingerprints& fingerprints;
  EventBatch& batch;
};

/// The content synchronisation of one base: first the refresh, which brings what changed since a cookie, then
/// what changes from then on (RFC 4533, 3.4). A message at a time, none is kept. What the server does not
/// mention is never a deletion. `scope` must outlive it. Thread: that of the connection.
class SyncSearch {
 public:
  SyncSearch(FeedScope const& scope, Flavour flavour, std::string base)
      : scope_(scope), flavour_(flavour), base_(std::move(base)) {}

  /// `cookie`: the server's. Empty: all that is there is seen once, and the batch then says to look
  /// everywhere, `why`, for people. Errors: LdapErrc.
  Result<void> start(Connection& connection, std::string cookie, std::string why);
  /// A message that answers id(). A server that refuses the cookie is asked again without. Errors: LdapErrc;
  /// the search is over.
  Result<void> take(Connection& connection, LDAPMessage* message, SyncSink sink);

  int id() const noexcept { return id_; }
  bool refreshed() const noexcept { return refreshed_; }
  /// For all that was taken until now, once it is refreshed. Empty: the server gives none to go on from.
  std::string const& cookie() const noexcept { return cookie_; }

 private:
  Result<void> take_entry(Connection& connection, LDAPMessage* message, SyncSink sink);
  Result<void> take_content(Connection& connection, LDAPMessage* message, EntryId id, SyncSink sink);
  Result<void> take_info(Connection& connection, LDAPMessage* message, SyncSink sink);
  Result<void> take_result(Connection& connection, LDAPMessage* message, SyncSink sink);
  void take_deletion(EntryId id, std::string dn, SyncSink sink) const;
  void end_refresh(SyncSink sink);
  void note(std::optional<std::string> const& cookie);
  EntryId id_of(std::string_view uuid) const;
  bool is_fresh() const { return asked_.empty(); }
  std::string what(Connection const& connection) const;

  FeedScope const& scope_;
  Flavour flavour_;
  std::string base_;
  int id_ = 0;
  std::string asked_, cookie_;  // what it went on from; where it is
  std::string why_;
  bool refreshed_ = false;
  bool by_presence_ = false;  // the server says what is there instead of what was deleted
  bool brought_something_ = false;
};

}  // namespace dirsync::ldap
