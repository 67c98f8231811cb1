#include "sync/vault/read_checks.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "sync/model/join.hpp"
#include "sync/model/text.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/protection.hpp"

namespace dirsync::vault {

Error incomplete(std::string context) { return {VaultErrc::incomplete_read, std::move(context)}; }

namespace {

/// One that comes twice in one answer says that the list changed meanwhile. An id that two names bear is an
/// error of the Vault's own, and stands in every answer: both are set aside.
template <class Row>
Result<void> set_aside_twins(std::vector<Row>& rows, std::string const& list) {
  std::unordered_set<std::string_view> seen;
  std::map<std::string_view, std::vector<Row*>> twins;
  for (auto const& row : rows)
    if (!row.id.empty() && !seen.insert(row.id).second) twins.try_emplace(row.id);
  if (twins.empty()) return {};
  for (auto& row : rows)
    if (auto const found = twins.find(row.id); found != twins.end()) found->second.push_back(&row);
  for (auto const& [id, bearers] : twins) {
    std::set<std::string> names;
    for (auto const* row : bearers) names.insert(printable(row->name));
    if (names.size() < bearers.size())
      return incomplete(list + ": id " + std::string{id} + " (" + printable(bearers.front()->name) +
                        ") came twice in one answer; run again, and look at the PVWA server if it stays so");
    for (auto* row : bearers) {
      row->left_alone = LeftAlone::damaged;
      row->protected_because = "the Vault gives one id to " + join(names, " and ") +
                               "; look at them in the PrivateArk client, and report it to CyberArk";
    }
  }
  return {};
}

}  // namespace

Result<void> check_answer(std::vector<TargetUser>& users) { return set_aside_twins(users, "users list"); }

Result<void> check_answer(std::vector<TargetGroup>& groups) { return set_aside_twins(groups, "groups list"); }

Result<void> drop_repeated(std::vector<TargetGroup>& groups) {
  std::unordered_map<std::string, std::size_t> seen;
  std::vector<TargetGroup> kept;
  kept.reserve(groups.size());
  for (auto& group : groups) {
    auto const is_damaged = group.left_alone == LeftAlone::damaged;
    auto const [place, is_new] =
        seen.emplace(is_damaged ? group.id + '\n' + group.name : group.id, kept.size());
    if (is_new) {
      kept.push_back(std::move(group));
      continue;
    }
    auto const& first = kept[place->second];
    auto const same_members =
        std::ranges::equal(first.others, group.others,
                           [](auto const& a, auto const& b) { return a.id == b.id && a.name == b.name; });
    auto const same_group = first.name == group.name && first.dn == group.dn &&
                            first.protected_because == group.protected_because;
    if (!same_group || first.users != group.users || !same_members)
      return incomplete("groups list: id " + group.id + " (" + printable(group.name) +
                        ") came twice with different contents; the list changed while it was read");
  }
  groups = std::move(kept);
  return {};
}

void count_ambiguous_members_as_others(Observed& observed, UserIndex const& index) {
  std::set<std::uint32_t> ambiguous;
  for (auto const& group : observed.groups) {
    std::int64_t const id = std::atoll(group.id.c_str());
    auto const* const user = index.with_id(id);
    if (user != nullptr && index.is_named(*user, group.name)) ambiguous.insert(user->index);
  }
  if (ambiguous.empty()) return;
  for (auto& group : observed.groups)
    std::erase_if(group.users, [&ambiguous, &group, &observed](std::uint32_t user) {
      if (!ambiguous.contains(user)) return false;
      group.others.push_back(
          {observed.users[user].id, observed.users[user].name, OtherMember::Kind::unknown});
      return true;
    });
}

void protect(Observed& observed, Settings const& settings) {
  for (auto& user : observed.users)
    if (auto reason = why_user_is_protected(user.name, settings.user); !reason.empty())
      user.protected_because = std::move(reason);
  for (auto& group : observed.groups)
    if (auto reason = why_group_is_protected(group.name, settings.protected_groups); !reason.empty())
      group.protected_because = std::move(reason);
}

void classify_others(std::vector<TargetGroup>& groups, std::vector<TargetGroup> const& known) {
  std::unordered_map<std::string, std::string> names;  // folded, by id
  for (auto const& group : known) names.emplace(group.id, fold_case(group.name));
  for (auto& group : groups)
    for (auto& other : group.others) {
      auto const found = names.find(other.id);
      auto const is_group = found != names.end() && found->second == fold_case(other.name);
      other.kind = is_group ? OtherMember::Kind::group : OtherMember::Kind::unknown;
    }
}

}  // namespace dirsync::vault
