#pragma once
#include <set>
#include <string>

#include "store/store.hpp"

namespace dirsync::watch {

/// Whether a change of one of these entries may end somebody's access: it has a membership because of us, or
/// is being given one, or is a group, as of the last accepted read of the directory. Before the first one
/// nobody can tell people and groups apart, and any may. Of a store that cannot be read: no, its run will
/// find out. Thread: as the Store.
bool may_be_leavers(store::Store& store, std::string const& directory, std::set<EntryId> const& entries);

}  // namespace dirsync::watch
