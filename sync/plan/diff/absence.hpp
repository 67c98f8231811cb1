#pragma once
// Whether entries that are no longer found count as gone (docs/architecture.md, "Absence").
#include "sync/plan/diff/context.hpp"

namespace dirsync::plan {

/// The entries of the person of a grant.
struct Whereabouts {
  std::vector<PersonRef> found;
  std::vector<EntryId> missing;  // named by the grant, and no longer found
  std::vector<EntryId> unread;   // the same, but a closer look found them: they are there
  std::vector<EntryId> unknown;  // the same, last seen in a directory that was not read now
  std::string directory;         // whose reads say so
};

/// Ids are unique over all directories: a group may be fed by several. `otherwise`: the rule that speaks for
/// a grant whose own is no longer configured.
Whereabouts find_person(Context const& context, Grant const& grant, Rule const& otherwise);

/// Of all entries that are missing: confirmed when each of them is.
Absence absence_of(Context const& context, Whereabouts const& person, Grant const& grant);

/// `directory`: where it is looked for unless the store knows better.
Absence absence_of_group(Context const& context, std::string const& directory, EntryId const& id);

}  // namespace dirsync::plan
