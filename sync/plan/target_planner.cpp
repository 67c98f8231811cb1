#include "sync/plan/target_planner.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/group_work.hpp"

namespace dirsync::plan {

namespace {

std::uint32_t node_of(SourceTree const& tree, DesiredMember const& member) {
  return tree.bridge == nullptr ? member.way : tree.crossed[member.way].node;
}

/// "cn=a,... > uid=x,..."; with a bridge "cn=a,... > uid=x,... = uid=y,o=hr (employeeNumber 17)".
std::string path_of(DesiredGroup const& group, DesiredMember const& member) {
  auto const& tree = tree_of(group, member);
  auto const& snapshot = *tree.directory->snapshot;
  auto const& entry = entry_of(group, member);
  auto const down_to = [&tree, &snapshot, node = node_of(tree, member)](std::string_view end) {
    return path_text(snapshot, tree.nodes, node, end);
  };
  if (tree.bridge == nullptr) return down_to(entry.dn);
  auto const& crossed = tree.crossed[member.way];
  return (crossed.group_side ? down_to(snapshot.people()[*crossed.group_side].dn)
                             : down_to("memberUid " + std::string{crossed.uid})) +
         " = " + std::string{entry.dn} + " (" + tree.bridge->key_text(member.person) + ")";
}

std::string why_added(DesiredGroup const& group, DesiredMember const& member) {
  auto const& tree = tree_of(group, member);
  auto const source = std::string{tree.source().dn};
  auto const node = node_of(tree, member);
  if (node == 0) return "member of " + source;
  auto const& via = tree.directory->snapshot->groups()[tree.nodes[node].group];
  return "member of " + source + " through nested group " + std::string{via.dn};
}

std::vector<NamedPeople> const& people_of(Desired const& desired, std::string const& target) {
  static std::vector<NamedPeople> const nobody;
  auto const found = desired.people.find(target);
  return found == desired.people.end() ? nobody : found->second;
}

/// The member of a grant is still there, but the target shows no more of it than id or name: a membership
/// that nobody ended.
bool stands_unknown(TargetGroup const& have, Grant const& grant) {
  auto const is_it = [&grant, name = fold_case(grant.principal)](OtherMember const& other) {
    auto const same_name = fold_case(other.name) == name;
    if (other.id.empty() || grant.principal_id.empty()) return same_name;
    auto const same_id = other.id == grant.principal_id || group_principal_id(other.id) == grant.principal_id;
    // A known group may have the number of a user.
    return same_id && (same_name || other.kind == OtherMember::Kind::unknown);
  };
  return std::ranges::any_of(have.others, is_it);
}

std::vector<EntryId> source_ids(DesiredGroup const& group) {
  std::vector<EntryId> ids;
  for (auto const& tree : group.trees) ids.push_back(tree.source().id);
  std::ranges::sort(ids);
  return ids;
}

/// As an address book shows them; the name itself where the entry tells nothing else.
NewUser new_user_of(Entry const& entry, std::string const& name) {
  auto const first_of = [&entry, &name](std::initializer_list<char const*> attributes) {
    for (auto const* attribute : attributes)
      if (auto const values = entry.values(attribute); !values.empty()) return std::string{values.front()};
    return name;
  };
  return {first_of({"displayname", "cn"}), first_of({"mail"})};
}

}  // namespace

std::string source_names(DesiredGroup const& group) {
  std::string names;
  for (auto const& tree : group.trees) names += (names.empty() ? "" : ", ") + std::string{tree.source().dn};
  return names;
}

TargetPlanner::TargetPlanner(Input const& input, TargetInput const& target, Desired const& desired,
                             std::map<std::string, Dangling> const& dangling)
    : input_(input),
      target_(target),
      desired_(desired),
      dangling_(dangling),
      identities_(*desired.identities),
      matcher_(target.traits, *target.observed, *target.managed, input.facts, target.domains, identities_,
               people_of(desired, target.name)) {
  for (auto const& group : target.observed->groups) {
    by_key_[group_key(target.traits.group_names_fold_case, group.name)].push_back(&group);
    by_id_.emplace(group.id, &group);
    if (auto const dn = group.directory_group ? normalized_dn(group.dn) : std::nullopt)
      directory_groups_[*dn].push_back(&group);
  }
  for (auto const& group : target.managed->groups) managed_by_id_.emplace(group.group_id, &group);
  for (auto const& grant : target.managed->grants) grants_by_group_[grant.group_id].push_back(&grant);
}

void TargetPlanner::run() {
  if (auto const found = desired_.notices.find(target_.name); found != desired_.notices.end())
    notices.insert(found->second.begin(), found->second.end());
  // Rules disagree on these: they are nobody's orphans.
  if (auto const found = desired_.refused.find(target_.name); found != desired_.refused.end())
    for (auto const& key : found->second)
      if (auto const have = by_key_.find(key); have != by_key_.end())
        for (auto const* bearer : have->second) visited_.insert(bearer->id);
  if (auto const found = desired_.groups.find(target_.name); found != desired_.groups.end())
    for (auto const& [key, group] : found->second) plan_group(key, group);
  plan_orphans();
  check_directory_objects();
}

void TargetPlanner::notice(std::string code, std::string group, std::string principal, std::string text) {
  notices.insert({std::move(code), std::move(group), std::move(principal), std::move(text)});
}

Rule const* TargetPlanner::rule_named(std::string const& name) const {
  auto const found = std::ranges::find(input_.rules, name, &Rule::name);
  return found == input_.rules.end() ? nullptr : &*found;
}

void TargetPlanner::plan_group(std::string const& key, DesiredGroup const& desired) {
  auto const found = by_key_.find(key);
  auto const* have = found == by_key_.end() ? find_renamed(desired) : meant_by(found->second);
  if (have == nullptr && found == by_key_.end()) return create_group(desired);
  if (have == nullptr) return;
  if (!visited_.insert(have->id).second) return;
  if (have->directory_group)
    return notice(
        "directory-group", have->name, "",
        have->name +
            " is a Directory group; its members are decided by LDAP itself. Nothing is written to it");
  if (!have->protected_because.empty())
    return notice("protected", have->name, "", have->name + " is protected: " + have->protected_because);
  auto const managed = managed_by_id_.find(have->id);
  if (managed == managed_by_id_.end() && !desired.rule().adopt)
    return notice("not-ours", have->name, "",
                  "exists, not ours: " + have->name + " was not made by dirsyncd; set adopt = true in rule " +
                      desired.rule().name + " to take it over");
  diff(desired, *have, managed == managed_by_id_.end() ? nullptr : managed->second);
}

/// Of several groups of one name ours, or else the only one that can be written to. Null, with a notice, when
/// nobody can tell.
TargetGroup const* TargetPlanner::meant_by(std::vector<TargetGroup const*> const& bearers) {
  std::vector<TargetGroup const*> ours, others;
  for (auto const* group : bearers)
    if (managed_by_id_.contains(group->id))
      ours.push_back(group);
    else if (!group->directory_group)
      others.push_back(group);
  if (ours.size() == 1) return ours.front();
  if (ours.empty() && others.size() == 1) return others.front();
  if (ours.empty() && others.empty()) return bearers.front();
  for (auto const* group : bearers) visited_.insert(group->id);
  auto const& name = bearers.front()->name;
  notice("ambiguous", name, "",
         "the target has " + std::to_string(ours.size() + others.size()) + " groups of the name " + name +
             ", and nothing tells which one is meant; rename all but one there");
  return nullptr;
}

/// A managed group that the same source fed under another name: the source was renamed.
TargetGroup const* TargetPlanner::find_renamed(DesiredGroup const& desired) {
  auto const ids = source_ids(desired);
  auto const& wanted = desired_.groups.at(target_.name);
  for (auto const& managed : target_.managed->groups) {
    auto const fed_by_us = std::ranges::any_of(
        managed.sources, [&ids](auto const& source) { return std::ranges::binary_search(ids, source); });
    auto const found = by_id_.find(managed.group_id);
    if (!fed_by_us || found == by_id_.end() || visited_.contains(managed.group_id)) continue;
    auto const& have = *found->second;
    if (wanted.contains(group_key(target_.traits.group_names_fold_case, have.name))) continue;
    if (!managed.created_by_us) {
      notice(
          "renamed-source", have.name, "",
          "its source is now called " + desired.name + "; dirsyncd renames only groups that it made itself");
      return &have;
    }
    auto change = change_of(Verb::rename_group, have, desired.rule().name);
    change.phase = Phase::tidying;
    change.new_name = desired.name;
    change.dn = std::string{desired.trees.front().source().dn};
    change.id = desired.trees.front().source().id;
    change.why = "the source group is now called so: " + have.name + " becomes " + desired.name;
    changes.push_back({std::move(change), Cause::none});
    return &have;
  }
  return nullptr;
}

Change TargetPlanner::change_of(Verb verb, TargetGroup const& group, std::string const& rule) const {
  Change change;
  change.target = target_.name;
  change.verb = verb;
  change.group = group.name;
  change.group_id = group.id;
  change.rule = rule;
  return change;
}

void TargetPlanner::create_group(DesiredGroup const& desired) {
  auto const& rule = desired.rule();
  auto const folded = fold_case(desired.name);
  auto const twin = std::ranges::find_if(
      target_.observed->groups, [&folded](auto const& group) { return fold_case(group.name) == folded; });
  if (twin != target_.observed->groups.end())
    return notice("case-differs", desired.name, "",
                  "the target has " + twin->name + ", which differs only by case; rename one of them");
  if (new_names_.contains(folded))
    return notice("case-differs", desired.name, "",
                  "the rules give another group whose name differs only by case; rename one of them");
  if (!rule.create_groups)
    return notice("missing-group", desired.name, "",
                  "no group " + desired.name +
                      " in the target; create it there or set create_groups = true in rule " + rule.name);
  if (target_.traits.refuse_group_name)
    if (auto const refusal = target_.traits.refuse_group_name(desired.name); !refusal.empty())
      return notice("refused-name", desired.name, "", refusal);
  new_names_.insert(folded);
  TargetGroup nothing;
  nothing.name = desired.name;
  auto change = change_of(Verb::create_group, nothing, rule.name);
  change.dn = std::string{desired.trees.front().source().dn};
  change.id = desired.trees.front().source().id;
  change.roles = rule.roles;
  change.path = change.dn;
  change.why = "source group " + source_names(desired);
  changes.push_back({std::move(change), Cause::none});

  GroupWork work{desired, nothing, nullptr, {target_.name, desired.name, "", rule.name}};
  collect_wanted(work);
  plan_additions(work);
  groups.push_back(work.figures);
}

void TargetPlanner::diff(DesiredGroup const& desired, TargetGroup const& have, ManagedGroup const* managed) {
  GroupWork work{desired, have, managed, {target_.name, have.name, have.id, desired.rule().name}};
  collect_wanted(work);
  collect_granted(work);
  find_lost_groups(work);
  find_unclear_names(work);
  plan_additions(work);
  for (auto const user : have.users)
    if (!work.wanted.contains(user)) plan_departure(work, user);
  plan_unnestings(work);
  if (desired.rule().foreign_members != ForeignMembers::keep) report_foreign_others(work);
  keep_house(work);
  groups.push_back(work.figures);
}

void TargetPlanner::report_foreign_others(GroupWork const& work) {
  auto const& have = work.have;
  for (auto const& other : have.others) {
    auto const is_ours = [&other](auto const& granted) { return granted.first == &other; };
    if (!work.nested.contains(&other) && std::ranges::none_of(work.granted_groups, is_ours))
      notice("foreign", have.name, other.name,
             other.kind == OtherMember::Kind::group ? "a nested group that dirsyncd did not put there; kept"
                                                    : "a member that is no known user or group; kept");
  }
}

void TargetPlanner::collect_wanted(GroupWork& work) {
  if (work.desired.rule().as == MembersAs::group) return collect_sources(work);
  collect_desired(work);
}

/// Why nobody can tell whether the member's account is usable; with a bridge, on either side. Empty: it is.
std::string TargetPlanner::unclear_account(DesiredGroup const& desired, DesiredMember const& member) const {
  auto const check = [this](PersonRef const& ref) -> std::string {
    auto const& unclear = desired_.unclear_accounts.at(ref.view->name);
    auto const doubt = unclear.find(ref.person);
    return doubt == unclear.end() ? "" : std::string{ref.entry().dn} + " " + doubt->second;
  };
  auto const& tree = tree_of(desired, member);
  auto doubt = check(ref_of(desired, member));
  if (!doubt.empty() || tree.bridge == nullptr) return doubt;
  auto const group_side = tree.crossed[member.way].group_side;
  return group_side ? check({tree.directory, *group_side}) : std::string{};
}

void TargetPlanner::collect_desired(GroupWork& work) {
  for (auto const& member : work.desired.members) {
    auto const& tree = tree_of(work.desired, member);
    auto const& entry = entry_of(work.desired, member);
    auto const joined = identities_.joined(ref_of(work.desired, member));
    auto const note = [&entry, joined](std::unordered_set<EntryId>& ids) {
      ids.insert(entry.id);
      for (auto const& ref : joined) ids.insert(ref.entry().id);
    };
    auto const set_aside = [&work, &note] { note(work.set_aside_ids); };
    note(work.wanted_ids);
    if (auto const doubt = unclear_account(work.desired, member); !doubt.empty()) {
      // Neither given anything nor parted from what they have.
      set_aside();
      notice("unclear-account", "", std::string{entry.dn}, doubt);
      continue;
    }
    auto const& match = matcher_.match(tree, member.person, questions);
    switch (match.kind) {
      case Match::Kind::user:
        if (!work.wanted.emplace(match.user, &member).second) {
          auto const& name = target_.observed->users[match.user].name;
          set_aside();
          notice("ambiguous", "", name,
                 std::string{entry.dn} + " and " +
                     std::string{entry_of(work.desired, *work.wanted.at(match.user)).dn} +
                     " fit the same user; the first is set aside");
        }
        break;
      case Match::Kind::provision:
        work.to_provision.push_back(&member);
        break;
      case Match::Kind::waiting:
        notice("waiting", "", match.name, match.text);
        break;
      case Match::Kind::ambiguous:
        set_aside();
        work.set_aside_names.insert(fold_case(match.name));
        notice("ambiguous", "", match.name, std::string{entry.dn} + ": " + match.text);
        break;
      case Match::Kind::unnamed:
        set_aside();
        notice("unnamed", "", std::string{entry.dn}, match.text);
        break;
    }
  }
}

void TargetPlanner::collect_granted(GroupWork& work) {
  auto const found = grants_by_group_.find(work.have.id);
  if (found == grants_by_group_.end()) return;
  for (auto const* grant : found->second) {
    if (grant->rule.empty()) continue;  // put there in place of what somebody else had put there
    auto const user = matcher_.user_of(*grant);
    auto const* const nested =
        is_group_principal(grant->principal_id) ? granted_member(work.have, *grant) : nullptr;
    if (nested != nullptr) {
      work.granted_groups.emplace_back(nested, grant);
      ++work.figures.managed;
    } else if (std::ranges::binary_search(work.have.users, user)) {
      work.granted.emplace(user, grant);
      ++work.figures.managed;
    } else if (!contains_any(work.wanted_ids, grant->id) && !stands_unknown(work.have, *grant)) {
      housekeeping.forget.push_back(*grant);
    }
  }
}

/// Groups and people are read one after the other. A value that names a DN which another entry had in the
/// last read may still mean that one, unless nothing changed meanwhile; the next read tells.
bool TargetPlanner::may_mean_another(DesiredGroup const& desired, DesiredMember const& member) {
  auto const& tree = tree_of(desired, member);
  auto const& view = *tree.directory;
  auto const person =
      tree.bridge == nullptr ? std::optional{member.person} : tree.crossed[member.way].group_side;
  if (!person || !view.snapshot->certificate().may_have_changed) return false;
  auto const& entry = view.snapshot->people()[*person];
  std::string const dn{entry.normalized_dn};
  auto const* const known = known_as(input_.facts, view.name, dn);
  if (known == nullptr) questions.dns[view.name].insert(dn);
  if (known == nullptr || known->id == entry.id) return false;
  notice("waiting", desired.name, std::string{entry.dn},
         std::string{entry.dn} +
             " was another entry at the last read, and the directory may have changed during this one; added "
             "when the next read shows them in the group as well");
  return true;
}

void TargetPlanner::plan_additions(GroupWork& work) {
  if (work.desired.rule().as == MembersAs::group) return plan_nestings(work);
  auto const add = [this, &work](DesiredMember const& member) -> Change& {
    auto change = change_of(Verb::add, work.have, tree_of(work.desired, member).rule->name);
    auto const& entry = entry_of(work.desired, member);
    change.dn = std::string{entry.dn};
    change.id = identities_.id_of(ref_of(work.desired, member));
    change.path = path_of(work.desired, member);
    change.why = why_added(work.desired, member);
    changes.push_back({std::move(change), Cause::none});
    ++work.figures.additions;
    return changes.back().change;
  };
  for (auto const& [user, member] : work.wanted) {
    if (std::ranges::binary_search(work.have.users, user) || may_mean_another(work.desired, *member))
      continue;
    auto const& known = target_.observed->users[user];
    if (!known.protected_because.empty()) {
      notice("protected", work.have.name, known.name,
             known.name + " is protected: " + known.protected_because);
      continue;
    }
    if (!named_once(work.have.name, known.name)) continue;
    auto& change = add(*member);
    change.principal = known.name;
    change.principal_id = known.id;
  }
  for (auto const* member : work.to_provision) {
    if (may_mean_another(work.desired, *member)) continue;
    auto const& match = matcher_.match(tree_of(work.desired, *member), member->person, questions);
    auto& change = add(*member);
    change.principal = match.name;
    change.domain = match.domain;
    if (!target_.traits.refuse_user_name) continue;
    change.new_user = new_user_of(entry_of(work.desired, *member), match.name);
    change.why += "; no such user yet: one is created, a local login with a password of its own";
  }
}

void TargetPlanner::keep_house(GroupWork& work) {
  auto sources = source_ids(work.desired);
  sources.insert(sources.end(), work.lost_sources.begin(), work.lost_sources.end());
  std::ranges::sort(sources);
  ManagedGroup const now{work.have.id, work.have.name, work.desired.rule().name,
                         work.managed != nullptr && work.managed->created_by_us, sources};
  if (work.managed == nullptr)
    housekeeping.adopt_groups.push_back(now);
  else if (work.managed->sources != sources || work.managed->group != now.group ||
           work.managed->rule != now.rule)
    housekeeping.update_groups.push_back(now);
  auto const adopts = work.desired.rule().adopt;
  if (adopts) adopt_nestings(work);
  if (!adopts && !identities_.has_several_directories()) return;
  for (auto const user : work.have.users) {
    auto const wanted = work.wanted.find(user);
    auto const& known = target_.observed->users[user];
    if (wanted == work.wanted.end() || !known.protected_because.empty()) continue;
    auto const& member = *wanted->second;
    auto const person = ref_of(work.desired, member);
    auto const granted = work.granted.find(user);
    auto const is_ours = granted != work.granted.end();
    if (!is_ours && !adopts) continue;
    auto id = is_ours ? id_to_keep(granted->second->id, person) : identities_.id_of(person);
    if (id.value().empty()) continue;
    housekeeping.adopt_grants.push_back({work.have.id, work.have.name, known.name, known.id, std::move(id),
                                         std::string{person.entry().dn},
                                         tree_of(work.desired, member).rule->name});
    if (!is_ours) ++work.figures.adopted;
  }
}

/// What a grant is to remember of a person who is, or was, several entries: those that are joined now, and
/// those of before that are no longer seen or can not be told apart. Empty: what it has.
EntryId TargetPlanner::id_to_keep(EntryId const& granted, PersonRef const& person) const {
  auto const before = parts_of(granted);
  if (before.size() == 1 && identities_.joined(person).empty()) return {};
  auto ids = parts_of(identities_.id_of(person));
  auto const is_another = [this, &person](PersonRef const& ref) { return identities_.are_two(ref, person); };
  for (auto const& id : before) {
    auto const bearers = identities_.bearers_of(id);
    if (bearers.empty() || !std::ranges::all_of(bearers, is_another)) ids.push_back(id);
  }
  auto id = joined_id(std::move(ids));
  return id == granted ? EntryId{} : id;
}

}  // namespace dirsync::plan
