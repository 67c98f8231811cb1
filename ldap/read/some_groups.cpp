#include "ldap/read/some_groups.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "ldap/read/change_numbers.hpp"
#include "ldap/read/groups.hpp"
#include "ldap/read/member_lists.hpp"
#include "ldap/read/primary_members.hpp"
#include "ldap/read/some_entries.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

std::string filter_of(EntryNames const& names) {
  std::string any;
  for (auto const list : kDnLists)
    for (auto const& dn : names.dns) any += "(" + std::string{list} + "=" + filter_value(dn) + ")";
  // A server tells them apart by case; we do not.
  for (auto const& uid : names.uids)
    for (auto const& spelling : std::set<std::string>{uid, ascii_lower(uid), fold_case(uid)})
      any += "(memberUid=" + filter_value(spelling) + ")";
  return any.empty() ? any : "(|" + any + ")";
}

struct SomeGroups {
  Groups groups;
  std::vector<SelectedGroup> selected;
};

Result<SomeGroups> read_some(ReadContext const& context, std::vector<EntryId> const& ids) {
  auto const wanted = filter_of_ids(context.flavour, ids);
  if (wanted.empty()) return SomeGroups{};
  auto groups = read_groups(context, wanted);
  if (!groups) return groups.error();
  // Who leaves a list because the group became their primary one is a member still.
  if (auto const found = find_primary_members(context, *groups); !found) return found.error();
  auto selected = select_groups(context, groups->figures, wanted);
  if (!selected) return selected.error();
  return SomeGroups{std::move(*groups), std::move(*selected)};
}

}  // namespace

Result<Snapshot> read_some_groups(Settings const& settings, Opened& opened, std::vector<EntryId> const& ids) {
  // How far the server had come at least when it answered.
  auto numbers = read_change_numbers(opened.connection, settings);
  if (!numbers) return numbers.error();
  auto const context = opened.context(settings);
  auto read = read_some(context, ids);
  if (!read) return read.error();
  auto& [groups, selected] = *read;
  SnapshotBuilder builder{settings.name, EntryList{}, std::move(groups.entries), std::move(groups.members)};
  builder.note_damages(std::move(groups.damages));
  for (auto const& [rule, group] : selected) builder.select(rule, group);
  builder.set_account_rules(opened.accounts);
  builder.set_schema(opened.schema.schema);
  return std::move(builder).build(
      certificate_of_some("single-groups", context, groups.figures, std::move(*numbers)));
}

Result<std::vector<EntryId>> find_groups_naming(Settings const& settings, Opened& opened,
                                                EntryNames const& names) {
  auto const wanted = filter_of(names);
  if (wanted.empty()) return std::vector<EntryId>{};
  auto const context = opened.context(settings);
  auto found = find_groups(context, "search for groups that name an entry", wanted);
  if (!found) return found.error();
  return std::move(found->ids);
}

}  // namespace dirsync::ldap
