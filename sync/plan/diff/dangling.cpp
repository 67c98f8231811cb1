#include "sync/plan/diff/dangling.hpp"

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {

Dangling find_dangling(DirectoryView const& view, Facts const& facts, Questions& questions,
                       std::set<std::string>& absent) {
  Dangling dangling;
  std::set<std::string> dns;
  for (GroupIndex group = 0; group < view.snapshot->groups().size(); ++group)
    for (auto const value : view.snapshot->members(group).unresolved) {
      if (auto dn = normalized_dn(without_optional_uid(value)))
        dns.insert(std::move(*dn));
      else
        dangling.values.insert(fold_case(value));
    }
  for (auto const& dn : dns) {
    auto const key = nested_key(dn);
    auto const before = runs_absent_before(facts, view.name, key);
    auto const* const known = known_as(facts, view.name, dn);
    if (before > 0 || (known != nullptr && known->is_group)) {
      dangling.lost_groups.emplace(dn, before + 1);
      absent.insert(key);
    } else if (known == nullptr) {
      questions.dns[view.name].insert(dn);
    }
  }
  dangling.values.merge(dns);
  return dangling;
}

}  // namespace dirsync::plan
