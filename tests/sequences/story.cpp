#include "tests/sequences/story.hpp"

#include <algorithm>

#include "tests/sequences/closing.hpp"
#include "tests/sequences/oracle.hpp"

namespace dirsync::sequences {
namespace {

Deed pick(std::span<Act const> acts, Dice& dice) {
  int total = 0;
  for (auto const& act : acts) total += act.weight;
  auto at = dice.below(total);
  for (auto const& act : acts)
    if ((at -= act.weight) < 0) return act.deed;
  return acts.back().deed;
}

std::string outcome_line(Attempt const& attempt) {
  if (!attempt.report) return "  failed: " + attempt.failure;
  auto const& report = *attempt.report;
  auto text = "  exit " + std::to_string(static_cast<int>(report.exit)) + ", " +
              to_text(report.plan.verdict) + " " + report.plan.digest.value().substr(0, 8);
  if (report.plan.held) text += ", held";
  for (auto const& reason : report.plan.reasons) text += " " + reason.code;
  return text;
}

void tell(Attempt const& attempt, std::vector<std::string>& lines) {
  lines.push_back(outcome_line(attempt));
  if (attempt.report) {
    for (auto const& words : engine::outcomes(*attempt.report)) lines.push_back("    " + words);
    for (auto const& [name, target] : attempt.report->plan.targets)
      for (auto const& notice : target.notices)
        lines.push_back("    " + name + " notice " + notice.code + " " + notice.group + " " +
                        notice.principal);
    return;
  }
  for (auto const& sent : attempt.sent)
    lines.push_back("    sent " + sent.change.target + " " + fake::in_words(sent.change) +
                    (sent.took_effect ? ", done" : ""));
}

void count(Attempt const& attempt, Circumstances const& was, Figures& figures) {
  ++figures.runs;
  figures.faults += was.has_fault();
  figures.crashes += was.crash && !attempt.report;
  figures.changes += static_cast<int>(attempt.sent.size());
  for (auto const& sent : attempt.sent) figures.removals += sent.change.verb == Verb::remove;
  if (!attempt.report) return;
  auto const& report = *attempt.report;
  figures.holds += report.exit == engine::Exit::held;
  figures.refused += report.exit == engine::Exit::unread;
  figures.approvals += report.plan.approved.has_value();
  for (auto const& change : report.plan.changes) {
    figures.blocked += change.blocked.has_value();
    figures.unconfirmed += change.unconfirmed;
    figures.frozen += change.frozen;
  }
}

}  // namespace

Figures& Figures::operator+=(Figures const& more) {
  worlds += more.worlds, runs += more.runs, changes += more.changes, removals += more.removals;
  holds += more.holds, approvals += more.approvals, refused += more.refused, faults += more.faults;
  crashes += more.crashes, configurations += more.configurations, recovered += more.recovered;
  blocked += more.blocked, unconfirmed += more.unconfirmed, frozen += more.frozen;
  return *this;
}

std::string to_text(Figures const& figures) {
  std::string text;
  auto const add = [&text](int number, char const* what) {
    text += (text.empty() ? "" : ", ") + std::to_string(number) + " " + what;
  };
  add(figures.worlds, "worlds"), add(figures.runs, "runs"), add(figures.changes, "changes sent");
  add(figures.removals, "of them removals"), add(figures.holds, "runs held"),
      add(figures.approvals, "approved");
  add(figures.refused, "refused"), add(figures.faults, "with faults"), add(figures.crashes, "crashed");
  add(figures.configurations, "after a new configuration"), add(figures.recovered, "changes recovered");
  add(figures.blocked, "blocked"), add(figures.unconfirmed, "unconfirmed"), add(figures.frozen, "frozen");
  return text;
}

Story make_story(unsigned seed) {
  Dice dice{seed + 1'000'000};
  Dice others{seed + 6'000'000};  // of their own, so that worlds without stay as they are
  auto const freezes = others.chance(3);
  Story story{.seed = seed, .begins_in_sync = !dice.chance(4), .runs = {}};
  for (int runs = dice.below(5) + 6; runs > 0; --runs) {
    auto& events = story.runs.emplace_back();
    auto const add = [&events, &dice](std::span<Act const> acts) {
      auto const deed = pick(acts, dice);
      events.push_back({deed, dice.number()});
    };
    for (int n = dice.below(5); n > 0; --n) add(directory_acts());
    if (dice.chance(4)) add(target_acts());
    if (dice.chance(5)) add(configuration_acts());
    for (int n = dice.chance(2) ? dice.below(3) + 1 : 0; n > 0; --n) add(fault_acts());
    if (!dice.chance(3)) add(operator_acts());
    if (freezes && !others.chance(3)) events.push_back({pick(freeze_acts(), others), others.number()});
    events.push_back({pass_time, dice.number()});
  }
  return story;
}

Told play(Story const& story) {
  Told told;
  told.figures.worlds = 1;
  World world{story.seed};
  Oracle oracle{world};
  auto const run = [&world, &oracle, &told] {
    oracle.before_run();
    auto const was = world.now;
    auto attempt = world.run();
    tell(attempt, told.lines);
    count(attempt, was, told.figures);
    oracle.after_run(attempt, was);
    return attempt;
  };
  if (story.begins_in_sync) {
    run();
    if (auto const held = world.plant.journal.held_plans(); !held->empty())
      world.now.approve = held->front().digest;
    run();
  }
  for (auto const& events : story.runs) {
    for (auto const& event : events) {
      Dice dice{event.seed};
      auto const words = event.deed(world, dice);
      if (words.empty()) continue;
      told.lines.push_back("- " + words);
      told.figures.configurations += words.starts_with("CONFIG");
    }
    run();
    if (!oracle.problems.empty()) break;
  }
  if (oracle.problems.empty()) come_to_rest(world, oracle, run, told.lines);
  told.figures.recovered = static_cast<int>(
      std::ranges::count(world.plant.journal.audit, std::string{"recovered"}, &AuditRow::phase));
  told.problems = std::move(oracle.problems);
  return told;
}

Story shorten(Story story) {
  auto const still_fails = [](Story const& shorter) { return !play(shorter).problems.empty(); };
  for (auto at = story.runs.size(); at-- > 0;) {
    auto without = story;
    without.runs.erase(without.runs.begin() + static_cast<std::ptrdiff_t>(at));
    if (still_fails(without)) story = std::move(without);
  }
  for (std::size_t run = 0; run < story.runs.size(); ++run)
    for (auto at = story.runs[run].size(); at-- > 0;) {
      auto without = story;
      without.runs[run].erase(without.runs[run].begin() + static_cast<std::ptrdiff_t>(at));
      if (still_fails(without)) story = std::move(without);
    }
  return story;
}

}  // namespace dirsync::sequences
