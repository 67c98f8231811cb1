#include "sync/engine/apply/verification.hpp"

#include <algorithm>
#include <vector>

#include "sync/engine/apply/carry_out.hpp"
#include "sync/engine/apply/fate.hpp"

namespace dirsync::engine {
namespace {

constexpr char kNoEffect[] =
    "the target answered success, but reading the group back shows no effect; the next run tries it again, "
    "look into the target's own log if it stays so";

/// Of one transaction: so many that a sync of the disk counts for little, and few enough for the loop.
constexpr std::size_t kTogether = 256;

}  // namespace

void compare_with_group(std::span<Settled* const> changes, Result<std::optional<TargetGroup>> const& group,
                        Observed const& observed) {
  if (!group) {
    for (auto* settled : changes)
      tell_unverified(*settled, "the group could not be read back: " + text(group.error()));
    return;
  }
  std::optional<MemberIndex> members;
  if (*group) members.emplace(**group, observed);
  for (auto* settled : changes) {
    auto const& change = settled->change;
    auto const is_so = is_membership(change)
                           ? (members && members->holds(change)) == (change.verb == Verb::add)
                           : has_happened(change, *group ? &**group : nullptr, observed);
    if (is_so) continue;
    settled->outcome = Outcome::failed;
    settled->detail = kNoEffect;
  }
}

void settle_verified(ApplyContext& context, std::span<Settled* const> changes,
                     std::span<std::int64_t const> intents) {
  for (std::size_t first = 0; first < changes.size() && !context.journal_failure; first += kTogether) {
    std::vector<Answered> answered;
    for (auto at = first; at < std::min(first + kTogether, changes.size()); ++at) {
      changes[at]->delay = delay_until(context.clock->now(), *changes[at]);
      answered.push_back({intents[at], changes[at]});
    }
    auto const recorded = context.audit.journal->settle_all(answered);
    if (!recorded) context.journal_failure = recorded.error();
    for (auto const& one : answered)
      tell_outcome(*context.monitor, context.audit.run, one.settled->change, one.settled);
  }
}

}  // namespace dirsync::engine
