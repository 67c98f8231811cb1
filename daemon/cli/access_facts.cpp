#include "daemon/cli/access_facts.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "sync/engine/report.hpp"
#include "sync/model/join.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/json.hpp"
#include "sync/model/rdn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

bool same(std::string_view left, std::string_view right) {
  return !left.empty() && !right.empty() && fold_case(left) == fold_case(right);
}

bool shares_a_part(EntryId const& left, EntryId const& right) {
  auto const theirs = parts_of(right);
  return std::ranges::any_of(parts_of(left), [&theirs](EntryId const& part) {
    return !part.value().empty() && std::ranges::find(theirs, part) != theirs.end();
  });
}

/// Names, of whatever the store knows of the person.
Result<std::vector<store::HeldPerson>> names_of(store::Intervals const& intervals, std::string const& user) {
  auto names = intervals.people(user, "");
  if (!names) return names;
  auto entries = intervals.entries(user);
  if (!entries) return entries;
  // Whoever is known by an entry may have had memberships under another name.
  for (auto const& entry : *entries) {
    auto others = intervals.people(entry.id.value(), "");
    if (!others) return others;
    std::ranges::move(*others, std::back_inserter(*names));
  }
  std::ranges::move(*entries, std::back_inserter(*names));
  return names;
}

Result<void> find_history(store::Intervals const& intervals, AccessFacts& facts) {
  if (!facts.group.kept) return {};
  for (auto const& name : facts.names) {
    auto const known = name.id.value().empty() ? name.principal : name.id.value();
    auto part = intervals.history(known, facts.group.kept->number);
    if (!part) return part.error();
    for (auto& one : *part)
      if (std::ranges::find(facts.history, one.number, &store::HeldInterval::number) == facts.history.end())
        facts.history.push_back(std::move(one));
  }
  std::ranges::sort(facts.history, {}, &store::HeldInterval::number);
  auto const lasts_then = [at = facts.at](store::HeldInterval const& one) {
    if (!at) return one.lasts();
    return (!one.began || *one.began <= *at) && (!one.ended || *at < *one.ended);
  };
  auto const held = std::ranges::find_if(facts.history, lasts_then);
  if (held != facts.history.end()) facts.held = *held;
  return {};
}

Result<void> find_run(store::Store& store, AccessFacts& facts, std::optional<Time> at) {
  auto run = store.last_run(at);
  if (!run) return run.error();
  if (!*run) return {};
  facts.run = *std::move(run);
  facts.plan = object_at(object_in(engine::kept_report(*facts.run)), "plan");
  return {};
}

bool is_unread(AccessFacts const& facts) {
  return text_at(object_at(object_at(facts.plan, "targets"), facts.group.target), "verdict") == "refuse";
}

/// Runs that could not read the target tell nothing of it: what the last one that did found stands.
Result<void> go_back_to_a_read(store::Store& store, AccessFacts& facts) {
  static constexpr int kMost = 20;
  if (!is_unread(facts)) return {};
  auto const newest = facts.run;
  auto const of_newest = facts.plan;
  auto const& target = object_at(object_at(facts.plan, "targets"), facts.group.target);
  facts.unread = join(array_at(target, "reasons"), "; ",
                      [](boost::json::value const& reason) { return text_at(object_in(reason), "text"); });
  if (facts.unread.empty()) facts.unread = "it could not be read";
  for (auto more = 0; more < kMost && is_unread(facts); ++more) {
    auto const before = facts.run->id;
    auto const found = find_run(store, facts, facts.run->start.time - std::chrono::milliseconds{1});
    if (!found) return found.error();
    if (facts.run->id == before) break;
  }
  if (!is_unread(facts)) return {};
  facts.run = newest;
  facts.plan = of_newest;
  return {};
}

/// The rule that feeds the group: the only one of its target, or of its only source.
Result<void> find_rule(store::Store& store, AccessFacts& facts) {
  auto const& target = facts.group.target;
  std::vector<std::string> rules;
  for (auto const& [name, value] : object_at(object_at(facts.plan, "summary"), "rules"))
    if (text_at(object_in(value), "target") == target) rules.emplace_back(name);
  if (rules.size() == 1) facts.rule = rules.front();
  if (rules.size() == 1 || facts.at || !facts.group.kept) return {};
  auto const managed = store.managed_groups();
  if (!managed) return managed.error();
  auto const groups = managed->find(target);
  if (groups == managed->end()) return {};
  auto const group = std::ranges::find(groups->second, facts.group.kept->id, &ManagedGroup::group_id);
  if (group != groups->second.end() && group->sources.size() == 1) facts.rule = group->rule;
  return {};
}

/// What persons have decided by now.
Result<void> find_decisions(store::Store& store, AccessFacts& facts) {
  auto freezes = store.freezes();
  if (!freezes) return freezes.error();
  facts.freezes = in_force(*std::move(freezes), std::chrono::system_clock::now());
  auto const digest = text_at(facts.plan, "digest");
  if (digest.empty()) return {};
  auto decided = store.find_plan(PlanDigest{digest});
  if (!decided) return decided.error();
  facts.decided = *std::move(decided);
  return {};
}

/// What is kept of the present alone.
Result<void> find_present(store::Store& store, AccessFacts& facts) {
  if (auto const found = find_decisions(store, facts); !found) return found;
  auto const& target = facts.group.target;
  auto aside = store.set_aside(target);
  if (!aside) return aside.error();
  facts.set_aside = *std::move(aside);
  auto blocked = store.blocked(target);
  if (!blocked) return blocked.error();
  facts.blocked = *std::move(blocked);
  auto left_out = store.intervals().left_out(target, facts.group.name);
  if (!left_out) return left_out.error();
  facts.left_out = *std::move(left_out);
  if (!facts.group.kept) return {};
  auto foreign = store.intervals().foreign(target, facts.group.kept->id);
  if (!foreign) return foreign.error();
  facts.foreign = foreign->value_or(std::vector<std::string>{});
  return {};
}

/// A group that nobody was ever put in is known by what the last run planned for it.
void find_target(AccessFacts& facts) {
  if (!facts.group.target.empty()) return;
  auto const tells_of_it = [&facts](boost::json::value const& row) {
    return facts.is_group(text_at(object_in(row), "group"));
  };
  for (auto const& [name, value] : object_at(facts.plan, "targets")) {
    auto const& target = object_in(value);
    if (std::ranges::any_of(array_at(target, "changes"), tells_of_it) ||
        std::ranges::any_of(array_at(target, "notices"), tells_of_it))
      facts.targets.emplace_back(name);
  }
  if (facts.targets.size() == 1) facts.group.target = facts.targets.front();
}

}  // namespace

bool AccessFacts::is_meant(std::string_view principal, std::string_view dn, std::string_view id) const {
  if (same(principal, user) || same(dn, user) || same(id, user)) return true;
  EntryId const its_id{std::string{id}};
  return std::ranges::any_of(names, [principal, dn, &its_id](store::HeldPerson const& name) {
    return same(name.principal, principal) || same(name.dn, dn) || same(name.dn, principal) ||
           shares_a_part(name.id, its_id) || same(first_value(name.dn), principal);
  });
}

bool AccessFacts::is_group(std::string_view name) const { return same(name, group.name); }

Result<AccessFacts> access_facts(std::string const& user, AskedGroup group, store::Store& store,
                                 std::optional<Time> at) {
  AccessFacts facts;
  facts.user = user;
  facts.group = std::move(group);
  facts.at = at;
  auto names = names_of(store.intervals(), user);
  if (!names) return names.error();
  facts.names = *std::move(names);
  if (auto const found = find_history(store.intervals(), facts); !found) return found.error();
  if (auto const found = find_run(store, facts, at); !found) return found.error();
  find_target(facts);
  if (auto const found = go_back_to_a_read(store, facts); !found) return found.error();
  if (auto const found = find_rule(store, facts); !found) return found.error();
  if (!at)
    if (auto const found = find_present(store, facts); !found) return found.error();
  return facts;
}

}  // namespace dirsync::cli
