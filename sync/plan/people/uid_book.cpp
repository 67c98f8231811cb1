#include "sync/plan/people/uid_book.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"

namespace dirsync::plan {

UidBook::UidBook(Snapshot const& snapshot) {
  for (GroupIndex group = 0; group < snapshot.groups().size(); ++group)
    for (auto const value : snapshot.members(group).unresolved)
      if (!normalized_dn(without_optional_uid(value))) shared_.try_emplace(value);
  if (shared_.empty()) return;
  for (PersonIndex person = 0; person < snapshot.people().size(); ++person)
    for (auto const uid : snapshot.people()[person].values("uid")) {
      auto const known = shared_.find(uid);
      if (known == shared_.end()) continue;
      auto& bearers = known->second;
      if (bearers.empty() || bearers.back() != person) bearers.push_back(person);
    }
  std::erase_if(shared_, [](auto const& one) { return one.second.size() < 2; });
}

std::span<PersonIndex const> UidBook::bearers(std::string_view value) const {
  auto const found = shared_.find(value);
  return found == shared_.end() ? std::span<PersonIndex const>{} : found->second;
}

}  // namespace dirsync::plan
