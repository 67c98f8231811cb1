#include "sync/plan/people/user_index.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {

UserIndex::UserIndex(Observed const& observed, bool by_dn) : observed_(observed) {
  for (std::uint32_t user = 0; user < observed.users.size(); ++user) {
    auto const& known = observed.users[user];
    auto const name = fold_case(known.name);
    if (!known.id.empty()) by_id_.emplace(known.id, user);
    by_name_[name].push_back(user);
    if (!by_dn) continue;
    if (auto const at = name.find('@'); at != std::string::npos)
      by_short_name_[name.substr(0, at)].push_back(user);
    if (auto const dn = known.dn.empty() ? std::nullopt : normalized_dn(known.dn))
      by_dn_[*dn].push_back(user);
  }
}

std::optional<std::uint32_t> UserIndex::bearer_of(Grant const& grant) const {
  if (is_group_principal(grant.principal_id)) return std::nullopt;
  auto const& id = grant.principal_id;
  auto const first = by_id_.find(id);
  if (first != by_id_.end() && observed_.users[first->second].left_alone != LeftAlone::damaged)
    return first->second;
  auto const named = by_name_.find(fold_case(grant.principal));
  if (named != by_name_.end()) {
    if (id.empty() && named->second.size() == 1) return named->second.front();
    // One whose id the target does not tell, or that it gives to several.
    auto const may_be = [this, &id](std::uint32_t user) {
      auto const& known = observed_.users[user];
      return known.left_alone == LeftAlone::damaged && (known.id == id || known.id.empty());
    };
    auto const found = std::ranges::find_if(named->second, may_be);
    if (found != named->second.end()) return *found;
  }
  return first == by_id_.end() ? std::nullopt : std::optional{first->second};
}

std::vector<std::uint32_t> UserIndex::named(std::string_view name) const {
  auto const folded = fold_case(name);
  std::vector<std::uint32_t> users;
  for (auto const* names : {&by_name_, &by_short_name_})
    if (auto const found = names->find(folded); found != names->end())
      users.insert(users.end(), found->second.begin(), found->second.end());
  return users;
}

std::size_t UserIndex::bearers(std::string const& folded) const {
  auto const found = by_name_.find(folded);
  return found == by_name_.end() ? 0 : found->second.size();
}

std::span<std::uint32_t const> UserIndex::with_dn(std::string const& normalized) const {
  auto const found = by_dn_.find(normalized);
  return found == by_dn_.end() ? std::span<std::uint32_t const>{} : found->second;
}

}  // namespace dirsync::plan
