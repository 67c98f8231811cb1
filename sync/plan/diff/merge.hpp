#pragma once
// One draft of all parts: ordered, counted, numbered.
#include "sync/plan/absence_book.hpp"
#include "sync/plan/diff/group_draft.hpp"

namespace dirsync::plan {

/// `parts`: by target. Many departures in one run are confirmed here, since only here they can be counted.
Draft merge(Input const& input, std::map<std::string, std::vector<GroupDraft>> parts, AbsenceBook& book);

}  // namespace dirsync::plan
