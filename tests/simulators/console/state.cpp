#include "tests/simulators/console/state.hpp"

#include <cstdio>

namespace dirsync::sim::console {
namespace {

// Spreads neighbouring numbers, so that ids come in no order, as real ones do.
std::uint64_t scramble(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

}  // namespace

std::string State::new_id() {
  auto const number = ++ids_given;
  auto const high = scramble(number);
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(high >> 32U),
                static_cast<unsigned>(high >> 16U & 0xffffU), static_cast<unsigned>(high >> 4U & 0xfffU),
                static_cast<unsigned>(high & 0xfffU), static_cast<unsigned long long>(number));
  return text;
}

User const* State::user(std::string_view id) const {
  auto const known = [this, id]() -> User const* {
    auto const hint = places.find(std::string{id});
    auto const is_there = hint != places.end() && hint->second < users.size() && users[hint->second].id == id;
    return is_there ? &users[hint->second] : nullptr;
  };
  if (auto const* const user = known()) return user;
  places.clear();
  for (std::size_t at = 0; at < users.size(); ++at) places.emplace(users[at].id, at);
  return known();
}

std::vector<std::string> State::lineage(std::string const& org) const {
  std::vector<std::string> ids;
  for (auto const* at = find(organizations, org); at;
       at = at->parent ? find(organizations, *at->parent) : nullptr)
    ids.push_back(at->id);
  return ids;
}

bool State::within(std::string const& org, std::string const& top) const {
  return contains(lineage(org), top);
}

bool State::has_members(std::string const& group) const {
  return std::ranges::any_of(users, [&group](User const& user) { return contains(user.groups, group); });
}

void State::erase_group(std::string const& id) {
  for (auto& user : users) std::erase(user.groups, id);
  std::erase_if(groups, [&id](Group const& group) { return group.id == id; });
}

std::vector<std::string> State::permissions_of(User const& user) const {
  auto role_ids = user.roles;
  for (auto const& id : user.groups)
    if (auto const* group = find(groups, id))
      role_ids.insert(role_ids.end(), group->roles.begin(), group->roles.end());
  std::vector<std::string> names;
  for (auto const& id : role_ids)
    if (auto const* role = find(roles, id))
      names.insert(names.end(), role->permissions.begin(), role->permissions.end());
  return names;
}

}  // namespace dirsync::sim::console
