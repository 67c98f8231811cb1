#include "sync/plan/people/grant_index.hpp"

#include "sync/model/joined_id.hpp"

namespace dirsync::plan {

GrantIndex::GrantIndex(Managed const& managed, UserIndex const& users) {
  for (auto const& grant : managed.grants) {
    // A person has many grants: most are answered here.
    if (by_entry_.contains(grant.id)) continue;
    auto const user = users.user_of(grant);
    if (!user) continue;
    for (auto& id : parts_of(grant.id))
      if (by_entry_.emplace(id, *user).second) by_user_[*user].push_back(std::move(id));
  }
}

std::optional<std::uint32_t> GrantIndex::user_of(EntryId const& id) const {
  auto const found = by_entry_.find(id);
  return found == by_entry_.end() ? std::nullopt : std::optional{found->second};
}

std::span<EntryId const> GrantIndex::entries_of(std::uint32_t user) const {
  auto const found = by_user_.find(user);
  return found == by_user_.end() ? std::span<EntryId const>{} : found->second;
}

}  // namespace dirsync::plan
