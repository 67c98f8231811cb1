#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "sync/engine/leavers/leavers.hpp"
#include "sync/engine/leavers/leaving_groups.hpp"
#include "sync/engine/leavers/leaving_people.hpp"
#include "sync/engine/read/queries.hpp"
#include "sync/model/assert.hpp"
#include "sync/plan/diff/leavers_draft.hpp"
#include "sync/plan/judge/judge.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

/// Targets whose users are told by DNs, which the last whole run read, and that are tried now.
std::set<std::string> targets_to_look_at(RunContext const& context, LeaverBooks const& books) {
  std::set<std::string> names;
  for (auto const& target : context.setup.targets)
    if (target.target->traits().matches_by_dn && books.targets.contains(target.name) &&
        !context.request.untried.targets.contains(target.name))
      names.insert(target.name);
  return names;
}

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
void keep_alone(Ours& held, std::function<bool(Grant const&)> const& keeps) {
  for (auto& [target, managed] : held) {
    std::erase_if(managed.grants, [&keeps](Grant const& grant) { return !keeps(grant); });
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
bool may_all_go(Plan const& plan) {
  auto const goes = [](Change const& change) { return is_to_send(change) && change.part == Part::leavers; };
  return !plan.held && !plan.changes.empty() && std::ranges::all_of(plan.changes, goes);
}

void note_removals(Judged const& judged, LeaverBooks& books) {
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
  if (held->empty()) co_return Planned{};
  auto const queries = queries_of(context.setup);
  if (!queries) co_return queries.error();
  auto const read = co_await read_leaving_people(context, books, *queries, people_of(*held), reads);
  if (!read) co_return read.error();
  if (!*read) co_return Planned{};
  auto lined_up = line_up_people(context, reads);
  if (!lined_up) co_return lined_up.error();
  auto drafted = want(std::move(*lined_up));
  auto& input = drafted.lined_up.input;
  keep_alone(*held, [&drafted, &input](Grant const& grant) {
    return plan::may_leave(input, drafted.desired, grant.id);
  });
  if (held->empty()) co_return Planned{};
  auto const looked = co_await look_for_leaving_people(context, books, *queries, *held, input);
  if (!looked) co_return looked.error();
  auto const in_the_way = what_is_in_the_way(context, *held);
  if (!in_the_way) co_return in_the_way.error();
  // Whoever is not found is gone for certain by now, or not a matter of this run.
  keep_alone(*held, [&drafted, &input](Grant const& grant) {
    return !drafted.desired.identities->bearers_of(grant.id).empty() ||
           input.facts.confirmed_gone.contains(grant.id);
  });
  if (held->empty()) co_return Planned{};
  co_await read_touched_groups(context, *held, reads);
  if (held->empty()) co_return Planned{};
  line_up_targets(context, reads, std::move(*held), drafted.lined_up);
  auto const now = context.setup.clock->now();
  drafted.draft = plan::draft_leavers(input, drafted.desired, [&in_the_way, now](Change const& change) {
    return !in_the_way->stops(change, now);
  });
  if (drafted.draft.plan.changes.empty()) co_return Planned{};
  auto judged = judge_leavers(context, books, std::move(drafted));
  if (may_all_go(judged.plan)) co_return Planned{std::move(judged)};
  leave_to_whole_run(context, "they are over a limit, or are to wait with the rest");
  co_return Planned{};
}

}  // namespace

LeaverBooks books_after(Setup const& setup, Report const& report) {
  LeaverBooks books;
  books.managed = report.managed;
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
