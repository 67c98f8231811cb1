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

using KnownFlips = std::map<MembershipKey, Flips const*>;

KnownFlips flips_of(Input const& input, Limits::Flaps const& limit) {
  KnownFlips known;
  for (auto const& [target, all] : input.facts.flips)
    for (auto const& flips : all)
      if (std::cmp_greater_equal(flips.times.size(), limit.count))
        known.emplace(flip_key(target, flips), &flips);
  return known;
}

Obstacle obstacle(Flips const& flips, Limits::Flaps const& limit) {
  auto const counted = static_cast<std::size_t>(limit.count);
  DIRSYNC_ASSERT(counted > 0 && counted <= flips.times.size());
  auto const first = flips.times[counted - 1];
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
    if (found != known.end()) change.blocked = obstacle(*found->second, *limit);
  }
}

}  // namespace dirsync::plan
