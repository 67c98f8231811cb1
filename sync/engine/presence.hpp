#pragma once
#include "sync/model/change.hpp"
#include "sync/model/observed.hpp"
#include "sync/model/target_traits.hpp"

namespace dirsync::engine {

/// True when `group` holds the principal of a membership change: by the target's id, by name, or, for a user
/// whom the target provisioned under a name of its own, by the person's DN.
bool holds_member(TargetGroup const& group, Observed const& observed, Change const& change);

/// Whether `group`, as read after the call (null: it is not there), shows that the change was made.
/// `new_name`: of a rename; empty when nobody remembers it, then any other name than the old one will do.
bool has_happened(Change const& change, std::string const& new_name, TargetGroup const* group,
                  Observed const& observed);

/// What a complete read says of a change whose fate is not known: done or failed.
Outcome fate_by_read(Change const& change, Observed const& observed, TargetTraits const& traits);

/// The group that a change is about: by id, else by name; null when there is none.
TargetGroup const* find_group(Observed const& observed, TargetTraits const& traits, Change const& change);

}  // namespace dirsync::engine
