#pragma once
// One entry of an answer to the DirSync control: its id, and those of its attributes that changed.
#include <string>
#include <vector>

#include "ldap/feed/event_batch.hpp"
#include "ldap/search/entry_reader.hpp"
#include "sync/model/error.hpp"

namespace dirsync::ldap {

/// What is asked for beside the attributes of interest, lower case.
std::vector<std::string> dirsync_attributes(std::vector<std::string> const& of_interest);

class DirsyncScope {
 public:
  /// DNs. One that does not parse holds nothing.
  explicit DirsyncScope(std::vector<std::string> const& bases);
  /// Adds what the entry tells: `changed` for one below the bases, and for one that was moved to another
  /// place and may have come from there; `deleted` for every one that is, as its tombstone does not lie below
  /// the bases; to look everywhere for an organizational unit with another name, as the names of all below it
  /// are others as well and nothing else tells so. Thread: that of the connection. Errors:
  /// LdapErrc::not_readable, bad_answer: the id.
  Result<void> tell(EntryReader& entry, EventBatch& batch) const;

 private:
  bool holds(std::string_view dn) const;
  std::vector<std::string> bases_;  // normalized
};

}  // namespace dirsync::ldap
