#include "sync/engine/leavers/leaver_books.hpp"

#include <algorithm>
#include <utility>

namespace dirsync::engine {
namespace {

/// Nothing waits, failed, or was left for the next run; what is blocked may wait for long.
bool left_nothing(Report const& report) {
  auto const& plan = report.plan;
  if (plan.held || !plan.freezes.empty() || report.gave_way || report.stopped || report.declined ||
      report.ended_early)
    return false;
  auto const settled = by_change(plan, report.outcomes);
  for (std::size_t at = 0; at < settled.size(); ++at) {
    if (plan.changes[at].blocked) continue;
    if (settled[at] == nullptr || !is_success(settled[at]->outcome)) return false;
  }
  return true;
}

plan::GroupFigures figures_under(std::string const& target, std::string const& rule) {
  plan::GroupFigures figures;
  figures.target = target;
  figures.rule = rule;
  return figures;
}

}  // namespace

LeaverBooks books_after(Setup const& setup, Report& report) {
  LeaverBooks books;
  books.managed = report.managed;
  books.managed_in = std::move(report.managed_in);
  books.members = std::move(report.members);
  books.users = std::move(report.users);
  if (left_nothing(report)) books.fed = std::move(report.fed);
  for (auto const& directory : setup.directories)
    if (!report.unread_directories.contains(directory.name)) books.directories.insert(directory.name);
  for (auto const& [name, target] : report.plan.targets)
    if (target.verdict != Verdict::refuse) books.targets.insert(name);
  return books;
}

void pack(LeaverBooks& books) {
  auto const make_anew = [](auto& parts) {
    auto anew = parts;
    parts = std::move(anew);
  };
  make_anew(books.managed);
  make_anew(books.managed_in);
  make_anew(books.fed);
}

void expect(LeaverBooks& books, std::string const& target, std::string const& rule, Verb verb,
            std::int64_t count) {
  if (count <= 0) return;
  auto& all = books.expected;
  auto const is_it = [&target, &rule](plan::GroupFigures const& figures) {
    return figures.target == target && figures.rule == rule;
  };
  auto known = std::ranges::find_if(all, is_it);
  if (known == all.end()) known = all.insert(all.end(), figures_under(target, rule));
  (verb == Verb::add ? known->additions : known->removals) += count;
}

void count_whole_groups(LeaverBooks const& books, std::vector<plan::GroupFigures>& groups) {
  for (auto& group : groups) {
    auto const managed = books.managed_in.find({group.target, group.group_id});
    if (managed == books.managed_in.end()) continue;
    group.managed = managed->second;
    for (auto const& done : books.since)
      if (done.target == group.target && done.group_id == group.group_id) group.managed -= done.removals;
  }
}

std::vector<plan::GroupFigures> counted_besides(LeaverBooks const& books, plan::Draft const& draft) {
  auto rest = books.managed;
  for (auto const& group : draft.groups) rest[{group.target, group.rule}] -= group.managed;
  auto figures = books.since;
  auto const adds = [](plan::GroupFigures const& group) { return group.additions > 0; };
  if (std::ranges::any_of(draft.groups, adds))
    figures.insert(figures.end(), books.expected.begin(), books.expected.end());
  else
    for (auto& group : figures) group.additions = 0;
  for (auto const& [whose, managed] : rest) {
    auto elsewhere = figures_under(whose.first, whose.second);
    elsewhere.managed = std::max<std::int64_t>(0, managed);
    figures.push_back(std::move(elsewhere));
  }
  return figures;
}

void note_changes(Judged const& judged, LeaverBooks& books) {
  auto const left = [](plan::Cause cause) { return cause == plan::Cause::left; };
  books.departures += static_cast<int>(std::ranges::count_if(judged.drafted.draft.causes, left));
  for (auto figures : judged.drafted.draft.groups) {
    if (figures.removals + figures.additions == 0) continue;
    figures.managed = figures.adopted = 0;
    books.since.push_back(std::move(figures));
  }
}

void note_joined(Report const& report, plan::Arrivals const& arrivals, LeaverBooks& books) {
  auto const count = [](auto& managed, std::string const& target, std::string const& whose) {
    if (auto const found = managed.find({target, whose}); found != managed.end()) ++found->second;
  };
  for (auto const& settled : report.outcomes) {
    auto const& change = settled.change;
    if (!is_success(settled.outcome)) books.joiners_wait = true;
    auto const arrival = arrivals.find(plan::membership_of(change));
    if (change.verb != Verb::add || !is_success(settled.outcome) || arrival == arrivals.end()) continue;
    count(books.managed_in, change.target, change.group_id);
    auto const book = books.members.find(arrival->second.directory);
    if (book != books.members.end()) book->second.note_joined(arrival->second.list, change.id);
  }
}

}  // namespace dirsync::engine
