#pragma once
// Since when the directory says what a change follows from; for figures, and for nothing else.
#include <optional>
#include <span>

#include "sync/plan/diff/context.hpp"

namespace dirsync::plan {

/// When the last of these entries was changed, as far as their servers tell; nothing: of none.
std::optional<Time> last_change(std::span<PersonRef const> entries);
/// Of somebody whose entries are all disabled. One that has expired says so since its end, which may have
/// been set long before.
std::optional<Time> disabled_since(std::span<PersonRef const> entries);
/// When feeds saw the last of that person's entries deleted; nothing: they did not.
std::optional<Time> deleted_since(Facts const& facts, EntryId const& person);
/// When the last of the groups that feed that group was changed, nested ones among them.
std::optional<Time> last_change_of_sources(DesiredGroup const& group);
/// The same of the person, and of the groups on the way down to them.
std::optional<Time> named_since(DesiredGroup const& group, DesiredMember const& member);

}  // namespace dirsync::plan
