#pragma once
// What every stage of one target's diff reads.
#include "sync/plan/absence_book.hpp"
#include "sync/plan/desired/collision.hpp"
#include "sync/plan/diff/hands_off.hpp"
#include "sync/plan/diff/unresolved.hpp"
#include "sync/plan/people/user_match.hpp"

namespace dirsync::plan {

/// How many groups of one directory have a logon name; folded.
using LogonNames = std::unordered_map<std::string, std::size_t>;

/// Owns nothing. Const for the stages, but for the book in which they count and ask.
struct Context {
  Input const& input;
  TargetInput const& target;
  Desired const& desired;
  std::map<std::string, UnresolvedValues> const& unresolved;  // by directory, for every view
  std::map<std::string, LogonNames> const&
      logon_names;  // by directory, of those that LDAP groups are taken from
  TargetIndex const& index;
  HandsOff const& hands_off;
  MatchSources const& match;
  AbsenceBook& book;

  Identities const& identities() const { return *desired.identities; }
  TargetUser const& user(std::uint32_t number) const { return index.users()[number]; }
};

/// Null: no longer configured.
Rule const* rule_named(Input const& input, std::string const& name);
/// Whether some directory still shows that group.
bool source_is_there(Input const& input, EntryId const& source);

}  // namespace dirsync::plan
