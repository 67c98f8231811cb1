#include "sync/plan/diff/hands_off.hpp"

#include <algorithm>
#include <optional>

#include "sync/model/text.hpp"
#include "sync/model/unseen_character.hpp"

namespace dirsync::plan {
namespace {

/// `one`: a user or a group of the target that is left alone.
std::string why_left_alone(auto const& one) {
  auto const is = one.left_alone == LeftAlone::is_protected ? " is protected: " : " is left alone: ";
  return one.name + is + one.protected_because;
}

std::optional<Notice> protected_user(WritableGroup const& group, TargetUser const& user) {
  if (user.protected_because.empty()) return std::nullopt;
  return Notice{.code = to_text(user.left_alone),
                .group = group.name(),
                .principal = user.name,
                .text = why_left_alone(user)};
}

/// A name that no call can carry. `refuse`: of the traits; may be null.
std::optional<Notice> unaddressable(std::string (*refuse)(std::string_view), WritableGroup const& group,
                                    std::string const& name) {
  if (refuse == nullptr) return std::nullopt;
  auto refusal = refuse(name);
  if (refusal.empty()) return std::nullopt;
  return Notice{
      .code = "unaddressable", .group = group.name(), .principal = name, .text = std::move(refusal)};
}

/// Calls name a member, so another user or group of the same name could be meant.
std::optional<Notice> second_bearer(TargetIndex const& index, TargetTraits const& traits,
                                    WritableGroup const& group, std::string const& name) {
  if (!traits.members_by_name || index.bearers(name) == 1) return std::nullopt;
  return Notice{.code = "ambiguous",
                .group = group.name(),
                .principal = name,
                .text = "another user or group of the target has the name " + name +
                        " as well, and calls name members; rename one of them"};
}

/// A call that removes the user must not mean another member of the group.
std::optional<Notice> second_member(TargetTraits const& traits, WritableGroup const& group,
                                    std::string const& name) {
  if (!traits.members_by_name) return std::nullopt;
  auto const has_the_name = [folded = fold_case(name)](OtherMember const& other) {
    return fold_case(other.name) == folded;
  };
  if (std::ranges::none_of(group.read().others, has_the_name)) return std::nullopt;
  return Notice{.code = "ambiguous",
                .group = group.name(),
                .principal = name,
                .text = "another member of " + group.name() + " has the name " + name +
                        " as well, and calls name members; take the user out by hand, or rename one of them"};
}

/// Somebody who would bear that name in the target; empty: nobody.
std::string dn_of_bearer(std::span<NamedPeople const> people, std::string const& name) {
  for (auto const& named : people)
    if (auto const found = named.names->bearers.find(fold_case(name)); found != named.names->bearers.end())
      return std::string{named.view->snapshot->people()[found->second.front()].dn};
  return {};
}

/// Where calls name members, users and groups share their names. Whoever is named like a group could never be
/// taken in, and never given anything.
std::string namesake_of_a_group(TargetIndex const& index, std::span<NamedPeople const> people,
                                std::string const& name) {
  constexpr char kRemedy[] = "; let group_name give it another name, such as one with a prefix";
  if (index.users().bearers(fold_case(name)) > 0)
    return "the group " + name + " would have the name of a user of the target" + kRemedy;
  if (auto const person = dn_of_bearer(people, name); !person.empty())
    return "the group " + name + " would have the name of " + person +
           ", who could then never be a user of the target" + kRemedy;
  return {};
}

/// The target looks an LDAP group up by its name, and would take in a person of that name instead.
std::string namesake_of_an_ldap_group(TargetIndex const& index, std::span<NamedPeople const> people,
                                      std::string const& name) {
  constexpr char kRemedy[] = "; rename the LDAP group, or add it to the target by hand";
  if (index.users().bearers(fold_case(name)) > 0)
    return "the target has a user of the name of the LDAP group " + name +
           ", and would take that user instead" + kRemedy;
  for (auto const* group : index.groups_spelt_like(name))
    // What has become of a Directory group at another DN is the target's own affair.
    if (!group->directory_group)
      return "the target has a group " + group->name +
             " of its own, so that it cannot make one for the LDAP group " + name + kRemedy;
  if (auto const person = dn_of_bearer(people, name); !person.empty())
    return person + " has the name of the LDAP group " + name +
           ", and the target could take in that person instead" + kRemedy;
  return {};
}

}  // namespace

OrNotice<WritableGroup> HandsOff::group(TargetGroup const& group) const {
  if (group.directory_group)
    return Notice{
        .code = "directory-group",
        .group = group.name,
        .principal = "",
        .text = group.name +
                " is a Directory group; its members are decided by LDAP itself. Nothing is written to it"};
  if (!group.protected_because.empty())
    return Notice{.code = to_text(group.left_alone),
                  .group = group.name,
                  .principal = "",
                  .text = why_left_alone(group)};
  return WritableGroup{group};
}

OrNotice<WritableGroup> HandsOff::group_of_rule(TargetGroup const& group, Rule const& rule) const {
  auto writable = this->group(group);
  if (!writable || rule.adopt || index_.managed(group.id) != nullptr) return writable;
  return Notice{.code = "not-ours",
                .group = group.name,
                .principal = "",
                .text = "exists, not ours: " + group.name +
                        " was not made by dirsyncd; set adopt = true in rule " + rule.name +
                        " to take it over"};
}

OrNotice<NewName> HandsOff::new_name(std::string const& name, std::set<std::string> const& taken,
                                     TargetGroup const* renamed) const {
  for (auto const* twin : index_.groups_spelt_like(name))
    if (twin->id.empty())
      return Notice{.code = to_text(twin->left_alone),
                    .group = name,
                    .principal = "",
                    .text = "the target has the name already: " + why_left_alone(*twin)};
    else if (twin != renamed)
      return Notice{
          .code = "case-differs",
          .group = name,
          .principal = "",
          .text = "the target has " + twin->name + ", which differs only by case; rename one of them"};
  if (taken.contains(fold_case(name)))
    return Notice{.code = "case-differs",
                  .group = name,
                  .principal = "",
                  .text = "the rules give another group whose name differs only by case; rename one of them"};
  if (target_.traits.refuse_group_name)
    if (auto refusal = target_.traits.refuse_group_name(name); !refusal.empty())
      return Notice{.code = "refused-name", .group = name, .principal = "", .text = std::move(refusal)};
  if (target_.traits.members_by_name)
    if (auto clash = namesake_of_a_group(index_, people_, name); !clash.empty())
      return Notice{.code = "refused-name", .group = name, .principal = "", .text = std::move(clash)};
  return NewName{name};
}

OrNotice<WritableMember> HandsOff::user_to_add(WritableGroup const& group, TargetUser const& user) const {
  if (auto refusal = protected_user(group, user)) return *std::move(refusal);
  if (auto refusal = unaddressable(target_.traits.refuse_addition, group, user.name))
    return *std::move(refusal);
  if (auto refusal = second_bearer(index_, target_.traits, group, user.name)) return *std::move(refusal);
  return WritableMember{group, user};
}

OrNotice<WritableMember> HandsOff::group_to_add(WritableGroup const& group, TargetGroup const& member) const {
  if (auto refusal = unaddressable(target_.traits.refuse_addition, group, member.name))
    return *std::move(refusal);
  if (auto refusal = second_bearer(index_, target_.traits, group, member.name)) return *std::move(refusal);
  return WritableMember{group, member.name, group_principal_id(member.id)};
}

OrNotice<WritableMember> HandsOff::newcomer(WritableGroup const& group, std::string name,
                                            std::string id) const {
  if (auto refusal = unaddressable(target_.traits.refuse_addition, group, name)) return *std::move(refusal);
  // The target makes an object of the name.
  if (auto const unseen = unseen_character_in(name); !unseen.empty())
    return Notice{
        .code = "refused-name",
        .group = group.name(),
        .principal = name,
        .text = "the name " + printable(name) + " holds " + unseen +
                ", which cannot be seen, so that nothing is made of it; correct it in the directory"};
  if (target_.traits.members_by_name && id == kGroupPrincipal)
    if (auto clash = namesake_of_an_ldap_group(index_, people_, name); !clash.empty())
      return Notice{
          .code = "refused-name", .group = group.name(), .principal = name, .text = std::move(clash)};
  // The target would refuse to make a second object of the name. What it calls a group is its own affair.
  if (target_.traits.members_by_name && id.empty() && index_.bearers(name) > 0)
    return Notice{.code = "refused-name",
                  .group = group.name(),
                  .principal = name,
                  .text = "the target already has a user or group of the name " + name +
                          ", so that it cannot make a user of that name; rename the one there, or give the "
                          "person another logon name"};
  return WritableMember{group, std::move(name), std::move(id)};
}

OrNotice<WritableMember> HandsOff::user_to_remove(WritableGroup const& group, TargetUser const& user) const {
  if (auto refusal = protected_user(group, user)) return *std::move(refusal);
  if (auto refusal = unaddressable(target_.traits.refuse_removal, group, user.name))
    return *std::move(refusal);
  if (auto refusal = second_member(target_.traits, group, user.name)) return *std::move(refusal);
  return WritableMember{group, user};
}

OrNotice<WritableMember> HandsOff::group_to_remove(WritableGroup const& group,
                                                   OtherMember const& member) const {
  if (auto refusal = unaddressable(target_.traits.refuse_removal, group, member.name))
    return *std::move(refusal);
  auto const* const listed = index_.group_of(member);
  if (listed == nullptr)
    return Notice{.code = "ambiguous",
                  .group = group.name(),
                  .principal = member.name,
                  .text = "the target does not list the group " + member.name +
                          " any more, so nobody can tell whom a call would mean; take it out by hand"};
  if (auto refusal = second_bearer(index_, target_.traits, group, listed->name)) return *std::move(refusal);
  return WritableMember{group, member.name, group_principal_id(member.id)};
}

}  // namespace dirsync::plan
