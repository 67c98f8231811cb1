#include "sync/engine/leavers/joined_groups.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "sync/engine/leavers/leaver_books.hpp"
#include "sync/engine/leavers/ways.hpp"
#include "sync/model/dn.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

/// Of one look: more take as long as to read everything.
constexpr std::size_t kMostArrivals = 25;
/// Entries that nobody knows are asked for by their ids.
constexpr std::size_t kMostUnknown = 100;

/// How many groups of targets may gain or lose whoever comes to the list, or leaves it: by target and rule.
using Reached = std::map<std::pair<std::string, std::string>, std::int64_t>;

Reached reached_from(ListSearch const& search, ComparedList const& list) {
  Reached reached;
  for (auto const& rule : search.context.setup.rules) {
    if (rule.directory != search.directory) continue;
    auto const is_selected = [&search, &rule](EntryId const& group) {
      return search.book.was_selected(group, name_in_reads(rule));
    };
    auto const count = std::ranges::count_if(list.above, is_selected);
    if (count > 0) reached[{rule.target, rule.name}] += count;
  }
  return reached;
}

/// Of all who came to the list. What they may get by whole runs alone `books` learns.
void add_arrivals(ListSearch const& search, ComparedList const& list, std::vector<Way> const& ways,
                  LeaverBooks& books, plan::Arrivals& arrivals) {
  auto by_whole_run = reached_from(search, list);
  for (auto const& way : ways) --by_whole_run[{way.fed.target, way.fed.group.rule}];
  for (auto const& [whose, count] : by_whole_run)
    expect(books, whose.first, whose.second, Verb::add, count * std::ssize(list.came));
  for (auto const& way : ways) {
    plan::ArrivalOf arrival;
    arrival.directory = search.directory;
    arrival.list = list.id;
    arrival.dn = list.dn;
    arrival.source = way.source;
    arrival.path = way.path;
    arrival.changed = way.changed;
    arrival.group = way.fed.group;
    for (auto const& person : list.came)
      arrivals.emplace(plan::Membership{way.fed.target, way.fed.group.group_id, person}, arrival);
  }
}

/// What a whole run may take from who left the list and does not leave ahead of it.
void expect_removals(ListSearch const& search, ComparedList const& list, plan::Departures const& departures,
                     LeaverBooks& books) {
  std::set<EntryId> leave;
  for (auto const& [membership, left] : departures) leave.insert(membership.person);
  auto const stays = [&leave](EntryId const& person) { return !leave.contains(person); };
  auto const others = std::ranges::count_if(list.left, stays);
  for (auto const& [whose, count] : reached_from(search, list))
    expect(books, whose.first, whose.second, Verb::remove, count * others);
}

/// One that is new may come to feed what another one feeds.
asio::awaitable<bool> may_be_new_groups(RunContext const& context, LeaverBooks& books,
                                        Queries const& queries) {
  for (auto const& directory : context.setup.directories) {
    auto const unknown = books.unknown.find(directory.name);
    if (unknown == books.unknown.end() || unknown->second.empty()) continue;
    if (unknown->second.size() > kMostUnknown) co_return true;
    std::vector<EntryId> ids(unknown->second.begin(), unknown->second.end());
    auto query = queries.at(directory.name);
    auto const read = co_await directory.directory->read_groups(std::move(query), std::move(ids));
    if (!read || !read->groups().empty()) co_return true;
    unknown->second.clear();
  }
  co_return false;
}

/// Their limits are about all of them together, and a person's approval is asked for beyond: only a whole run
/// sees all that they count.
bool limits_name_privileged_groups(Setup const& setup) {
  auto const names_some = [](auto const& has) { return !has.limits.privileged.names.empty(); };
  return names_some(setup) || std::ranges::any_of(setup.targets, names_some) ||
         std::ranges::any_of(setup.rules, names_some);
}

/// Somebody took something back there: a whole run finds out whether it is to be done again, and is held if
/// so.
Result<bool> was_something_undone(RunContext const& context) {
  for (auto const& target : context.setup.targets) {
    auto const changes = context.setup.journal->undone(target.name);
    if (!changes) return changes.error();
    if (!changes->empty()) return true;
  }
  return false;
}

/// Empty: nothing that a whole run could be held for.
asio::awaitable<Result<std::string>> why_they_wait(RunContext const& context, LeaverBooks& books,
                                                   Queries const& queries, std::size_t arrivals) {
  std::string why;
  if (arrivals > kMostArrivals) {
    why = "more people came to groups than one look adds";
    co_return why;
  }
  if (limits_name_privileged_groups(context.setup)) {
    why = "limits name privileged groups";
    co_return why;
  }
  if (books.joiners_wait) {
    why = "something was told of which only a run of everything knows what follows";
    co_return why;
  }
  auto const held = context.setup.journal->held_plans();
  if (!held) co_return held.error();
  auto const undone = was_something_undone(context);
  if (!undone) co_return undone.error();
  auto const new_groups = held->empty() && co_await may_be_new_groups(context, books, queries);
  if (!held->empty()) why = "a plan or a read waits for a person";
  if (*undone) why = "somebody took something back";
  if (new_groups) why = "there may be a group that the last whole run did not know";
  co_return why;
}

/// Empty: nobody can tell.
std::string user_of(plan::Membership const& membership, plan::ArrivalOf const& arrival,
                    plan::Input const& input, LeaverBooks const& books) {
  auto const view = input.views.find(arrival.directory);
  auto const users = books.users.find(membership.target);
  if (view == input.views.end() || users == books.users.end()) return {};
  auto const person = view->second.snapshot->person_by_id(membership.person);
  if (!person) return {};
  auto const dn = view->second.snapshot->people()[*person].normalized_dn;
  for (auto const& [directory, book] : books.members) {
    auto const is_clear = directory == arrival.directory
                              ? book.had_dn(membership.person, dn) && !book.was_kept_out(membership.person)
                              : !book.has_dn(dn);
    if (!is_clear) return {};
  }
  return users->second.find(dn).value_or("");
}

bool is_same_user(plan::Membership const& membership, plan::ArrivalOf const& arrival, Reads const& reads,
                  LeaverBooks const& books) {
  auto const observed = reads.observed.find(membership.target);
  if (observed == reads.observed.end()) return false;
  auto const user = std::ranges::find(observed->second.users, arrival.user_id, &TargetUser::id);
  if (user == observed->second.users.end()) return false;
  auto const dn = normalized_dn(user->dn);
  return dn && books.users.at(membership.target).is_named_as_before(*dn, user->name);
}

}  // namespace

asio::awaitable<Result<plan::Arrivals>> find_arrivals(RunContext const& context, LeaverBooks& books,
                                                      Queries const& queries, ListsByDirectory const& lists,
                                                      plan::Departures const& departures) {
  plan::Arrivals arrivals;
  for (auto const& directory : context.setup.directories) {
    auto const found = lists.find(directory.name);
    if (found == lists.end()) continue;
    ListSearch const search{context, queries, directory.name, books.members.at(directory.name)};
    for (auto const& list : found->second) {
      expect_removals(search, list, departures, books);
      if (list.came.empty()) continue;
      auto const ways = co_await find_ways(search, directory, list, books);
      if (!ways) co_return ways.error();
      add_arrivals(search, list, *ways, books, arrivals);
    }
  }
  if (arrivals.empty()) co_return plan::Arrivals{};
  auto const why = co_await why_they_wait(context, books, queries, arrivals.size());
  if (!why) co_return why.error();
  if (!why->empty()) {
    leave_to_whole_run(context, *why);
    // What waits now the next whole run may be held for.
    books.joiners_wait = true;
    co_return plan::Arrivals{};
  }
  co_return arrivals;
}

void find_users_of(plan::Arrivals& arrivals, plan::Input const& input, LeaverBooks& books) {
  for (auto one = arrivals.begin(); one != arrivals.end();) {
    auto& [membership, arrival] = *one;
    arrival.user_id = user_of(membership, arrival, input, books);
    if (!arrival.user_id.empty()) {
      ++one;
      continue;
    }
    expect(books, membership.target, arrival.group.rule, Verb::add, 1);
    one = arrivals.erase(one);
  }
}

void keep_same_users(plan::Arrivals& arrivals, Reads const& reads, LeaverBooks const& books) {
  std::erase_if(arrivals, [&reads, &books](auto const& one) {
    return !is_same_user(one.first, one.second, reads, books);
  });
}

}  // namespace dirsync::engine
