#include "sync/plan/desired/damage_notices.hpp"

#include <algorithm>

#include "sync/model/counted.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {

std::vector<Notice> damage_notices(DirectoryView const& view) {
  constexpr std::size_t kShown = 100;
  std::vector<Notice> notices;
  auto const damages = view.snapshot->damages();
  for (auto const& damage : damages.first(std::min(damages.size(), kShown))) {
    auto const dn = printable(entry_of(*view.snapshot, damage).dn);
    notices.push_back({.code = "damaged",
                       .group = "",
                       .principal = dn,
                       .text = "directory " + view.name + ": " + dn + " " + damage.what});
  }
  if (damages.size() > kShown)
    notices.push_back({.code = "damaged",
                       .group = "",
                       .principal = "",
                       .text = "directory " + view.name + ": " +
                               number_of(damages.size() - kShown, "more entry is", "more entries are") +
                               " damaged; correct those that are named, and the next run names "
                               "others"});
  return notices;
}

std::set<GroupIndex> groups_set_aside(Snapshot const& snapshot) {
  std::set<GroupIndex> groups;
  for (auto const& damage : snapshot.damages())
    if (damage.of == Damage::Of::group && damage.is_set_aside) groups.insert(damage.number);
  return groups;
}

}  // namespace dirsync::plan
