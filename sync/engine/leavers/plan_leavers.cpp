#include "sync/engine/leavers/plan_leavers.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "sync/engine/leavers/joined_groups.hpp"
#include "sync/engine/leavers/leaver_books.hpp"
#include "sync/engine/leavers/leaving_groups.hpp"
#include "sync/engine/leavers/leaving_people.hpp"
#include "sync/engine/leavers/left_groups.hpp"
#include "sync/engine/read/queries.hpp"
#include "sync/plan/diff/leavers_draft.hpp"
#include "sync/plan/judge/judge.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

/// What a look at the directories comes to, before any target is asked.
struct Found {
  Drafted drafted;  // of people alone
  Ours held;        // by those who leave
  plan::Departures departures;
  plan::Arrivals arrivals;
  bool is_nothing() const { return held.empty() && arrivals.empty(); }
};

/// What those told of have in such targets.
Result<Ours> find_held(RunContext const& context, LeaverBooks const& books) {
  std::vector<EntryId> ids;
  for (auto const& [directory, entries] : context.request.told)
    if (books.directories.contains(directory)) ids.insert(ids.end(), entries.begin(), entries.end());
  auto const targets = targets_to_look_at(context, books);
  if (ids.empty() || targets.empty()) return Ours{};
  auto held = context.setup.journal->held_by(ids);
  if (!held) return held.error();
  std::erase_if(*held, [&targets](auto const& of) { return !targets.contains(of.first); });
  return std::move(*held);
}

std::vector<EntryId> people_of(Found const& found) {
  std::set<EntryId> people;
  for (auto const& [target, managed] : found.held)
    for (auto const& grant : managed.grants) people.insert(grant.id);
  for (auto const& [membership, arrival] : found.arrivals) people.insert(membership.person);
  return {people.begin(), people.end()};
}

/// Leaves in `held` what goes on to be looked at, and the groups of that.
void keep_alone(Ours& held, std::function<bool(std::string const& target, Grant const&)> const& keeps) {
  for (auto& [name, managed] : held) {
    std::erase_if(managed.grants,
                  [&keeps, &target = name](Grant const& grant) { return !keeps(target, grant); });
    std::erase_if(managed.groups, [&grants = managed.grants](ManagedGroup const& group) {
      return std::ranges::find(grants, group.group_id, &Grant::group_id) == grants.end();
    });
  }
  std::erase_if(held, [](auto const& of) { return of.second.groups.empty(); });
}

/// The directories' part of what the planner works on.
Result<LinedUp> line_up_people(RunContext const& context, Reads const& reads) {
  auto const& setup = context.setup;
  LinedUp lined_up;
  auto& input = lined_up.input;
  input.limits = setup.limits;
  line_up_directories(context, reads, input);
  for (auto const& [directory, view] : input.views) {
    auto const counts = setup.journal->absences(directory);
    if (!counts) return counts.error();
    for (auto const& count : *counts)
      input.facts.absences[directory].emplace(plan::AbsenceKey{count.key},
                                              plan::AbsentBefore{count.runs, count.counted});
  }
  auto rules = settled_rules(context, input.views);
  if (!rules) return rules.error();
  lined_up.rules = std::move(*rules);
  input.rules = lined_up.rules;
  input.facts.now = context.start.time;
  input.facts.deleted_at = context.request.deleted_at;
  for (auto const& target : setup.targets)
    lined_up.folds_case.emplace(target.name, target.target->traits().group_names_fold_case);
  return lined_up;
}

void line_up_targets(RunContext const& context, Reads const& reads, Ours touched, LinedUp& lined_up) {
  lined_up.ours = std::move(touched);
  lined_up.input.targets.clear();
  for (auto const& target : context.setup.targets) {
    auto const managed = lined_up.ours.find(target.name);
    if (managed == lined_up.ours.end()) continue;
    lined_up.input.targets.push_back({.name = target.name,
                                      .traits = target.target->traits(),
                                      .observed = &reads.observed.at(target.name),
                                      .managed = &managed->second,
                                      .domains = target.domains});
  }
}

/// Memberships that changed too often of late stay as they are, but for those of leavers.
Result<void> note_flips(RunContext const& context, plan::Input& input) {
  if (!input.limits.flaps) return {};
  for (auto const& target : input.targets) {
    auto flips = context.setup.journal->flips(target.name, input.facts.now - input.limits.flaps->within,
                                              input.limits.flaps->count);
    if (!flips) return flips.error();
    input.facts.flips.insert_or_assign(target.name, *std::move(flips));
  }
  return {};
}

Judged judge_leavers(RunContext const& context, LeaverBooks const& books, Drafted drafted) {
  auto const& setup = context.setup;
  plan::JudgeInput judged{.rules = drafted.lined_up.input.rules,
                          .limits = setup.limits,
                          .target_limits = {},
                          .known_rules = {},
                          .new_settings = {},
                          .freezes = {},
                          .besides = counted_besides(books, drafted.draft)};
  for (auto const& rule : drafted.lined_up.rules) judged.known_rules.insert(rule.name);
  for (auto const& target : setup.targets) judged.target_limits.emplace(target.name, target.limits);
  auto plan = plan::judge(drafted.draft, judged, {});
  return {std::move(drafted), {}, {}, std::move(plan), {}};
}

/// All of it, or nothing: what is over a limit a person must see as a whole.
bool may_all_go(Plan const& plan, plan::Departures const& departures, plan::Arrivals const& arrivals) {
  auto const goes = [&departures, &arrivals](Change const& change) {
    if (!is_to_send(change)) return false;
    auto const membership = plan::membership_of(change);
    return change.verb == Verb::add ? arrivals.contains(membership)
                                    : change.part == Part::leavers || departures.contains(membership);
  };
  return !plan.held && !plan.changes.empty() && std::ranges::all_of(plan.changes, goes);
}

/// Who leaves, and who came to which lists; nothing: nobody whom these reads could be about.
asio::awaitable<Result<std::optional<Found>>> find_people(RunContext const& context, LeaverBooks& books,
                                                          Reads& reads) {
  using Maybe = std::optional<Found>;
  auto held = find_held(context, books);
  if (!held) co_return held.error();
  auto const queries = queries_of(context.setup);
  if (!queries) co_return queries.error();
  auto const lists = co_await compare_lists(context, books, *queries);
  if (!lists) co_return lists.error();
  Found found;
  found.held = std::move(*held);
  auto departures = co_await find_departures(context, books, *queries, *lists, found.held);
  if (!departures) co_return departures.error();
  found.departures = std::move(*departures);
  auto arrivals = co_await find_arrivals(context, books, *queries, *lists, found.departures);
  if (!arrivals) co_return arrivals.error();
  found.arrivals = std::move(*arrivals);
  if (found.is_nothing()) co_return Maybe{};
  auto people = people_of(found);
  auto const read = co_await read_leaving_people(context, books, *queries, std::move(people), reads);
  if (!read) co_return read.error();
  if (!*read) co_return Maybe{};
  auto lined_up = line_up_people(context, reads);
  if (!lined_up) co_return lined_up.error();
  found.drafted = want(std::move(*lined_up));
  auto& input = found.drafted.lined_up.input;
  keep_alone(found.held, [&found, &input](std::string const& target, Grant const& grant) {
    return found.departures.contains({target, grant.group_id, grant.id}) ||
           plan::may_leave(input, found.drafted.desired, grant.id);
  });
  auto const looked = co_await look_for_leaving_people(context, books, *queries, found.held, input);
  if (!looked) co_return looked.error();
  // Whoever is not found is gone for certain by now, or not a matter of this run.
  keep_alone(found.held, [&found, &input](std::string const&, Grant const& grant) {
    return !found.drafted.desired.identities->bearers_of(grant.id).empty() ||
           input.facts.confirmed_gone.contains(grant.id);
  });
  find_users_of(found.arrivals, input, books);
  if (found.is_nothing()) co_return Maybe{};
  co_return Maybe{std::move(found)};
}

/// The groups of those who leave, and those that people join.
Ours touched_groups(Ours held, plan::Arrivals const& arrivals) {
  for (auto const& [membership, arrival] : arrivals) {
    auto& groups = held[membership.target].groups;
    if (std::ranges::find(groups, membership.group_id, &ManagedGroup::group_id) == groups.end())
      groups.push_back(arrival.group);
  }
  return held;
}

/// A whole run may add whom this one leaves out.
void expect_others(plan::Arrivals const& asked, Plan const& plan, LeaverBooks& books) {
  std::set<plan::Membership> planned;
  for (auto const& change : plan.changes)
    if (change.verb == Verb::add) planned.insert(plan::membership_of(change));
  for (auto const& [membership, arrival] : asked)
    if (!planned.contains(membership)) expect(books, membership.target, arrival.group.rule, Verb::add, 1);
}

/// The plan of those who leave and of `arrivals`; nothing: there is none, or it may not all be sent.
asio::awaitable<Result<std::optional<Judged>>> plan_with(plan::Arrivals arrivals, RunContext const& context,
                                                         LeaverBooks& books, Found& found, Reads& reads) {
  using Planned = std::optional<Judged>;
  auto touched = touched_groups(found.held, arrivals);
  auto const in_the_way = what_is_in_the_way(context, touched);
  if (!in_the_way) co_return in_the_way.error();
  std::map<std::string, Joining> joiners;
  for (auto const& [membership, arrival] : arrivals) {
    auto& join = joiners[membership.target];
    join.users.insert(arrival.user_id);
    join.groups.insert(membership.group_id);
  }
  reads.observed.clear();
  co_await read_touched_groups(context, joiners, touched, reads);
  if (touched.empty()) {
    books.joiners_wait = true;
    co_return Planned{};
  }
  auto const asked = arrivals;
  keep_same_users(arrivals, reads, books);
  auto& drafted = found.drafted;
  auto& input = drafted.lined_up.input;
  line_up_targets(context, reads, std::move(touched), drafted.lined_up);
  if (auto const noted = note_flips(context, input); !noted) co_return noted.error();
  auto const now = context.setup.clock->now();
  auto const may_go = [&in_the_way, now](Change const& change) { return !in_the_way->stops(change, now); };
  drafted.draft = plan::draft_leavers(input, drafted.desired, found.departures, arrivals, may_go);
  expect_others(asked, drafted.draft.plan, books);
  if (drafted.draft.plan.changes.empty()) co_return Planned{};
  count_whole_groups(books, drafted.draft.groups);
  auto judged = judge_leavers(context, books, std::move(drafted));
  if (may_all_go(judged.plan, found.departures, arrivals)) co_return Planned{std::move(judged)};
  leave_to_whole_run(context, "they are over a limit, or are to wait with the rest");
  // The next whole run may be held for it, and with it whoever joins meanwhile.
  books.joiners_wait = true;
  drafted = std::move(judged.drafted);
  co_return Planned{};
}

}  // namespace

asio::awaitable<Result<std::optional<PlannedLeavers>>> plan_leavers(RunContext const& context,
                                                                    LeaverBooks& books, Reads& reads) {
  using Planned = std::optional<PlannedLeavers>;
  auto found = co_await find_people(context, books, reads);
  if (!found) co_return found.error();
  if (!*found) co_return Planned{};
  auto& all = **found;
  if (!all.arrivals.empty()) {
    auto arrivals = all.arrivals;
    auto judged = co_await plan_with(std::move(arrivals), context, books, all, reads);
    if (!judged) co_return judged.error();
    if (*judged) {
      PlannedLeavers planned{std::move(**judged), std::move(all.arrivals)};
      co_return Planned{std::move(planned)};
    }
  }
  if (all.held.empty()) co_return Planned{};
  plan::Arrivals nobody;
  auto judged = co_await plan_with(std::move(nobody), context, books, all, reads);
  if (!judged) co_return judged.error();
  if (!*judged) co_return Planned{};
  PlannedLeavers planned{std::move(**judged), {}};
  co_return Planned{std::move(planned)};
}

}  // namespace dirsync::engine
