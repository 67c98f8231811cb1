#include "sync/plan/diff/flapping.hpp"

#include <string_view>
#include <tuple>

#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

/// Target, group, and the person: by immutable id, else by name.
using MembershipKey = std::tuple<std::string, std::string, std::string, std::string>;

MembershipKey flip_key(std::string const& target, auto const& one) {
  auto const& id = one.id.value();
  return {target, fold_case(one.group), id, id.empty() ? fold_case(one.principal) : std::string{}};
}

/// With the time of the first of those that are too many.
using KnownFlips = std::map<MembershipKey, Time>;

KnownFlips flips_of(Input const& input, Limits::Flaps const& limit) {
  DIRSYNC_ASSERT(limit.count > 0);
  auto const counted = static_cast<std::size_t>(limit.count);
  KnownFlips known;
  for (auto const& [target, all] : input.facts.flips)
    for (auto const& flips : all) {
      auto times = flips.times;
      // Of a clock that was ahead once: else they would count until it is there.
      std::erase_if(times, [now = input.facts.now](Time time) { return time > now; });
      if (times.size() >= counted) known.emplace(flip_key(target, flips), times[counted - 1]);
    }
  return known;
}

Obstacle obstacle(Time first, Limits::Flaps const& limit) {
  return {.code = "flapping",
          .text = "runs changed this membership " + std::to_string(limit.count) + " times since " +
                  rfc3339(first) + ", so that it stays as it is until " + rfc3339(first + limit.within) +
                  "; find out what changes it to and fro in the directory. limits.flaps says how often is "
                  "too often"};
}

}  // namespace

void hold_flapping(std::vector<Drafted>& drafted, Input const& input) {
  auto const& limit = input.limits.flaps;
  if (!limit) return;
  auto const known = flips_of(input, *limit);
  if (known.empty()) return;
  for (auto& [change, cause, absence_key, directory, ours, gone_rule] : drafted) {
    auto const is_membership = change.verb == Verb::add || change.verb == Verb::remove;
    if (!is_membership || !is_to_send(change) || cause == Cause::gone || cause == Cause::disabled) continue;
    auto const found = known.find(flip_key(change.target, change));
    if (found != known.end()) change.blocked = obstacle(found->second, *limit);
  }
}

}  // namespace dirsync::plan
