#include "sync/model/plan.hpp"

#include <algorithm>
#include <unordered_map>

#include "sync/model/assert.hpp"
#include "sync/model/target_traits.hpp"

namespace dirsync {

char const* to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::in_sync:
      return "in-sync";
    case Verdict::wait:
      return "wait";
    case Verdict::run:
      return "run";
    case Verdict::hold:
      return "hold";
    case Verdict::refuse:
      return "refuse";
  }
  DIRSYNC_ASSERT(false);
}

char const* to_text(TargetKind kind) {
  switch (kind) {
    case TargetKind::vault:
      return "cyberark-vault";
    case TargetKind::console:
      return "pulse-console";
  }
  DIRSYNC_ASSERT(false);
}

bool is_frozen(Plan const& plan, std::string_view target) {
  return std::ranges::any_of(plan.freezes, [target](Freeze const& freeze) { return covers(freeze, target); });
}

bool keeps_back(Plan const& plan, std::optional<std::string_view> target) {
  return std::ranges::any_of(plan.changes, [&target](Change const& change) {
    return change.frozen && (!target || change.target == *target);
  });
}

std::vector<Settled const*> by_change(Plan const& plan, std::span<Settled const> outcomes) {
  std::unordered_map<int, Settled const*> by_number;
  for (auto const& settled : outcomes) by_number.emplace(settled.change.n, &settled);
  std::vector<Settled const*> found;
  found.reserve(plan.changes.size());
  for (auto const& change : plan.changes) {
    auto const settled = by_number.find(change.n);
    found.push_back(settled == by_number.end() ? nullptr : settled->second);
  }
  return found;
}

}  // namespace dirsync
