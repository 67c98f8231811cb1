#include "sync/plan/desired/desired.hpp"

#include <algorithm>

#include "sync/model/digest.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

std::vector<bool> matching_people(Snapshot const& snapshot, std::optional<Filter> const& filter) {
  std::vector<bool> fits(snapshot.people().size());
  if (!filter) return fits;
  for (PersonIndex person = 0; person < fits.size(); ++person)
    fits[person] = filter->matches(snapshot.people()[person].attributes);
  return fits;
}

std::unique_ptr<NameBook> make_name_book(Snapshot const& snapshot, NameTemplate const& name) {
  auto book = std::make_unique<NameBook>();
  auto const people = snapshot.people();
  book->names.reserve(people.size());
  book->bearers.reserve(people.size());
  for (PersonIndex person = 0; person < people.size(); ++person) {
    auto rendered = name.render(people[person].attributes).value_or("");
    if (!rendered.empty()) book->bearers[fold_case(rendered)].push_back(person);
    book->names.push_back(std::move(rendered));
  }
  return book;
}

std::vector<bool> excluded_groups(Snapshot const& snapshot, Rule const& rule) {
  std::vector<bool> excluded;
  for (auto const& dn : rule.exclude) {
    auto const key = normalized_dn(dn);
    auto const group = key ? snapshot.group_by_dn(*key) : std::nullopt;
    if (!group) continue;
    if (excluded.size() <= *group) excluded.resize(*group + 1);
    excluded[*group] = true;
  }
  return excluded;
}

/// The first policy in which the two rules differ; empty when they agree.
char const* policy_difference(Rule const& one, Rule const& other) {
  if (one.as != other.as) return "as";
  if (one.foreign_members != other.foreign_members) return "foreign_members";
  if (one.adopt != other.adopt) return "adopt";
  if (one.delete_groups != other.delete_groups) return "delete_groups";
  if (one.roles != other.roles) return "roles";
  return "";
}

class Builder {
 public:
  Builder(std::map<std::string, DirectoryView> const& views, std::map<std::string, bool> const& folds_case)
      : views_(views), folds_case_(folds_case) {
    for (auto const& [name, view] : views) judge_accounts(view);
    desired_.identities = std::make_unique<Identities const>(views);
  }

  void add(Rule const& rule) {
    auto const found = views_.find(rule.directory), found_people = views_.find(rule.people_directory());
    if (found == views_.end() || found_people == views_.end()) return;
    auto const& view = found->second;
    auto const& people = found_people->second;
    auto const& snapshot = *view.snapshot;
    auto& notices = desired_.notices[rule.target];
    report_missing_groups(rule, snapshot, notices);

    NestingRules const nesting{rule.nested, rule.max_depth, excluded_groups(snapshot, rule)};
    auto const unwanted = matching_people(*people.snapshot, rule.exclude_people);
    auto const& disabled = desired_.disabled.at(people.name);
    auto const* const names = name_book(people, rule.member_name);
    note_people(rule.target, {&people, names});
    auto const* const bridge = rule.people ? make_bridge(rule, view, people) : nullptr;
    auto const folds = folds_case_.at(rule.target);
    Flattener flattener{snapshot};
    for (auto const source : snapshot.selected(rule.name)) {
      auto const& entry = snapshot.groups()[source];
      auto name = rule.group_name.render(entry.attributes);
      if (!name) {
        desired_.unnamed_sources.insert(entry.id);
        notices.push_back({"unnamed-group", std::string{entry.dn}, "",
                           "rule " + rule.name + ": group_name gives no name for " + std::string{entry.dn} +
                               "; it lacks an attribute of \"" + rule.group_name.text() + "\""});
        continue;
      }
      auto flat = flattener.flatten(source, nesting);
      if (flat.nodes.empty()) continue;  // excluded
      auto& group = desired_.groups[rule.target][group_key(folds, *name)];
      if (group.trees.empty()) group.name = std::move(*name);
      auto const number = static_cast<std::uint32_t>(group.trees.size());
      group.trees.push_back(
          {&rule, &view, &people, names, bridge, std::move(flat.nodes), std::move(flat.unresolved)});
      if (bridge != nullptr) flat.people = cross(group.trees.back(), flat.people, notices);
      for (auto const& [person, way] : flat.people)
        if (!disabled[person] && !unwanted[person]) group.members.push_back({person, number, way});
    }
  }

  Desired finish() && {
    report_shared_keys();
    for (auto& [target, groups] : desired_.groups) {
      std::erase_if(groups, [this, &name = target](auto& item) {
        auto const refused = report_conflict(name, item.second);
        if (refused) desired_.refused[name].insert(item.first);
        return refused;
      });
      for (auto& [key, group] : groups) unite(group);
    }
    return std::move(desired_);
  }

 private:
  void judge_accounts(DirectoryView const& view) {
    auto& disabled = desired_.disabled[view.name];
    auto& unclear = desired_.unclear_accounts[view.name];
    disabled.resize(view.snapshot->people().size());
    for (PersonIndex person = 0; person < disabled.size(); ++person) {
      auto finding = account_of(view, person);
      disabled[person] = finding.kind == AccountFinding::Kind::blocked;
      if (finding.kind == AccountFinding::Kind::unclear) unclear.emplace(person, std::move(finding.text));
    }
  }

  static Notice shared_key(std::string const& directory, KeyBook const& book,
                           std::vector<PersonIndex> const& bearers) {
    return {"not-joined", "", book.described(bearers.front()),
            std::to_string(bearers.size()) + " entries of directory " + directory + " have " +
                book.described(bearers.front()) + ", so it joins none of them: " + book.dns(bearers) +
                "; make users.join unique"};
  }

  /// What stands in the way of joining people, for every target that they could be wanted in.
  void report_shared_keys() {
    for (auto const& [directory, book] : desired_.identities->keys())
      for (auto const& [key, bearers] : book.shared())
        for (auto const& [target, people] : desired_.people)
          if (std::ranges::any_of(people,
                                  [&name = directory](auto const& one) { return one.view->name == name; }))
            desired_.notices[target].push_back(shared_key(directory, book, bearers));
  }

  void note_people(std::string const& target, NamedPeople const& people) {
    auto& known = desired_.people[target];
    if (std::ranges::find(known, people) == known.end()) known.push_back(people);
  }

  KeyBook const& key_book(DirectoryView const& view, std::string const& attribute) {
    auto& book = desired_.key_books[{view.name, attribute}];
    if (!book) book = std::make_unique<KeyBook>(*view.snapshot, attribute);
    return *book;
  }

  Bridge const* make_bridge(Rule const& rule, DirectoryView const& groups, DirectoryView const& people) {
    auto& bridge = desired_.bridges[rule.name];
    bridge = std::make_unique<Bridge>(groups, key_book(groups, rule.people->group_side), people,
                                      key_book(people, rule.people->people_side));
    return bridge.get();
  }

  /// Those whom the tree's groups name, as people of the rule's people directory; `Reached::node` is an index
  /// into SourceTree::crossed. Who leads to nobody is reported.
  std::vector<Reached> cross(SourceTree& tree, std::vector<Reached> const& named,
                             std::vector<Notice>& notices) const {
    std::vector<Reached> people;
    auto const& snapshot = *tree.directory->snapshot;
    auto const& disabled = desired_.disabled.at(tree.directory->name);
    auto const arrive = [&tree, &people, &notices](Bridge::Crossing const& crossing, Crossed from,
                                                   std::string_view who, bool is_disabled) {
      if (!crossing.person) {
        tree.all_crossed = false;
        notices.push_back(
            {"not-joined", "", std::string{who},
             "rule " + tree.rule->name + ": " + std::string{who} + " leads to nobody: " + crossing.why_not});
        return;
      }
      if (is_disabled) return;
      people.push_back({*crossing.person, static_cast<std::uint32_t>(tree.crossed.size())});
      tree.crossed.push_back(from);
    };
    for (auto const& [person, node] : named)
      arrive(tree.bridge->cross(person), {node, person}, snapshot.people()[person].dn, disabled[person]);
    for (std::uint32_t node = 0; node < tree.nodes.size(); ++node)
      for (auto const value : snapshot.members(tree.nodes[node].group).unresolved) {
        auto const crossing = normalized_dn(without_optional_uid(value))
                                  ? Bridge::Crossing{std::nullopt, "no entry of directory " +
                                                                       tree.directory->name + " has this DN"}
                                  : tree.bridge->cross_uid(value);
        arrive(crossing, {node, std::nullopt, value}, value, false);
      }
    return people;
  }

  NameBook const* name_book(DirectoryView const& view, NameTemplate const& name) {
    auto& book = desired_.name_books[{view.name, name.text()}];
    if (!book) book = make_name_book(*view.snapshot, name);
    return book.get();
  }

  static void report_missing_groups(Rule const& rule, Snapshot const& snapshot,
                                    std::vector<Notice>& notices) {
    auto const report = [&rule, &snapshot, &notices](char const* code, std::string const& dn,
                                                     char const* next) {
      auto const key = normalized_dn(dn);
      if (key && snapshot.group_by_dn(*key)) return;
      notices.push_back({code, dn, "",
                         "rule " + rule.name + " names " + dn + ", which is no group below " +
                             snapshot.directory() + "'s groups.base; " + next});
    };
    auto const* const next = "correct the rule or restore the group";
    if (auto const* named = std::get_if<NamedGroups>(&rule.selection))
      for (auto const& dn : named->dns) report("missing-source", dn, next);
    if (auto const* below = std::get_if<GroupsBelow>(&rule.selection))
      report("missing-source", below->dn, next);
    // A group that moved would be entered again without a word.
    for (auto const& dn : rule.exclude)
      report("missing-exclude", dn, "nothing is excluded by it; correct or drop it");
  }

  /// True when the rules of a group disagree.
  bool report_conflict(std::string const& target, DesiredGroup const& group) {
    for (auto const& tree : group.trees) {
      auto const* const difference = policy_difference(group.rule(), *tree.rule);
      if (*difference == '\0') continue;
      desired_.notices[target].push_back({"rule-conflict", group.name, "",
                                          "rules " + group.rule().name + " and " + tree.rule->name +
                                              " both give " + group.name + " but differ in `" + difference +
                                              "`; nothing is done to it until they agree"});
      return true;
    }
    return false;
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
  Desired desired_;
};

}  // namespace

std::string group_key(bool folds_case, std::string_view name) {
  return folds_case ? fold_case(name) : std::string{name};
}

Desired desire(std::span<Rule const> rules, std::map<std::string, DirectoryView> const& views,
               std::map<std::string, bool> const& folds_case) {
  Builder builder{views, folds_case};
  for (auto const& rule : rules) builder.add(rule);
  return std::move(builder).finish();
}

std::string desired_digest(Desired const& desired, Rule const& rule) {
  Sha256 digest;
  auto const groups = desired.groups.find(rule.target);
  if (groups == desired.groups.end()) return digest.hex();
  for (auto const& [key, group] : groups->second) {
    auto const fed =
        std::ranges::any_of(group.trees, [&rule](auto const& tree) { return tree.rule->name == rule.name; });
    if (!fed) continue;
    digest.field(key);
    if (rule.as == MembersAs::group) {
      for (auto const& tree : group.trees)
        if (tree.rule->name == rule.name) digest.field(tree.source().id.value());
      continue;
    }
    for (auto const& member : group.members) {
      if (tree_of(group, member).rule->name == rule.name)
        digest.field(desired.identities->id_of(ref_of(group, member)).value());
    }
  }
  return digest.hex();
}

}  // namespace dirsync::plan
