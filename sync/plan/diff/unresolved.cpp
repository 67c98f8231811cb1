#include "sync/plan/diff/unresolved.hpp"

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {

UnresolvedValues find_unresolved(DirectoryView const& view, AbsenceBook& book) {
  UnresolvedValues found;
  std::set<std::string> dns;
  for (GroupIndex group = 0; group < view.snapshot->groups().size(); ++group)
    for (auto const value : view.snapshot->members(group).unresolved) {
      if (auto dn = normalized_dn(without_optional_uid(value)))
        dns.insert(std::move(*dn));
      else
        found.values.insert(fold_case(value));
    }
  for (auto const& dn : dns) {
    auto const key = nested_key(dn);
    auto const before = absent_before(book.facts(), view.name, key).runs;
    auto const is_lost = [&book, &view, &dn] {
      auto const* const known = book.known_as_or_ask(view.name, dn);
      return known != nullptr && known->is_group;
    };
    if (before == 0 && !is_lost()) continue;
    found.lost_groups.emplace(dn, book.runs_now(view.name, key));
    book.count(view.name, key);
  }
  found.values.merge(dns);
  return found;
}

}  // namespace dirsync::plan
