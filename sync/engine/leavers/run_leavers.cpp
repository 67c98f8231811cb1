#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "sync/engine/leavers/leavers.hpp"
#include "sync/engine/leavers/leaving_groups.hpp"
#include "sync/engine/leavers/leaving_people.hpp"
#include "sync/engine/leavers/left_groups.hpp"
#include "sync/engine/read/queries.hpp"
#include "sync/model/assert.hpp"
#include "sync/plan/diff/leavers_draft.hpp"
#include "sync/plan/judge/judge.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

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

std::vector<EntryId> people_of(Ours const& held) {
  std::set<EntryId> people;
  for (auto const& [target, managed] : held)
    for (auto const& grant : managed.grants) people.insert(grant.id);
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

void line_up_targets(RunContext const& context, Reads const& reads, Ours held, LinedUp& lined_up) {
  lined_up.ours = std::move(held);
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

/// What the limits count besides the groups that were read.
std::vector<plan::GroupFigures> besides(LeaverBooks const& books, plan::Draft const& draft) {
  auto rest = books.managed;
  for (auto const& group : draft.groups) rest[{group.target, group.rule}] -= group.managed;
  auto figures = books.since;
  for (auto const& [whose, managed] : rest) {
    plan::GroupFigures elsewhere;
    elsewhere.target = whose.first;
    elsewhere.rule = whose.second;
    elsewhere.managed = std::max<std::int64_t>(0, managed);
    figures.push_back(std::move(elsewhere));
  }
  return figures;
}

Judged judge_leavers(RunContext const& context, LeaverBooks const& books, Drafted drafted) {
  auto const& setup = context.setup;
  plan::JudgeInput judged{.rules = drafted.lined_up.input.rules,
                          .limits = setup.limits,
                          .target_limits = {},
                          .known_rules = {},
                          .new_settings = {},
                          .freezes = {},
                          .besides = besides(books, drafted.draft)};
  for (auto const& rule : drafted.lined_up.rules) judged.known_rules.insert(rule.name);
  for (auto const& target : setup.targets) judged.target_limits.emplace(target.name, target.limits);
  auto plan = plan::judge(drafted.draft, judged, {});
  return {std::move(drafted), {}, {}, std::move(plan), {}};
}

/// All of it, or nothing: what is over a limit a person must see as a whole.
bool may_all_go(Plan const& plan, plan::Departures const& departures) {
  auto const goes = [&departures](Change const& change) {
    return is_to_send(change) && (change.part == Part::leavers || departures.contains(plan::key_of(change)));
  };
  return !plan.held && !plan.changes.empty() && std::ranges::all_of(plan.changes, goes);
}

/// The reads have a few of a group's members; the limits go by all that are ours in it.
void count_whole_groups(LeaverBooks const& books, std::vector<plan::GroupFigures>& groups) {
  for (auto& group : groups) {
    auto const managed = books.managed_in.find({group.target, group.group_id});
    if (managed == books.managed_in.end()) continue;
    group.managed = managed->second;
    for (auto const& done : books.since)
      if (done.target == group.target && done.group_id == group.group_id) group.managed -= done.removals;
  }
}

void note_removals(Judged const& judged, LeaverBooks& books) {
  auto const left = [](plan::Cause cause) { return cause == plan::Cause::left; };
  books.departures += static_cast<int>(std::ranges::count_if(judged.drafted.draft.causes, left));
  for (auto figures : judged.drafted.draft.groups) {
    if (figures.removals == 0) continue;
    figures.managed = figures.adopted = figures.additions = 0;
    books.since.push_back(std::move(figures));
  }
}

/// The plan of those who go; nothing: nobody.
asio::awaitable<Result<std::optional<Judged>>> plan_leavers(RunContext const& context, LeaverBooks& books,
                                                            Reads& reads) {
  using Planned = std::optional<Judged>;
  auto held = find_held(context, books);
  if (!held) co_return held.error();
  auto const queries = queries_of(context.setup);
  if (!queries) co_return queries.error();
  auto const departures = co_await find_departures(context, books, *queries, *held);
  if (!departures) co_return departures.error();
  if (held->empty()) co_return Planned{};
  auto const read = co_await read_leaving_people(context, books, *queries, people_of(*held), reads);
  if (!read) co_return read.error();
  if (!*read) co_return Planned{};
  auto lined_up = line_up_people(context, reads);
  if (!lined_up) co_return lined_up.error();
  auto drafted = want(std::move(*lined_up));
  auto& input = drafted.lined_up.input;
  keep_alone(*held, [&drafted, &input, &departures](std::string const& target, Grant const& grant) {
    return departures->contains({target, grant.group_id, grant.id}) ||
           plan::may_leave(input, drafted.desired, grant.id);
  });
  if (held->empty()) co_return Planned{};
  auto const looked = co_await look_for_leaving_people(context, books, *queries, *held, input);
  if (!looked) co_return looked.error();
  auto const in_the_way = what_is_in_the_way(context, *held);
  if (!in_the_way) co_return in_the_way.error();
  // Whoever is not found is gone for certain by now, or not a matter of this run.
  keep_alone(*held, [&drafted, &input](std::string const&, Grant const& grant) {
    return !drafted.desired.identities->bearers_of(grant.id).empty() ||
           input.facts.confirmed_gone.contains(grant.id);
  });
  if (held->empty()) co_return Planned{};
  co_await read_touched_groups(context, *held, reads);
  if (held->empty()) co_return Planned{};
  line_up_targets(context, reads, std::move(*held), drafted.lined_up);
  auto const now = context.setup.clock->now();
  if (auto const noted = note_flips(context, input); !noted) co_return noted.error();
  auto const may_go = [&in_the_way, now](Change const& change) { return !in_the_way->stops(change, now); };
  drafted.draft = plan::draft_leavers(input, drafted.desired, *departures, may_go);
  if (drafted.draft.plan.changes.empty()) co_return Planned{};
  count_whole_groups(books, drafted.draft.groups);
  auto judged = judge_leavers(context, books, std::move(drafted));
  if (may_all_go(judged.plan, *departures)) co_return Planned{std::move(judged)};
  leave_to_whole_run(context, "they are over a limit, or are to wait with the rest");
  co_return Planned{};
}

}  // namespace

LeaverBooks books_after(Setup const& setup, Report& report) {
  LeaverBooks books;
  books.managed = report.managed;
  books.managed_in = std::move(report.managed_in);
  books.members = std::move(report.members);
  for (auto const& directory : setup.directories)
    if (!report.unread_directories.contains(directory.name)) books.directories.insert(directory.name);
  for (auto const& [name, target] : report.plan.targets)
    if (target.verdict != Verdict::refuse) books.targets.insert(name);
  return books;
}

asio::awaitable<Result<std::optional<Report>>> run_leavers(Setup const& setup, RunRequest request,
                                                           LeaverBooks& books, std::stop_token stop) {
  DIRSYNC_ASSERT(request.apply && !request.told.empty());
  auto context = context_of(setup, request, std::move(stop));
  Reads reads;
  auto judged = co_await plan_leavers(context, books, reads);
  if (!judged) co_return judged.error();
  if (!*judged || context.stop.stop_requested()) co_return std::optional<Report>{};
  auto const run = setup.journal->begin_run(context.start);
  if (!run) co_return run.error();
  context.run = *run;
  note_removals(**judged, books);
  auto written = co_await apply(context, reads, **judged, Decision::apply);
  if (!written) co_return written.error();
  auto report = record(context, std::move(reads), std::move(**judged), std::move(*written));
  if (!report) co_return report.error();
  co_return std::optional<Report>{std::move(*report)};
}

}  // namespace dirsync::engine
