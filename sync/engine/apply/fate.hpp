#pragma once
// What a read says of a change: whether it was made.
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>

#include "sync/model/change.hpp"
#include "sync/model/observed.hpp"
#include "sync/model/target_traits.hpp"

namespace dirsync::engine {

/// As the target has them; `id` as in Change::principal_id.
struct Member {
  std::string name, id;
};

/// The member of `group` that a membership change is about: by the target's id, or, for a user or group that
/// the target provisioned under a name of its own, by DN. Nothing when it is not in the group.
std::optional<Member> find_member(TargetGroup const& group, Observed const& observed, Change const& change);
bool holds_member(TargetGroup const& group, Observed const& observed, Change const& change);

/// The members of one group for many questions: thousands of changes to one group need no pass over its
/// members each. Group and `observed` must outlive it.
class MemberIndex {
 public:
  MemberIndex(TargetGroup const& group, Observed const& observed);
  /// As holds_member().
  bool holds(Change const& change) const;

 private:
  TargetGroup const& group_;
  Observed const& observed_;
  std::unordered_set<std::string_view> ids_;  // of users and others
  std::set<std::string> nameless_;            // folded names of others whose id nobody told
};

/// Whether `group`, as read after the call (null: the target says that it does not exist), shows that the
/// change was made. Of a rename whose new name nobody remembers any other name than the old one will do.
/// False of an update: what it wrote is in no read.
bool has_happened(Change const& change, TargetGroup const* group, Observed const& observed);

/// The group that a change is about: by id, else by name; null when there is none. A Directory group is never
/// meant by a name.
TargetGroup const* find_group(Observed const& observed, TargetTraits const& traits, Change const& change);

}  // namespace dirsync::engine
