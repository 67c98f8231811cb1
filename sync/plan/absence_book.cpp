#include "sync/plan/absence_book.hpp"

#include <utility>

namespace dirsync::plan {

int AbsenceBook::runs_before(std::string const& directory, AbsenceKey const& key) const {
  return runs_absent_before(facts_, directory, key);
}

Absence AbsenceBook::count(std::string const& directory, AbsenceKey const& key) {
  auto const runs = runs_before(directory, key) + 1;
  absent_[directory].insert(key);
  return {runs >= confirm_.reads, "not found in " + std::to_string(runs) + " of " +
                                      std::to_string(confirm_.reads) + " consecutive runs"};
}

void AbsenceBook::settle_by_approval(std::string const& directory, AbsenceKey const& key) {
  settled_by_approval_[directory].insert(key);
}

KnownEntry const* AbsenceBook::known_as_or_ask(std::string const& directory,
                                               std::string const& normalized_dn) {
  auto const* const known = known_as(facts_, directory, normalized_dn);
  if (known == nullptr) questions_.dns[directory].insert(normalized_dn);
  return known;
}

Questions AbsenceBook::questions() const {
  auto questions = questions_;
  if (std::cmp_greater(questions.gone.size(), confirm_.removals_above)) questions.gone.clear();
  return questions;
}

}  // namespace dirsync::plan
