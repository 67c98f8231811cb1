#include "sync/engine/leavers/left_groups.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <variant>

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

bool shares(std::vector<EntryId> const& sources, std::set<EntryId> const& groups) {
  return std::ranges::any_of(sources, [&groups](EntryId const& source) { return groups.contains(source); });
}

Rule const* plain_rule(RunContext const& context, std::string const& name, std::string const& directory) {
  auto const& rules = context.setup.rules;
  auto const found = std::ranges::find(rules, name, &Rule::name);
  return found != rules.end() && is_plain(*found) && found->directory == directory ? &*found : nullptr;
}

/// A source that no longer fits the rule's filter is a matter of what becomes of its target group.
bool is_still_selected(Rule const& rule, ManagedGroup const& managed, ComparedList const& list) {
  if (std::ranges::find(managed.sources, list.id) == managed.sources.end()) return true;
  if (!std::holds_alternative<MatchingGroups>(rule.selection)) return true;
  return !list.names || list.names->contains(name_in_reads(rule));
}

/// Leaves what the person had by way of that group.
void keep_what_came_through(ListSearch const& search, ComparedList const& list, Ours& theirs) {
  for (auto& [target, managed] : theirs) {
    std::erase_if(managed.groups, [&search, &list](ManagedGroup const& group) {
      auto const* const rule = plain_rule(search.context, group.rule, search.directory);
      return rule == nullptr || !shares(group.sources, list.above) || !is_still_selected(*rule, group, list);
    });
    std::erase_if(managed.grants, [&groups = managed.groups](Grant const& grant) {
      auto const group = std::ranges::find(groups, grant.group_id, &ManagedGroup::group_id);
      return group == groups.end() || group->rule != grant.rule;
    });
    std::erase_if(managed.groups, [&grants = managed.grants](ManagedGroup const& group) {
      return std::ranges::find(grants, group.group_id, &Grant::group_id) == grants.end();
    });
  }
  std::erase_if(theirs, [](auto const& of) { return of.second.grants.empty(); });
}

/// By which a group may name the person: of what they have, and of the last accepted read.
Result<EntryNames> names_of(ListSearch const& search, EntryId const& person, Ours const& theirs) {
  EntryNames names;
  for (auto const& [target, managed] : theirs)
    for (auto const& grant : managed.grants) {
      if (!grant.dn.empty()) names.dns.insert(grant.dn);
      if (!grant.principal.empty()) names.uids.insert(grant.principal);
    }
  std::array const ids{person};
  auto const known = search.context.setup.journal->known_by_id(search.directory, ids);
  if (!known) return known.error();
  for (auto const& entry : *known) names.dns.insert(entry.dn);
  return names;
}

/// Takes out of `theirs` what another group may still give them; all of it where nobody can tell. `others`:
/// that had them at the last whole read, and of which nothing else is known.
asio::awaitable<void> drop_other_ways(ListSearch const& search, EntryNames names,
                                      std::set<EntryId> const& others, Ours& theirs) {
  std::set<EntryId> groups;
  for (auto const& other : others) groups.merge(search.book.up_from(other));
  for (auto const& directory : search.context.setup.directories) {
    auto query = search.queries.at(directory.name);
    auto asked = names;
    auto const naming = co_await directory.directory->groups_naming(std::move(query), std::move(asked));
    auto const is_told = naming && (naming->empty() || directory.name == search.directory) &&
                         std::ranges::all_of(*naming, [&search](EntryId const& group) {
                           return search.book.has_group(group);
                         });
    if (!is_told) {
      theirs.clear();
      co_return;
    }
    for (auto const& group : *naming) groups.merge(search.book.up_from(group));
  }
  for (auto& [target, managed] : theirs) {
    std::set<std::string> kept;
    for (auto const& group : managed.groups)
      if (shares(group.sources, groups)) kept.insert(group.group_id);
    std::erase_if(managed.groups, [&kept](auto const& group) { return kept.contains(group.group_id); });
    std::erase_if(managed.grants, [&kept](auto const& grant) { return kept.contains(grant.group_id); });
  }
  std::erase_if(theirs, [](auto const& of) { return of.second.grants.empty(); });
}

void add_group(Managed& managed, ManagedGroup const& group) {
  if (std::ranges::find(managed.groups, group.group_id, &ManagedGroup::group_id) == managed.groups.end())
    managed.groups.push_back(group);
}

void add_grant(Managed& managed, Grant const& grant) {
  auto const is_it = [&grant](Grant const& one) { return same_membership(one, grant); };
  if (std::ranges::none_of(managed.grants, is_it)) managed.grants.push_back(grant);
}

void note(Ours const& theirs, ComparedList const& list, plan::Departures& departures, Ours& held) {
  for (auto const& [target, managed] : theirs) {
    auto& all = held[target];
    for (auto const& group : managed.groups) add_group(all, group);
    for (auto const& grant : managed.grants) {
      add_grant(all, grant);
      departures.emplace(plan::Membership{target, grant.group_id, grant.id},
                         plan::DepartureOf{list.dn, list.changed});
    }
  }
}

/// Whom which groups name no more.
using LeftBy = std::map<EntryId, std::set<EntryId>>;

/// Of somebody whom the group names no more.
asio::awaitable<Result<void>> find_departures_of(ListSearch const& search, ComparedList const& list,
                                                 EntryId person, std::set<EntryId> const& left_by_them,
                                                 std::set<std::string> const& targets,
                                                 plan::Departures& departures, Ours& held) {
  std::array const ids{person};
  auto theirs = search.context.setup.journal->held_by(ids);
  if (!theirs) co_return theirs.error();
  std::erase_if(*theirs, [&targets](auto const& of) { return !targets.contains(of.first); });
  keep_what_came_through(search, list, *theirs);
  if (theirs->empty()) co_return Result<void>{};
  auto names = names_of(search, person, *theirs);
  if (!names) co_return names.error();
  auto others = search.book.groups_of(person);
  std::erase_if(others, [&left_by_them](EntryId const& group) { return left_by_them.contains(group); });
  co_await drop_other_ways(search, *std::move(names), others, *theirs);
  note(*theirs, list, departures, held);
  co_return Result<void>{};
}

}  // namespace

asio::awaitable<Result<plan::Departures>> find_departures(RunContext const& context, LeaverBooks& books,
                                                          Queries const& queries,
                                                          ListsByDirectory const& lists, Ours& held) {
  auto const targets = targets_to_look_at(context, books);
  auto const most = std::max<std::int64_t>(0, context.setup.limits.confirm.removals_above - books.departures);
  plan::Departures departures;
  Ours found;
  for (auto const& [directory, compared] : lists) {
    ListSearch const search{context, queries, directory, books.members.at(directory)};
    LeftBy left_by;
    for (auto const& list : compared)
      for (auto const& person : list.left) left_by[person].insert(list.id);
    for (auto const& list : compared) {
      // Each of them is looked for; so many a whole run would want to see a second time.
      if (std::ssize(list.left) > most) {
        books.joiners_wait = true;
        continue;
      }
      for (auto const& person : list.left) {
        auto const done =
            co_await find_departures_of(search, list, person, left_by.at(person), targets, departures, found);
        if (!done) co_return done.error();
      }
    }
  }
  if (std::ssize(departures) > most) {
    leave_to_whole_run(context, "more people left groups than one look may confirm");
    books.joiners_wait = true;
    co_return plan::Departures{};
  }
  for (auto const& [target, managed] : found) {
    auto& all = held[target];
    for (auto const& group : managed.groups) add_group(all, group);
    for (auto const& grant : managed.grants) add_grant(all, grant);
  }
  co_return departures;
}

}  // namespace dirsync::engine
