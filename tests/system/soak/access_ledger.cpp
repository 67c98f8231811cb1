#include "tests/system/soak/access_ledger.hpp"

#include <algorithm>
#include <set>

namespace dirsync::test {

void AccessLedger::note(DirectoryContent const& content, std::string const& began, std::string const& ended) {
  for (auto const& [dn, group] : content.groups)
    if (group.cn.starts_with(prefix_)) ids_[group.cn.substr(prefix_.size())] = group.uuid;
  std::set<Key> inside;
  for (auto const& [group, members] : content.memberships(prefix_, name_))
    for (auto const& member : members) inside.insert({ids_.at(group), member});

  for (auto& [key, absences] : absences_) {
    auto const was_out = !absences.empty() && absences.back().to.empty();
    auto const is_out = !inside.contains(key);
    if (is_out && !was_out) absences.push_back({.from = began, .to = ""});
    if (!is_out && was_out) absences.back().to = ended;
  }
  for (auto const& key : inside) {
    auto const [known, is_new] = absences_.try_emplace(key);
    if (is_new) known->second.push_back({.from = "", .to = ended});
  }
}

bool AccessLedger::was_out(std::string const& group, std::string const& principal, std::string const& from,
                           std::string const& to) const {
  auto const id = ids_.find(group);
  if (id == ids_.end()) return true;
  auto const known = absences_.find({id->second, principal});
  if (known == absences_.end()) return true;
  return std::ranges::any_of(known->second, [&from, &to](Absence const& absence) {
    return absence.from <= to && (absence.to.empty() || absence.to >= from);
  });
}

}  // namespace dirsync::test
