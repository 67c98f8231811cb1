#include "daemon/log_folding.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace dirsync {
namespace {

constexpr std::string_view kUnread = "read_incomplete";
constexpr std::array<std::string_view, 6> kStates{kUnread,  "plan_held",        "plan_rejected",
                                                  "frozen", "insecure_setting", "change_not_applied"};
constexpr std::array<std::string_view, 2> kFeeds{"feed_down", "feed_up"};
/// Of one run alone.
constexpr std::array<std::string_view, 5> kOfARun{"cycle", "ms", "change", "attempt", "attempts"};

bool is_one_of(std::span<std::string_view const> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<std::string> key_of(std::string_view event, std::span<Monitor::Field const> fields) {
  std::vector<std::string> key{std::string{event}};
  for (auto const& [name, value] : fields) {
    if (is_one_of(kOfARun, name)) continue;
    key.emplace_back(name);
    key.push_back(value);
  }
  return key;
}

/// The value of a field; empty when it has none.
std::string value_in(std::span<Monitor::Field const> fields, std::string_view name) {
  auto const found = std::ranges::find(fields, name, &Monitor::Field::key);
  return found == fields.end() ? std::string{} : found->value;
}

/// One more time, in this run.
void count(auto& state, Time now) {
  if (state.repeated++ == 0) state.since = state.told = now;
  state.last = now;
  state.in_this_run = true;
}

void forget_what_is_over(auto& states) {
  std::erase_if(states, [](auto const& entry) { return !entry.second.in_this_run; });
  for (auto& [key, state] : states) state.in_this_run = false;
}

}  // namespace

LogFolding::Verdict LogFolding::note(std::string_view event, std::span<Monitor::Field const> fields,
                                     Time now) {
  if (is_one_of(kFeeds, event)) {
    std::erase_if(feeds_, [now](auto const& feed) { return now - feed.second.last >= kLongestSilence; });
    auto& feed = feeds_[key_of(event, fields)];
    count(feed, now);
    return judge(feed, now);
  }
  if (!is_one_of(kStates, event)) return {.since = now};
  auto& state = states_[key_of(event, fields)];
  count(state, now);
  if (event == kUnread) count(unread_[value_in(fields, "side")], now);
  return judge(state, now);
}

LogFolding::Verdict LogFolding::judge(State& state, Time now) {
  // A clock that was set back must not make it silent for longer.
  auto const silent = now < state.told || now - state.told >= kLongestSilence;
  Verdict const verdict{.tell = std::has_single_bit(state.repeated) || silent,
                        .repeated = state.repeated,
                        .since = state.since};
  if (verdict.tell) state.told = now;
  return verdict;
}

std::vector<LogFolding::Unread> LogFolding::end_run() {
  std::vector<Unread> read_again;
  for (auto const& [side, state] : unread_)
    if (!state.in_this_run) read_again.push_back({side, state.repeated, state.since});
  forget_what_is_over(unread_);
  forget_what_is_over(states_);
  return read_again;
}

}  // namespace dirsync
