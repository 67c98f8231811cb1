#include "daemon/schedule.hpp"

#include <time.h>

#include <algorithm>
#include <optional>

#include "sync/engine/read/reads.hpp"

namespace dirsync {

using std::chrono::milliseconds;
namespace {

/// Between two tries of a side, whatever feeds tell.
constexpr milliseconds kShortest{10'000};

}  // namespace

SinceBoot since_boot() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds{now.tv_sec} + milliseconds{now.tv_nsec / 1'000'000};
}

milliseconds look_again_after(SinceBoot due, SinceBoot now) {
  return std::clamp<milliseconds>(due - now, milliseconds{0}, std::chrono::minutes{1});
}

milliseconds side_back_off(milliseconds interval, std::uint64_t failures) {
  constexpr milliseconds kLongest = std::chrono::hours{1};
  if (failures < 2) return milliseconds{0};
  auto pause = interval;
  for (std::uint64_t at = 1; at < failures && pause < kLongest; ++at) pause *= 2;
  return std::min(pause, kLongest);
}

milliseconds short_back_off(milliseconds interval, std::uint64_t failures) {
  return std::min(side_back_off(kShortest, failures), interval);
}

engine::Untried SideBackOff::untried(SinceBoot now) const {
  return {.directories = untried(directories_, now), .targets = untried(targets_, now)};
}

std::map<std::string, Error> SideBackOff::untried(Sides const& sides, SinceBoot now) {
  std::map<std::string, Error> left_out;
  for (auto const& [name, side] : sides)
    if (now < side.next)
      left_out.emplace(
          name, within("not tried: failed " + std::to_string(side.failures) + " times in a row since " +
                           rfc3339(side.since) + ", next try at " + rfc3339(side.next_time) + "; last",
                       side.last));
  return left_out;
}

void SideBackOff::note(engine::Report const& report, engine::Untried const& left_out, milliseconds interval,
                       SinceBoot now, Time time, bool by_feed) {
  Moment const moment{.interval = interval, .now = now, .time = time, .by_feed = by_feed};
  note(report.unread_directories, left_out.directories, moment, directories_);
  note(report.unread_targets, left_out.targets, moment, targets_);
}

void SideBackOff::note(std::map<std::string, Error> const& unread,
                       std::map<std::string, Error> const& left_out, Moment const& moment, Sides& sides) {
  auto const failed = [&unread](std::string const& name) {
    auto const found = unread.find(name);
    return found != unread.end() && engine::refusal_code(found->second) == "read-failed";
  };
  std::erase_if(sides, [&failed](auto const& side) { return !failed(side.first); });
  for (auto const& [name, error] : unread) {
    if (!failed(name) || left_out.contains(name)) continue;
    auto& side = sides[name];
    auto const pause = count_failure(side, moment);
    side.next = moment.now + pause;
    side.next_time = moment.time + pause;
    side.last = error;
  }
}

/// For how long it is left out now.
milliseconds SideBackOff::count_failure(Side& side, Moment const& moment) {
  if (side.failures++ == 0) side.since = moment.time;
  if (moment.by_feed && side.counted > 0 && moment.now - side.counted_at < moment.interval)
    return short_back_off(moment.interval, side.failures);
  ++side.counted;
  side.counted_at = moment.now;
  return side_back_off(moment.interval, side.counted);
}

SinceBoot SideBackOff::next_try(SinceBoot now) const {
  std::optional<SinceBoot> first;
  for (auto const* const sides : {&directories_, &targets_})
    for (auto const& [name, side] : *sides) first = first ? std::min(*first, side.next) : side.next;
  return std::max(first.value_or(now), now + kShortest);
}

void SideBackOff::try_again(std::string const& target) {
  for (auto& [name, side] : directories_) side.next = SinceBoot{0};
  for (auto& [name, side] : targets_)
    if (target.empty() || target == name) side.next = SinceBoot{0};
}

void SideBackOff::forget() {
  directories_.clear();
  targets_.clear();
}

}  // namespace dirsync
