#include "sync/plan/desired/desired.hpp"

#include <algorithm>
#include <utility>

#include "sync/model/text.hpp"
#include "sync/plan/desired/branches.hpp"
#include "sync/plan/desired/collision.hpp"
#include "sync/plan/desired/crossing.hpp"
#include "sync/plan/desired/damage_notices.hpp"
#include "sync/plan/desired/excluded.hpp"
#include "sync/plan/desired/group_names.hpp"
#include "sync/plan/desired/member_notices.hpp"
#include "sync/plan/desired/rule_notices.hpp"
#include "sync/plan/desired/unresolved_notice.hpp"

namespace dirsync::plan {
namespace {

/// The source groups of a rule, by DN: not as the server delivers them.
std::vector<GroupIndex> sources_of(Snapshot const& snapshot, Rule const& rule) {
  auto const selected = snapshot.selected(rule.selected_as.empty() ? rule.name : rule.selected_as);
  std::vector<GroupIndex> sources(selected.begin(), selected.end());
  std::ranges::sort(sources, {}, [&snapshot](GroupIndex group) {
    return std::string_view{snapshot.groups()[group].normalized_dn};
  });
  return sources;
}

using PersonMarks = std::vector<std::uint32_t>;  // by PersonIndex

class Builder {
 public:
  Builder(std::map<std::string, DirectoryView> const& views, std::map<std::string, bool> const& folds_case,
          std::map<std::string, ExcludedGroups> const& excluded)
      : views_(views), folds_case_(folds_case), excluded_(excluded) {
    for (auto const& [name, view] : views) desired_.accounts.emplace(name, judge_accounts(view));
    desired_.identities = std::make_unique<Identities const>(views);
  }

  void add(Rule const& rule) {
    auto const found = views_.find(rule.directory), found_people = views_.find(rule.people_directory());
    if (found == views_.end() || found_people == views_.end()) return;
    auto const& view = found->second;
    auto const& people = found_people->second;
    auto const& snapshot = *view.snapshot;
    tell(rule.target, missing_sources(rule, snapshot));
    tell_once(rule.target, schema_notices(rule, view, people));
    for (auto const* side : {&view, &people}) tell_damages(rule.target, *side);

    auto const others = others_than(view);
    NestingRules const nesting{rule.nested, rule.max_depth, excluded_groups(rule, snapshot, others)};
    SourceTree common{.rule = &rule, .directory = &view, .people = &people};
    common.excluded = rule.exclude_people ? desired_.books.who_fit(people, *rule.exclude_people) : nullptr;
    common.member_name = &member_name_of(rule, *people.snapshot);
    common.names = desired_.books.names(people, *common.member_name);
    common.bridge = desired_.books.bridge(rule, view, people);
    Flattener flattener{snapshot, others};
    GroupNames names{rule, snapshot.schema()};
    auto& reach = desired_.reach[rule.name];
    reach.rule = &rule;
    reach.wanted.push_back({{&people, common.names}});
    note_people(rule.target, reach.wanted.front().from);
    ++round_;
    std::vector<NobodyIn> nobody;
    auto const sources = sources_of(snapshot, rule);
    auto const aside = groups_set_aside(snapshot);
    for (auto const source : sources) {
      auto const& entry = snapshot.groups()[source];
      if (aside.contains(source)) {
        desired_.unnamed_sources.insert(entry.id);
        continue;
      }
      auto const name = names.of(entry);
      if (!name) {
        desired_.unnamed_sources.insert(entry.id);
        tell(rule.target, {name.error()});
        ++reach.selected;
        if (reach.unnamed++ == 0) reach.why_unnamed = name.error().text;
        continue;
      }
      auto flat = flattener.flatten(source, nesting);
      if (flat.nodes.empty()) continue;  // excluded
      ++reach.selected;
      auto& group = desired_.groups[rule.target][group_key(folds_case_.at(rule.target), *name)];
      if (group.trees.empty()) group.name = *name;
      if (group.trees.empty() || group.trees.back().rule != &rule) ++reach.names;
      NobodyIn in_it{.group = group.name, .values = flat.unresolved_count, .example = flat.example};
      if (!plant(group, common, std::move(flat), reach) && in_it.values > 0)
        nobody.push_back(std::move(in_it));
    }
    if (!rule.allow_empty) note_nothing_read(rule, view, people, sources.empty(), nobody);
  }

  Desired finish() && {
    for (auto const& [directory, keys] : desired_.identities->keys())
      for (auto const& [target, people] : desired_.people)
        if (std::ranges::any_of(people,
                                [&name = directory](auto const& one) { return one.view->name == name; }))
          tell(target, shared_keys(directory, keys));
    for (auto& [target, groups] : desired_.groups) {
      for (auto& [key, group] : groups) unite(group);
      std::erase_if(groups, [this, &name = target](auto& item) {
        auto conflict = rule_conflict(item.second);
        if (!conflict) conflict = refused_collision(item.second);
        if (!conflict) return false;
        tell(name, {*conflict});
        desired_.disputed[name].emplace(item.first,
                                        DisputedGroup{std::move(item.second), *std::move(conflict)});
        return true;
      });
      for (auto const& [key, group] : groups)
        if (auto notice = unresolved_notice(group)) tell(target, {*std::move(notice)});
    }
    return std::move(desired_);
  }

 private:
  void tell(std::string const& target, std::vector<Notice> const& found) {
    auto& notices = desired_.notices[target];
    notices.insert(notices.end(), found.begin(), found.end());
  }

  /// What several rules may have in common.
  void tell_once(std::string const& target, std::vector<Notice> const& found) {
    auto const& notices = desired_.notices[target];
    for (auto const& notice : found)
      if (std::ranges::find(notices, notice.text, &Notice::text) == notices.end()) tell(target, {notice});
  }

  void tell_damages(std::string const& target, DirectoryView const& view) {
    if (damages_told_.emplace(target, view.name).second) tell(target, damage_notices(view));
  }

  Flattener::Others others_than(DirectoryView const& own) const {
    Flattener::Others others;
    for (auto const& [name, view] : views_)
      if (name != own.name) others.emplace(name, view.snapshot);
    return others;
  }

  ExcludedHere excluded_groups(Rule const& rule, Snapshot const& own, Flattener::Others const& others) {
    auto const before = excluded_.find(rule.name);
    auto found =
        find_excluded(rule, own, others, before == excluded_.end() ? ExcludedGroups{} : before->second);
    desired_.excluded[rule.name] = std::move(found.followed);
    if (!found.missing.empty()) desired_.missing_excludes[rule.name] = std::move(found.missing);
    tell(rule.target, found.notices);
    return std::move(found.groups);
  }

  void note_nothing_read(Rule const& rule, DirectoryView const& groups, DirectoryView const& people,
                         bool selects_none, std::vector<NobodyIn> const& nobody) {
    auto& nothing = desired_.nothing_read;
    if (selects_none) nothing.push_back(no_source(rule, groups));
    if (people.snapshot->people().empty()) {
      auto none = no_people(rule, people);
      auto const known = std::ranges::find(nothing, none.reason, &NothingRead::reason);
      if (known == nothing.end())
        nothing.push_back(std::move(none));
      else
        known->rules.insert(rule.name);
    }
    if (!nobody.empty()) nothing.push_back(nobody_in(rule, nobody, people.name));
  }

  void note_people(std::string const& target, NamedPeople const& people) {
    auto& known = desired_.people[target];
    if (std::ranges::find(known, people) == known.end()) known.push_back(people);
  }

  /// Adds the tree to the group, and a branch for each other directory that it leads to. Whether anybody is
  /// named, be it somebody who may not be given anything.
  bool plant(DesiredGroup& group, SourceTree const& common, Flattened flat, RuleReach& reach) {
    auto names_somebody = !flat.people.empty();  // whom a bridge may lead nowhere: `not-joined`
    auto tree = common;
    tree.nodes = std::move(flat.nodes);
    tree.unresolved = std::move(flat.unresolved);
    tell(tree.rule->target, member_notices_.of(tree, group.name));
    auto const main = group.trees.size();
    auto named = tree.bridge == nullptr ? std::move(flat.people) : over_the_bridge(tree, flat.people);
    names_somebody |= add_tree(group, std::move(tree), named, reach);
    for (auto& [directory, people] : flat.elsewhere) {
      auto const& there = views_.at(directory);
      tell_damages(common.rule->target, there);
      names_somebody |= !people.empty();
      auto branch = branch_of(group.trees[main], there, std::move(people), desired_.books);
      tell_once(common.rule->target, branch.notices);
      note_people(common.rule->target, {&there, branch.tree.names});
      names_somebody |= add_tree(group, std::move(branch.tree), branch.people, reach);
    }
    return names_somebody;
  }

  std::vector<Reached> over_the_bridge(SourceTree& tree, std::vector<Reached> const& named) {
    auto crossed = cross(tree, named, desired_.accounts.at(tree.directory->name).disabled,
                         desired_.books.uids(*tree.directory));
    tree.perhaps = std::move(crossed.perhaps);
    tell(tree.rule->target, crossed.notices);
    tree.crossed = std::move(crossed.ways);
    tree.all_crossed = crossed.all_crossed;
    return std::move(crossed.people);
  }

  /// Whether it names anybody.
  bool add_tree(DesiredGroup& group, SourceTree tree, std::vector<Reached> const& named, RuleReach& reach) {
    if (tree.bridge == nullptr) {
      auto unclear = find_unclear(tree, group.name, desired_.books.uids(*tree.people));
      tell(tree.rule->target, unclear.notices);
      tree.perhaps.insert(tree.perhaps.end(), unclear.perhaps.begin(), unclear.perhaps.end());
    }
    auto const number = static_cast<std::uint32_t>(group.trees.size());
    auto const& disabled = desired_.accounts.at(tree.people->name).disabled;
    auto& wanted = wanted_of(reach, {tree.people, tree.names});
    auto& marks = marks_[tree.people->name];
    marks.resize(tree.people->snapshot->people().size());
    for (auto const& [person, way] : named) {
      if (disabled[person] || tree.excludes(person)) {
        group.left_out.push_back({person, number, way});
        continue;
      }
      group.members.push_back({person, number, way});
      // Each person once in a rule, without a search.
      if (std::exchange(marks[person], round_) != round_) wanted.push_back(person);
    }
    auto const names_somebody = !named.empty() || !tree.perhaps.empty();
    group.trees.push_back(std::move(tree));
    return names_somebody;
  }

  static std::vector<PersonIndex>& wanted_of(RuleReach& reach, NamedPeople const& from) {
    auto const known = std::ranges::find(reach.wanted, from, &WantedPeople::from);
    return known == reach.wanted.end() ? reach.wanted.emplace_back(from).people : known->people;
  }

  void unite(DesiredGroup& group) const {
    auto const key = [&group, &identities = *desired_.identities](DesiredMember const& member) {
      auto const first = identities.first_of(ref_of(group, member));
      return std::pair{std::string_view{first.view->name}, first.person};
    };
    auto const sorted = group.trees.size() == 1 && group.trees.front().bridge == nullptr;
    if (!sorted) std::ranges::stable_sort(group.members, {}, key);
    auto const same = [&key](DesiredMember const& one, DesiredMember const& other) {
      return key(one) == key(other);
    };
    auto const rest = std::ranges::unique(group.members, same);
    group.members.erase(rest.begin(), rest.end());
  }

  std::map<std::string, DirectoryView> const& views_;
  std::map<std::string, bool> const& folds_case_;
  std::map<std::string, ExcludedGroups> const& excluded_;
  std::uint32_t round_ = 0;                   // number of the rule
  std::map<std::string, PersonMarks> marks_;  // by directory: the last rule that wanted the person
  std::set<std::pair<std::string, std::string>> damages_told_;  // target and directory
  Desired desired_;
  MemberNotices member_notices_;
};

}  // namespace

std::string group_key(bool folds_case, std::string_view name) {
  return folds_case ? fold_case(name) : std::string{name};
}

DesiredGroup const* Desired::find(std::string const& target, std::string const& key) const {
  auto const of_target = groups.find(target);
  if (of_target == groups.end()) return nullptr;
  auto const found = of_target->second.find(key);
  return found == of_target->second.end() ? nullptr : &found->second;
}

Desired desire(std::span<Rule const> rules, std::map<std::string, DirectoryView> const& views,
               std::map<std::string, bool> const& folds_case,
               std::map<std::string, ExcludedGroups> const& excluded) {
  Builder builder{views, folds_case, excluded};
  for (auto const& rule : rules) builder.add(rule);
  return std::move(builder).finish();
}

}  // namespace dirsync::plan
