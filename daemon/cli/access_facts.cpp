#include "daemon/cli/access_facts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sync/engine/report.hpp"
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

Result<void> find_run(store::Store& store, AccessFacts& facts) {
  auto run = store.last_run(facts.at);
  if (!run) return run.error();
  facts.run = *std::move(run);
  if (facts.run) facts.plan = object_at(object_in(engine::kept_report(*facts.run)), "plan");
  return {};
}

/// What is kept of the present alone.
Result<void> find_present(store::Store& store, AccessFacts& facts) {
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
  for (auto const& [name, value] : object_at(facts.plan, "targets")) {
    auto const& target = object_in(value);
    for (auto const* const list : {"changes", "notices"})
      for (auto const& row : array_at(target, list))
        if (facts.is_group(text_at(object_in(row), "group"))) {
          facts.group.target = name;
          return;
        }
  }
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

Result<AccessFacts> access_facts(Arguments const& arguments, AskedGroup group, store::Store& store,
                                 std::optional<Time> at) {
  AccessFacts facts;
  facts.user = arguments.user;
  facts.group = std::move(group);
  facts.at = at;
  auto names = names_of(store.intervals(), arguments.user);
  if (!names) return names.error();
  facts.names = *std::move(names);
  if (auto const found = find_history(store.intervals(), facts); !found) return found.error();
  if (auto const found = find_run(store, facts); !found) return found.error();
  find_target(facts);
  if (!at)
    if (auto const found = find_present(store, facts); !found) return found.error();
  return facts;
}

}  // namespace dirsync::cli
