#pragma once
#include <vector>

#include "sync/model/strong.hpp"

namespace dirsync {

/// A person who is several entries has all their ids, ordered, with '+' between them; so a grant remembers
/// whom it was made for when one of the entries, or what joins them, is no longer seen.
EntryId joined_id(std::vector<EntryId> ids);
/// The ids of the entries; of a plain id, itself.
std::vector<EntryId> parts_of(EntryId const& id);

}  // namespace dirsync
