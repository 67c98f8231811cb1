#include "sync/engine/read/damaged_rows.hpp"

#include <algorithm>

#include "sync/engine/errors.hpp"
#include "sync/model/damage.hpp"
#include "sync/model/directory_policy.hpp"

namespace dirsync::engine {
namespace {

/// `rows`: users or groups.
std::size_t count_damaged(auto const& rows) {
  return static_cast<std::size_t>(std::ranges::count_if(rows, [](auto const& row) {
    return row.left_alone == LeftAlone::damaged && !row.protected_because.empty();
  }));
}

}  // namespace

Result<void> require_few_damaged_rows(std::string const& target, Observed const& observed,
                                      Certificate& certificate) {
  auto const users = count_damaged(observed.users), groups = count_damaged(observed.groups);
  if (users + groups == 0) return {};
  auto detail = std::to_string(users) + " of " + std::to_string(observed.users.size()) + " users and " +
                std::to_string(groups) + " of " + std::to_string(observed.groups.size()) +
                " groups are damaged";
  Band const band;
  auto const is_sound = !are_too_many(users, observed.users.size(), band.users, band.at_least) &&
                        !are_too_many(groups, observed.groups.size(), band.groups, band.at_least);
  certificate.clauses.push_back({"damaged-band", is_sound, detail});
  if (is_sound) return {};
  return Error{EngineErrc::damaged,
               "damaged: target " + target + ": " + std::move(detail) +
                   "; nothing is done by this read. Look for a gateway that changes answers; `run show` has "
                   "this as the clause damaged-band"};
}

}  // namespace dirsync::engine
