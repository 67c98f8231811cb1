#include "tests/simulators/vault/state.hpp"

#include <algorithm>
#include <array>

#include "sync/model/text.hpp"

namespace dirsync::sim::vault {
std::string dn_key(std::string_view dn) {
  std::string key;
  bool space_waits = false;
  for (char const c : fold_case(dn)) {
    auto const separates = c == ',' || c == '=' || c == '+';
    if (c == ' ') {
      space_waits = !key.empty();
      continue;
    }
    auto const after_separator =
        !key.empty() && std::string_view{",=+"}.find(key.back()) != std::string_view::npos;
    if (space_waits && !separates && !after_separator) key.push_back(' ');
    space_waits = false;
    key.push_back(c);
  }
  return key;
}

bool is_predefined_group(std::string_view name) {
  constexpr std::array<std::string_view, 14> kNames = {
      "auditors",       "backup users", "dr users",  "notification engines", "operators",
      "psmappusers",    "psmmaster",    "psmusers",  "ptaappusers",          "pvwaappusers",
      "pvwagwaccounts", "pvwamonitor",  "pvwausers", "vault admins"};
  return std::ranges::find(kNames, fold_case(name)) != kNames.end();
}

bool is_below(std::string_view dn, std::string_view base) {
  auto const inner = dn_key(dn);
  auto const outer = dn_key(base);
  return inner == outer || inner.ends_with("," + outer);
}

User* State::user(Id id) {
  auto const found = users_.find(id);
  return found == users_.end() ? nullptr : &found->second;
}

Group* State::group(Id id) {
  auto const found = groups_.find(id);
  return found == groups_.end() ? nullptr : &found->second;
}

User* State::user_named(std::string_view name) {
  auto const found = user_names_.find(fold_case(name));
  return found == user_names_.end() ? nullptr : &users_.at(found->second);
}

Group* State::group_named(std::string_view name) {
  auto const [begin, end] = group_names_.equal_range(fold_case(name));
  if (begin == end) return nullptr;
  auto const by_id = [](auto const& left, auto const& right) { return left.second < right.second; };
  return &groups_.at(std::min_element(begin, end, by_id)->second);
}

bool State::group_name_taken(std::string_view name, std::string_view location) const {
  auto const [begin, end] = group_names_.equal_range(fold_case(name));
  return std::any_of(begin, end, [this, key = fold_case(location)](auto const& entry) {
    return fold_case(groups_.at(entry.second).location) == key;
  });
}

User const* State::user_with_dn(std::string_view dn) const {
  auto const key = dn_key(dn);
  for (auto const& [id, user] : users_)
    if (!user.user_dn.empty() && dn_key(user.user_dn) == key) return &user;
  return nullptr;
}

Group const* State::group_with_dn(std::string_view dn) const {
  auto const key = dn_key(dn);
  for (auto const& [id, group] : groups_)
    if (!group.dn.empty() && dn_key(group.dn) == key) return &group;
  return nullptr;
}

bool State::is_member(Id member, std::string_view name) const {
  auto const* const found = group_named(name);
  return found != nullptr && found->members.contains(member);
}

Directory const* State::directory(std::string_view domain_name) const {
  auto const key = fold_case(domain_name);
  auto const found = std::ranges::find_if(
      directories, [&key](Directory const& directory) { return fold_case(directory.domain_name) == key; });
  return found == directories.end() ? nullptr : &*found;
}

User& State::add(User user) {
  if (user.id == 0) user.id = next_id_;
  note_id(user.id);
  user_names_[fold_case(user.username)] = user.id;
  return users_[user.id] = std::move(user);
}

Group& State::add(Group group) {
  if (group.id == 0) group.id = next_id_;
  note_id(group.id);
  group_names_.emplace(fold_case(group.name), group.id);
  return groups_[group.id] = std::move(group);
}

void State::rename_group(Group& group, std::string name) {
  forget_name(group);
  group_names_.emplace(fold_case(name), group.id);
  group.name = std::move(name);
}

void State::forget_name(Group const& group) {
  std::erase_if(group_names_, [&group](auto const& entry) { return entry.second == group.id; });
}

void State::remove_user(Id id) {
  user_names_.erase(fold_case(users_.at(id).username));
  users_.erase(id);
  take_from_groups(id);
}

void State::remove_group(Id id) {
  forget_name(groups_.at(id));
  groups_.erase(id);
  take_from_groups(id);
}

void State::take_from_groups(Id id) {
  for (auto& [group_id, group] : groups_) group.members.erase(id);
}

}  // namespace dirsync::sim::vault
