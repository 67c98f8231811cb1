#include "daemon/notify/news.hpp"

#include <algorithm>

#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::notify {
namespace {

void add_held(Plan const& plan, std::vector<News>& news) {
  if (!plan.held || plan.verdict != Verdict::hold) return;
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

std::vector<News> news_of(engine::Report const& report) {
  std::vector<News> news;
  add_held(report.plan, news);
  add_blocked(report.plan, news);
  add_incomplete(report, news);
  add_failing(report, news);
  return news;
}

std::vector<News> Told::fresh(std::vector<News> const& now) {
  std::vector<News> fresh;
  std::map<std::pair<Event, std::string>, std::string> states;
  for (auto const& news : now) {
    std::pair const key{news.event, news.subject};
    if (!states.emplace(key, news.state).second) continue;
    auto const before = states_.find(key);
    if (before == states_.end() || before->second != news.state) fresh.push_back(news);
  }
  states_ = std::move(states);
  return fresh;
}

}  // namespace dirsync::notify
