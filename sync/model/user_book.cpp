#include "sync/model/user_book.hpp"

#include <algorithm>
#include <functional>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

std::uint64_t hash_of_dn(std::string_view normalized) { return std::hash<std::string_view>{}(normalized); }
std::uint64_t hash_of_name(std::string_view name) { return std::hash<std::string>{}(fold_case(name)); }

}  // namespace

UserBook::UserBook(Observed const& observed) {
  names_.reserve(observed.users.size() + observed.groups.size());
  for (auto const& user : observed.users) {
    auto const name = hash_of_name(user.name);
    names_.push_back(name);
    auto const dn = user.dn.empty() ? std::nullopt : normalized_dn(user.dn);
    if (!dn) continue;
    users_.push_back({hash_of_dn(*dn), name, static_cast<std::uint32_t>(ids_.size())});
    ids_ += user.id;
    ids_ += '\0';
  }
  for (auto const& group : observed.groups) names_.push_back(hash_of_name(group.name));
  std::ranges::sort(names_);
  std::ranges::sort(users_, {}, &User::dn);
}

UserBook::User const* UserBook::only_bearer(std::string_view normalized) const {
  auto const bearers = std::ranges::equal_range(users_, hash_of_dn(normalized), {}, &User::dn);
  if (bearers.size() != 1) return nullptr;
  auto const& user = bearers.front();
  return std::ranges::equal_range(names_, user.name).size() == 1 ? &user : nullptr;
}

std::optional<std::string> UserBook::find(std::string_view normalized) const {
  auto const* const user = only_bearer(normalized);
  if (user == nullptr) return std::nullopt;
  std::string id{ids_.c_str() + user->id};
  return id.empty() ? std::nullopt : std::optional{std::move(id)};
}

bool UserBook::is_named_as_before(std::string_view normalized, std::string_view name) const {
  auto const* const user = only_bearer(normalized);
  return user != nullptr && user->name == hash_of_name(name);
}

}  // namespace dirsync
