#include "sync/plan/diff/unresolved.hpp"

#include <algorithm>
#include <span>
#include <tuple>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

/// How often a value of `group` was seen to name nothing, with this run.
AbsentBefore age_of(std::uint64_t key, std::span<KeptUnresolved const> before, AbsenceBook const& book) {
  for (auto const& kept : before)
    if (std::ranges::binary_search(kept.values, key))
      return kept.runs == KeptUnresolved::kLongThere ? AbsentBefore{kept.runs, kept.counted}
                                                     : book.with_this_run({kept.runs, kept.counted});
  return book.with_this_run({});
}

/// Tells the values of one group that have long been there from those that are doubt.
void add_ages(Entry const& group, GroupIndex number, std::span<std::string_view const> values,
              AbsenceBook const& book, UnresolvedBefore const& before, UnresolvedValues& found) {
  auto const known = before.values.find(group.id);
  auto const kept =
      known == before.values.end() ? std::span<KeptUnresolved const>{} : std::span{known->second};
  std::map<std::pair<int, Time>, std::vector<std::uint64_t>> by_age;
  for (auto const value : values) {
    auto const key = unresolved_key(value);
    auto const age = age_of(key, kept, book);
    auto const is_old = before.is_first || age.runs >= book.reads_to_confirm();
    if (!is_old) found.young[number].push_back(value);
    by_age[is_old ? std::pair{KeptUnresolved::kLongThere, Time{}} : std::pair{age.runs, age.counted}]
        .push_back(key);
  }
  for (auto& [age, keys] : by_age) {
    std::ranges::sort(keys);
    found.kept.push_back({group.id, age.first, age.second, std::move(keys)});
  }
}

void add_ages(DirectoryView const& view, AbsenceBook const& book, UnresolvedValues& found) {
  static UnresolvedBefore const unknown;
  auto const& facts = book.facts();
  auto const before = facts.unresolved.find(view.name);
  auto const& known = before == facts.unresolved.end() ? unknown : before->second;
  auto const groups = view.snapshot->groups();
  for (GroupIndex group = 0; group < groups.size(); ++group)
    if (auto const values = view.snapshot->members(group).unresolved; !values.empty())
      add_ages(groups[group], group, values, book, known, found);
  auto const since = [](KeptUnresolved const& one) { return std::tie(one.group, one.runs, one.counted); };
  std::ranges::stable_sort(found.kept, {}, since);
  // Of groups that bear one id the first is kept; nobody can tell which one it is.
  auto const same = std::ranges::unique(found.kept, {}, since);
  found.kept.erase(same.begin(), same.end());
}

}  // namespace

UnresolvedValues find_unresolved(std::map<std::string, DirectoryView> const& views, DirectoryView const& view,
                                 AbsenceBook& book) {
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
    auto const was_group = [&book, &dn](std::string const& directory) {
      auto const* const known = book.known_as_or_ask(directory, dn);
      return known != nullptr && known->is_group;
    };
    auto is_lost = was_group(view.name);
    for (auto const* other : others_with(views, view, dn)) is_lost = was_group(other->name) || is_lost;
    if (before == 0 && !is_lost) continue;
    found.lost_groups.emplace(dn, book.runs_now(view.name, key));
    book.count(view.name, key);
  }
  found.values.merge(dns);
  add_ages(view, book, found);
  return found;
}

}  // namespace dirsync::plan
