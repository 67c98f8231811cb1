#include "daemon/notify/news.hpp"

#include <algorithm>

#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::notify {
namespace {

void add_held(Plan const& plan, std::vector<News>& news) {
  // With a target that could not be read the plan as a whole is refused, and waits all the same.
  auto const waits =
      plan.verdict == Verdict::hold || std::ranges::any_of(plan.targets, [](auto const& target) {
        return target.second.verdict == Verdict::hold;
      });
  if (!plan.held || !waits) return;
  // Neither is a question: somebody has said no, or there is nothing but frozen changes.
  auto const is_rejected =
      std::ranges::find(plan.reasons, std::string_view{"rejected"}, &Reason::code) != plan.reasons.end();
  auto const is_waiting = [](Change const& change) {
    return is_to_send(change) && change.part == Part::rest;
  };
  if (is_rejected || (!plan.freezes.empty() && std::ranges::none_of(plan.changes, is_waiting))) return;
  news.push_back({Event::held, plan.digest.value(), "",
                  "a plan waits for a person: " + join(plan.reasons, "; ", &Reason::text) +
                      ". Look at it with `dirsyncd plan`, then `dirsyncd approve` or `dirsyncd reject`"});
}

void add_blocked(Plan const& plan, std::vector<News>& news) {
  for (auto const& change : plan.changes)
    if (change.blocked && change.verb == Verb::remove)
      news.push_back({Event::blocked, change.target + ": " + change.group + ", " + change.principal,
                      change.blocked->code,
                      printable(change.principal) + " is due to leave " + printable(change.group) + " of " +
                          change.target + ", and cannot be taken out: " + change.blocked->text});
}

void add_frozen(Plan const& plan, std::vector<News>& news) {
  for (auto const& freeze : plan.freezes)
    news.push_back(
        {Event::frozen, freeze.target.empty() ? "all targets" : freeze.target, rfc3339(freeze.since),
         printable(text(freeze), 1000) + ". `dirsyncd " + thaw_command({&freeze, 1}) + "` ends it"});
}

void add_incomplete(engine::Report const& report, std::vector<News>& news) {
  for (auto const& [side, certificate] : report.certificates)
    if (auto const* const clause = certificate.failing())
      news.push_back({Event::read_incomplete, side, clause->name,
                      side + " could not be read completely (" + clause->name + ": " + clause->detail +
                          "); nothing is decided on it. See `dirsyncd run show " +
                          std::to_string(report.run.value()) + "`"});
}

/// One for each target: the first of its changes that went wrong stands for all.
void add_failing(engine::Report const& report, std::vector<News>& news) {
  std::map<std::string, std::pair<std::size_t, Settled const*>> by_target;
  for (auto const& settled : report.outcomes) {
    if (settled.outcome != Outcome::failed && settled.outcome != Outcome::unknown) continue;
    auto& [count, first] = by_target[settled.change.target];
    if (count++ == 0) first = &settled;
  }
  for (auto const& [target, failed] : by_target) {
    auto const& [count, first] = failed;
    news.push_back({Event::failing, target, "",
                    std::to_string(count) + " changes of " + target + " failed, such as " +
                        to_text(first->change.verb) + " " + printable(first->change.principal) + " in " +
                        printable(first->change.group) + ": " + first->detail + ". See `dirsyncd run show " +
                        std::to_string(report.run.value()) + "`"});
  }
}

/// What failed is left alone for a while; that must not look like an end of it.
void note_untried(engine::Report const& report, std::set<std::string>& untried) {
  auto const settled = by_change(report.plan, report.outcomes);
  for (std::size_t at = 0; at < settled.size(); ++at) {
    auto const& change = report.plan.changes[at];
    auto const is_due = is_to_send(change) || change.frozen;
    if (settled[at] == nullptr ? is_due : settled[at]->outcome == Outcome::skipped)
      untried.insert(change.target);
  }
}

bool nobody_can_say(Event event, std::string const& subject, Situation const& now) {
  if (event == Event::held) return !now.unread.empty();
  if (event == Event::failing && now.untried.contains(subject)) return true;
  if (event != Event::blocked && event != Event::failing) return false;
  return now.unread.contains(subject.substr(0, subject.find(": ")));
}

}  // namespace

char const* to_text(Event event) {
  switch (event) {
    case Event::held:
      return "held";
    case Event::blocked:
      return "blocked";
    case Event::read_incomplete:
      return "read_incomplete";
    case Event::failing:
      return "failing";
    case Event::store_behind:
      return "store_behind";
    case Event::chain_broken:
      return "chain_broken";
    case Event::frozen:
      return "frozen";
  }
  return "";
}

Situation situation_of(engine::Report const& report) {
  Situation now;
  add_held(report.plan, now.news);
  add_blocked(report.plan, now.news);
  add_frozen(report.plan, now.news);
  add_incomplete(report, now.news);
  add_failing(report, now.news);
  for (auto const& [name, target] : report.plan.targets)
    if (target.verdict == Verdict::refuse) now.unread.insert(name);
  note_untried(report, now.untried);
  return now;
}

std::vector<News> Told::fresh(Situation const& now) {
  std::vector<News> fresh;
  std::map<std::pair<Event, std::string>, std::string> states;
  for (auto const& news : now.news) {
    std::pair const key{news.event, news.subject};
    if (!states.emplace(key, news.state).second) continue;
    auto const before = states_.find(key);
    if (before == states_.end() || before->second != news.state) fresh.push_back(news);
  }
  for (auto const& [key, state] : states_)
    if (nobody_can_say(key.first, key.second, now)) states.emplace(key, state);
  states_ = std::move(states);
  return fresh;
}

}  // namespace dirsync::notify
