#pragma once
// One draft of all parts: ordered, counted, numbered.
#include "sync/plan/absence_book.hpp"
#include "sync/plan/diff/group_draft.hpp"

namespace dirsync::plan {

/// As a plan has them: by phase, then by name. The pointers are into `drafted`.
std::vector<Drafted*> in_order(std::vector<Drafted>& drafted);

/// Counts what is to be sent in the figures of its groups, all of which must be among `groups`.
void count_changes(std::vector<Drafted> const& drafted, std::vector<GroupFigures>& groups);

/// `parts`: by target. Many departures in one run are confirmed here, since only here they can be counted.
Draft merge(Input const& input, std::map<std::string, std::vector<GroupDraft>> parts, AbsenceBook& book);

}  // namespace dirsync::plan
