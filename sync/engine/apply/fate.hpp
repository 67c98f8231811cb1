#pragma once
#include <optional>
#include <string>

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

/// Whether `group`, as read after the call (null: it is not there), shows that the change was made. Of a
/// rename whose new name nobody remembers any other name than the old one will do.
bool has_happened(Change const& change, TargetGroup const* group, Observed const& observed);

/// What a complete read says of a change whose fate is not known: done or failed.
Outcome fate_by_read(Change const& change, Observed const& observed, TargetTraits const& traits);

/// The group that a change is about: by id, else by name; null when there is none. A Directory group is never
/// meant by a name.
TargetGroup const* find_group(Observed const& observed, TargetTraits const& traits, Change const& change);

}  // namespace dirsync::engine
