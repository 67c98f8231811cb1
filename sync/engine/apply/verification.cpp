#include "sync/engine/apply/verification.hpp"

#include "sync/engine/apply/carry_out.hpp"
#include "sync/engine/apply/fate.hpp"

namespace dirsync::engine {
namespace {

constexpr char kNoEffect[] =
    "the target answered success, but reading the group back shows no effect; the next run tries it again, "
    "look into the target's own log if it stays so";

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

}  // namespace dirsync::engine
