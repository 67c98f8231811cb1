#include "sync/plan/diff/foreign.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/diff/change_time.hpp"
#include "sync/plan/diff/removals.hpp"

namespace dirsync::plan {
namespace {

struct Foreigner {
  SourceTree const* tree = nullptr;  // null: of none of the rules' directories
  std::optional<PersonRef> person;
};

Foreigner find_foreigner(Context const& context, DesiredGroup const& desired, TargetUser const& user) {
  auto const by_dn = context.target.traits.matches_by_dn;
  auto const dn = by_dn && user.source == UserSource::directory && !user.dn.empty() ? normalized_dn(user.dn)
                                                                                    : std::nullopt;
  for (auto const& tree : desired.trees) {
    auto const ref = [&tree](std::optional<PersonIndex> person) {
      return person ? std::optional{PersonRef{tree.people, *person}} : std::nullopt;
    };
    if (by_dn) {
      if (dn && is_below(*dn, tree.people->normalized_base))
        return {&tree, ref(tree.people->snapshot->person_by_dn(*dn))};
      continue;
    }
    auto const bearers = tree.names->bearers.find(fold_case(user.name));
    if (bearers != tree.names->bearers.end() && bearers->second.size() == 1)
      return {&tree, ref(bearers->second.front())};
  }
  return {};
}

bool may_be_unclear(Wanted const& wanted, std::string const& name) {
  auto const folded = fold_case(name);
  return wanted.unclear_names.contains(folded) ||
         wanted.unclear_names.contains(folded.substr(0, folded.find('@')));
}

void remove_foreigner(Context const& context, DesiredGroup const& desired, WritableMember const& member,
                      GroupDoubts const& doubts, TargetUser const& known, Foreigner const& foreigner,
                      GroupDraft& draft) {
  auto const& [tree, person] = foreigner;
  auto const account = person ? why_disabled(context, desired, *person) : Disabled{};
  auto const disabled = account.is_so();
  Drafted drafted;
  drafted.cause = account.only_locked ? Cause::locked : disabled ? Cause::disabled : Cause::foreign;
  drafted.directory = tree->people->name;
  auto& change = drafted.change;
  change = member_change(context, Verb::remove, member, tree->rule->name);
  if (disabled && !account.only_locked) change.phase = Phase::revocation;
  change.path = source_names(desired);
  change.dn = person ? std::string{person->entry().dn} : known.dn;
  if (person) change.id = person->entry().id;
  if (disabled) change.changed_at = disabled_since({&*person, 1});
  change.why = "a foreign member, in none of " + source_names(desired) + "; foreign_members = \"remove\"";
  if (!disabled) {
    drafted.absence_key = membership_key(context.target.name, member.group().id(), known.name);
    // Nobody who was read bears that DN, or nobody can tell whether a group means them: absent, like any
    // other who is no longer found.
    auto const doubt =
        person ? doubt_about(context, desired, doubts, std::span{&*person, 1}, known.dn) : std::string{};
    auto const certain = person && doubt.empty();
    change.unconfirmed =
        !certain && !count_doubt(context, doubts, drafted.directory, *drafted.absence_key).confirmed;
    if (change.unconfirmed && !doubt.empty()) change.why += "; " + doubt;
    wait_for_lost_groups(context, desired, doubts, change, draft.holds);
  }
  draft.changes.push_back(std::move(drafted));
}

}  // namespace

Disabled why_disabled(Context const& context, DesiredGroup const& desired, PersonRef const& person) {
  auto const check = [&context](PersonRef const& ref) -> Disabled {
    if (!context.desired.accounts.at(ref.view->name).disabled[ref.person]) return {};
    auto const account = why_blocked(*ref.view, ref.person);
    return {std::string{ref.entry().dn} + " " + account.text, account.state == AccountState::locked};
  };
  if (auto here = check(person); here.is_so()) return here;
  for (auto const& tree : desired.trees) {
    auto const other = tree.bridge != nullptr && tree.people == person.view ? tree.bridge->back(person.person)
                                                                            : std::nullopt;
    if (!other) continue;
    if (auto there = check({tree.directory, *other}); there.is_so()) return there;
  }
  return {};
}

GroupDraft foreign_member(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                          Wanted const& wanted, GroupDoubts const& doubts, std::uint32_t user) {
  GroupDraft draft;
  auto const policy = desired.rule().foreign_members;
  if (policy == ForeignMembers::keep) return draft;
  auto const& known = context.user(user);
  auto const report = [&draft, &group, &known](std::string text) {
    draft.notices.push_back(
        {.code = "foreign", .group = group.name(), .principal = known.name, .text = std::move(text)});
    return std::move(draft);
  };
  if (policy == ForeignMembers::report) return report("a member that dirsyncd did not put there; kept");
  if (!known.protected_because.empty()) return report("protected: " + known.protected_because + "; kept");
  auto const foreigner = find_foreigner(context, desired, known);
  if (foreigner.tree == nullptr) return report("not a person of the rule's directory; kept");
  auto const is_unclear = foreigner.person && wanted.unclear.contains(foreigner.person->entry().id.value());
  if (is_unclear || may_be_unclear(wanted, known.name))
    return report("may be a wanted person who is set aside; kept");
  if (foreigner.person && wanted.entries.contains(foreigner.person->entry().id.value())) return draft;
  auto const member = context.hands_off.user_to_remove(group, known);
  if (member)
    remove_foreigner(context, desired, *member, doubts, known, foreigner, draft);
  else
    draft.notices.push_back(member.error());
  return draft;
}

std::vector<Notice> foreign_others(DesiredGroup const& desired, WritableGroup const& group,
                                   Granted const& granted, std::set<OtherMember const*> const& wanted) {
  std::vector<Notice> notices;
  if (desired.rule().foreign_members == ForeignMembers::keep) return notices;
  for (auto const& other : group.read().others) {
    if (wanted.contains(&other) || granted.find(other) != nullptr) continue;
    auto const is_group = other.kind == OtherMember::Kind::group;
    notices.push_back({.code = "foreign",
                       .group = group.name(),
                       .principal = other.name,
                       .text = is_group ? "a nested group that dirsyncd did not put there; kept"
                                        : "a member that is no known user or group; kept"});
  }
  return notices;
}

}  // namespace dirsync::plan
