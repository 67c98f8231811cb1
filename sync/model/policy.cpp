#include "sync/model/policy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sync/model/assert.hpp"

namespace dirsync {

std::int64_t PercentLimit::allowed(std::int64_t base) const {
  constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
  if (off) return kAll;
  if (!percent && !at_most) return at_least;
  auto const share =
      percent ? static_cast<std::int64_t>(std::floor(*percent * static_cast<double>(base) / 100)) : kAll;
  return std::max(at_least, std::min(at_most.value_or(kAll), share));
}

char const* to_text(ForeignMembers value) {
  switch (value) {
    case ForeignMembers::keep:
      return "keep";
    case ForeignMembers::report:
      return "report";
    case ForeignMembers::remove:
      return "remove";
  }
  DIRSYNC_ASSERT(false);
}

char const* to_text(DeleteGroups value) { return value == DeleteGroups::never ? "never" : "when-empty"; }
char const* to_text(SourceGone value) { return value == SourceGone::keep ? "keep" : "empty"; }
char const* to_text(MembersAs value) { return value == MembersAs::users ? "users" : "group"; }
char const* to_text(OnCollision value) {
  switch (value) {
    case OnCollision::unite:
      return "unite";
    case OnCollision::hold:
      return "hold";
    case OnCollision::refuse:
      return "refuse";
  }
  DIRSYNC_ASSERT(false);
}

}  // namespace dirsync
