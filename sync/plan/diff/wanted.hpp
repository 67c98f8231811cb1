#pragma once
// Whom the rules want in one target group, as members of the target.
#include <memory>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sync/plan/diff/context.hpp"

namespace dirsync::plan {

/// The matches of all who are wanted somewhere in one target, each made once.
class Matches {
 public:
  explicit Matches(Context const& context) : context_(context) {}
  /// Stays where it is while this lives.
  Match const& of(DesiredGroup const& group, DesiredMember const& member);
  /// Null: of() was never asked for the person under that name.
  Match const* known(NameBook const* names, PersonIndex person) const;

 private:
  using ByPerson = std::vector<std::unique_ptr<Match const>>;  // by PersonIndex
  Context const& context_;
  std::map<NameBook const*, ByPerson> by_names_;
};

struct WantedUser {
  std::uint32_t user;  // index of the target user
  DesiredMember const* member;
  MatchedBy by;            // how they are known to be that user
  bool is_shared = false;  // another wanted person fits that user as well: it is given nothing
};

struct Newcomer {
  DesiredMember const* member;
  Match const* match;
};

/// Ids of entries, as the snapshots have them.
using EntrySet = std::unordered_set<std::string_view>;
/// Whether any entry of the person with that id is in the set.
bool contains_any(EntrySet const& entries, EntryId const& person);

struct Wanted {
  std::vector<WantedUser> users;  // ascending by user, each once
  std::vector<Newcomer> newcomers;
  EntrySet entries;  // of all who are wanted, also of those who match nobody yet; as = "group": the sources
  EntrySet unclear;  // wanted, but nobody knows which user they are
  std::unordered_set<std::string> unclear_names;  // folded
  EntrySet behind;                                // as = "group": the people who come through the sources
  std::vector<Notice> notices;
  std::optional<Time> sources_changed;  // last_change_of_sources(), for those who leave

  DesiredMember const* find(std::uint32_t user) const;
};

Wanted wanted_in(Context const& context, DesiredGroup const& group, Matches& matches);

}  // namespace dirsync::plan
