#include "sync/plan/people/grant_index.hpp"

#include "sync/model/joined_id.hpp"

namespace dirsync::plan {
namespace {

std::optional<std::uint32_t> user_at(std::unordered_map<EntryId, std::uint32_t> const& users,
                                     EntryId const& id) {
  auto const found = users.find(id);
  return found == users.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace

GrantIndex::GrantIndex(Managed const& managed, GrantBinding const& binding) {
  for (auto const& grant : managed.grants) {
    // A person has many grants: most are answered here.
    if (by_entry_.contains(grant.id)) continue;
    auto const bound = binding.bind(grant);
    if (auto const successor = bound.anothers())
      for (auto& id : parts_of(grant.id)) successors_.emplace(std::move(id), *successor);
    if (auto const user = bound.theirs())
      for (auto& id : parts_of(grant.id))
        if (by_entry_.emplace(id, *user).second) by_user_[*user].push_back(std::move(id));
  }
}

std::optional<std::uint32_t> GrantIndex::user_of(EntryId const& id) const { return user_at(by_entry_, id); }

std::optional<std::uint32_t> GrantIndex::successor_of(EntryId const& id) const {
  return user_of(id) ? std::nullopt : user_at(successors_, id);
}

std::span<EntryId const> GrantIndex::entries_of(std::uint32_t user) const {
  auto const found = by_user_.find(user);
  return found == by_user_.end() ? std::span<EntryId const>{} : found->second;
}

}  // namespace dirsync::plan
