#include "sync/plan/diff/target_index.hpp"

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {
namespace {

template <class Map>
auto all_at(Map const& map, std::string const& key) {
  auto const found = map.find(key);
  return found == map.end() ? std::span<typename Map::mapped_type::value_type const>{} : found->second;
}

template <class Map>
typename Map::mapped_type one_at(Map const& map, std::string const& key) {
  auto const found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

}  // namespace

TargetIndex::TargetIndex(TargetInput const& target)
    : folds_case_(target.traits.group_names_fold_case),
      users_(*target.observed, target.traits.matches_by_dn) {
  for (auto const& group : target.observed->groups) {
    by_folded_name_[fold_case(group.name)].push_back(&group);
    if (group.id.empty()) continue;  // which group of ours it is, nobody knows
    by_key_[group_key(folds_case_, group.name)].push_back(&group);
    by_id_.emplace(group.id, &group);
    if (auto const dn = group.directory_group ? normalized_dn(group.dn) : std::nullopt)
      directory_groups_[*dn].push_back(&group);
  }
  for (auto const& group : target.managed->groups) managed_.emplace(group.group_id, &group);
  for (auto const& grant : target.managed->grants) grants_[grant.group_id].push_back(&grant);
}

std::span<TargetGroup const* const> TargetIndex::groups_named(std::string_view name) const {
  return all_at(by_key_, group_key(folds_case_, name));
}

TargetGroup const* TargetIndex::group(std::string const& id) const { return one_at(by_id_, id); }

std::span<TargetGroup const* const> TargetIndex::directory_groups(std::string_view normalized) const {
  return all_at(directory_groups_, std::string{normalized});
}

TargetGroup const* TargetIndex::group_of(OtherMember const& member) const {
  return member.kind == OtherMember::Kind::group ? group(member.id) : nullptr;
}

ManagedGroup const* TargetIndex::managed(std::string const& group_id) const {
  return one_at(managed_, group_id);
}

bool TargetIndex::is_renamed(ManagedGroup const& managed) const {
  auto const* const have = group(managed.group_id);
  return have != nullptr && !have->name.empty() &&
         group_key(folds_case_, have->name) != group_key(folds_case_, managed.group);
}

bool TargetIndex::is_used_again(ManagedGroup const& managed) const {
  return is_renamed(managed) && !groups_named(managed.group).empty();
}

std::span<Grant const* const> TargetIndex::grants(std::string const& group_id) const {
  return all_at(grants_, group_id);
}

std::span<TargetGroup const* const> TargetIndex::groups_spelt_like(std::string_view name) const {
  return all_at(by_folded_name_, fold_case(name));
}

std::size_t TargetIndex::bearers(std::string_view name) const {
  return users_.bearers(fold_case(name)) + groups_spelt_like(name).size();
}

bool stands_for(TargetIndex const& index, OtherMember const& member, std::string_view normalized) {
  auto const* const group = index.group_of(member);
  return group != nullptr && group->directory_group && normalized_dn(group->dn) == normalized;
}

}  // namespace dirsync::plan
