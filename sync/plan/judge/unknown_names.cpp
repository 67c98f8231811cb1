#include "sync/plan/judge/unknown_names.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

bool is_group(std::string const& folded, TargetInput const& target, Desired const& desired) {
  auto const is_it = [&folded](std::string const& name) { return fold_case(name) == folded; };
  auto const is_wanted = [&is_it](auto const& groups, auto name_of) {
    return std::ranges::any_of(groups, [&](auto const& item) { return is_it(name_of(item.second)); });
  };
  auto const wanted = desired.groups.find(target.name);
  auto const disputed = desired.disputed.find(target.name);
  return (wanted != desired.groups.end() &&
          is_wanted(wanted->second, [](DesiredGroup const& group) { return group.name; })) ||
         (disputed != desired.disputed.end() &&
          is_wanted(disputed->second, [](DisputedGroup const& one) { return one.group.name; })) ||
         std::ranges::any_of(target.observed->groups, is_it, &TargetGroup::name) ||
         std::ranges::any_of(target.managed->groups, is_it, &ManagedGroup::group);
}

/// As a cut compares them: by name, by DN, by id.
class AskedUser {
 public:
  explicit AskedUser(std::string const& user) : folded_(fold_case(user)), dn_(normalized_dn(user)) {}

  bool is_in(TargetInput const& target) const {
    auto const is_it = [this](TargetUser const& user) { return has_name(user.name) || has_dn(user.dn); };
    auto const has_grant = [this](Grant const& grant) {
      auto const parts = parts_of(grant.id);
      return has_name(grant.principal) || has_dn(grant.dn) ||
             std::ranges::any_of(parts, [this](EntryId const& id) { return has_name(id.value()); });
    };
    return std::ranges::any_of(target.observed->users, is_it) ||
           std::ranges::any_of(target.managed->grants, has_grant);
  }
  bool is_in(Snapshot const& snapshot) const {
    auto const has_id = [this](Entry const& entry) { return has_name(entry.id.value()); };
    return (dn_ && (snapshot.person_by_dn(*dn_) || snapshot.group_by_dn(*dn_))) ||
           std::ranges::any_of(snapshot.people(), has_id);
  }
  bool is_named_by(NameBook const& names) const { return names.bearers.contains(folded_); }

 private:
  bool has_name(std::string_view name) const { return fold_case(name) == folded_; }
  bool has_dn(std::string const& dn) const { return dn_ && !dn.empty() && normalized_dn(dn) == dn_; }

  std::string folded_;
  std::optional<std::string> dn_;
};

bool is_user(AskedUser const& user, Input const& input, Desired const& desired) {
  for (auto const& target : input.targets)
    if (user.is_in(target)) return true;
  for (auto const& [name, view] : input.views)
    if (user.is_in(*view.snapshot)) return true;
  for (auto const& [target, people] : desired.people)
    if (std::ranges::any_of(people, [&user](NamedPeople const& one) { return user.is_named_by(*one.names); }))
      return true;
  return false;
}

}  // namespace

std::vector<std::string> unknown_names(Cut const& cut, Input const& input, Desired const& desired) {
  std::vector<std::string> unknown;
  if (!input.unread_targets.empty() || !input.unread_directories.empty()) return unknown;
  auto const has_group = [&desired, folded = fold_case(cut.group)](TargetInput const& target) {
    return is_group(folded, target, desired);
  };
  if (!cut.group.empty() && std::ranges::none_of(input.targets, has_group))
    unknown.push_back("no rule gives a target group the name \"" + printable(cut.group) +
                      "\", and no target has one; give a group's name in the target, not in the directory");
  if (!cut.user.empty() && !is_user(AskedUser{cut.user}, input, desired))
    unknown.push_back("no target and no directory that was read has a user \"" + printable(cut.user) +
                      "\"; give the name in the target, the DN or the immutable id");
  return unknown;
}

}  // namespace dirsync::plan
