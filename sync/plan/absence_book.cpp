#include "sync/plan/absence_book.hpp"

#include <algorithm>

namespace dirsync::plan {

int AbsenceBook::runs_now(std::string const& directory, AbsenceKey const& key) const {
  return absent_with_this_run(facts_, confirm_, directory, key).runs;
}

Absence AbsenceBook::count(std::string const& directory, AbsenceKey const& key) {
  auto const runs = runs_now(directory, key);
  written_.absent[directory].insert(key);
  return {runs >= confirm_.reads, "not found in " + std::to_string(std::min(runs, confirm_.reads)) + " of " +
                                      std::to_string(confirm_.reads) + " consecutive runs"};
}

void AbsenceBook::settle_by_approval(std::string const& directory, AbsenceKey const& key) {
  written_.settled_by_approval[directory].insert(key);
}

KnownEntry const* AbsenceBook::known_as_or_ask(std::string const& directory,
                                               std::string const& normalized_dn) {
  auto const* const known = known_as(facts_, directory, normalized_dn);
  if (known == nullptr) written_.questions.dns[directory].insert(normalized_dn);
  return known;
}

MappingAnswer const* AbsenceBook::mapping_or_ask(std::string const& target, std::string const& domain) {
  auto const of_target = facts_.mappings.find(target);
  if (of_target != facts_.mappings.end())
    if (auto const found = of_target->second.find(domain); found != of_target->second.end())
      return &found->second;
  written_.questions.mappings[target].insert(domain);
  return nullptr;
}

}  // namespace dirsync::plan
