#include "sync/plan/people/grant_index.hpp"

#include <algorithm>

#include "sync/model/joined_id.hpp"

namespace dirsync::plan {

GrantIndex::GrantIndex(Managed const& managed, GrantBinding const& binding) {
  for (auto const& grant : managed.grants) {
    // A person has many grants, nearly all for one user: most are answered here.
    auto const known = by_entry_.find(grant.id);
    if (known != by_entry_.end() && known->second.grant->principal_id == grant.principal_id &&
        known->second.grant->principal == grant.principal)
      continue;
    auto const bound = binding.bind(grant);
    if (auto const successor = bound.anothers())
      for (auto& id : parts_of(grant.id)) successors_.emplace(std::move(id), *successor);
    if (auto const user = bound.theirs())
      for (auto& id : parts_of(grant.id)) note(std::move(id), *user, grant);
  }
}

void GrantIndex::note(EntryId id, std::uint32_t user, Grant const& grant) {
  auto const [first, is_new] = by_entry_.try_emplace(id, First{user, &grant});
  if (!is_new) {
    if (first->second.user == user) return;
    auto& further = further_[id];
    if (std::ranges::find(further, user) != further.end()) return;
    further.push_back(user);
  }
  by_user_[user].push_back(std::move(id));
}

std::vector<std::uint32_t> GrantIndex::users_of(EntryId const& id) const {
  std::vector<std::uint32_t> users;
  auto const first = by_entry_.find(id);
  if (first == by_entry_.end()) return users;
  users.push_back(first->second.user);
  if (auto const further = further_.find(id); further != further_.end())
    users.insert(users.end(), further->second.begin(), further->second.end());
  return users;
}

std::optional<std::uint32_t> GrantIndex::successor_of(EntryId const& id) const {
  if (by_entry_.contains(id)) return std::nullopt;
  auto const found = successors_.find(id);
  return found == successors_.end() ? std::nullopt : std::optional{found->second};
}

std::span<EntryId const> GrantIndex::entries_of(std::uint32_t user) const {
  auto const found = by_user_.find(user);
  return found == by_user_.end() ? std::span<EntryId const>{} : found->second;
}

}  // namespace dirsync::plan
