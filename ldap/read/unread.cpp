#include "ldap/read/unread.hpp"

#include <algorithm>

#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kAlias[] = "alias";

bool names_nothing_read(Snapshot const& snapshot) {
  for (GroupIndex group = 0; group < snapshot.groups().size(); ++group)
    if (std::ranges::any_of(snapshot.members(group).unresolved,
                            [](auto value) { return value.find('=') != value.npos; }))
      return true;
  return false;
}

/// The first of `wanted` that is a class of the entry, or above one of its classes.
std::string class_of(Schema const& schema, std::vector<std::string> const& wanted,
                     std::vector<std::string> const& classes) {
  for (auto const& name : wanted)
    for (auto const& has : classes) {
      auto const super = schema.object_class(name), one = schema.object_class(has);
      if (ascii_iequal(name, has) || (super && one && schema.is_class_below(*one, *super))) return name;
    }
  return {};
}

}  // namespace

Result<std::vector<UnreadEntry>> read_unread(ReadContext const& context, Snapshot const& snapshot) {
  auto wanted = context.classes.unread;
  // In Active Directory there are none.
  if (context.flavour.flavour != Flavour::active_directory && names_nothing_read(snapshot))
    wanted.emplace_back(kAlias);
  std::vector<UnreadEntry> unread;
  if (wanted.empty()) return unread;
  std::string filter;
  for (auto const& name : wanted) filter += "(objectClass=" + name + ")";
  auto const note = [&context, &snapshot, &wanted, &unread](EntryReader& entry) -> Result<void> {
    std::string_view value;
    std::vector<std::string> classes;
    while (entry.next()) {
      if (is_id(context.flavour, entry)) value = view(entry.values()[0]);
      if (!ascii_iequal(entry.name(), "objectClass")) continue;
      for (auto const& one : entry.values()) classes.emplace_back(view(one));
    }
    // It only explains; what cannot be told apart explains nothing.
    if (value.empty()) return {};
    auto id = id_of(context, entry, value);
    if (!id) return id.error();
    if (snapshot.group_by_id(*id) || snapshot.person_by_id(*id)) return {};
    auto object_class = class_of(context.schema, wanted, classes);
    unread.push_back({.id = std::move(*id),
                      .dn = std::string{entry.dn()},
                      .object_class = object_class,
                      .is_alias = object_class == kAlias});
    return {};
  };
  // Where people and groups are read, and nowhere else: what lies beside may be another server's.
  for (auto const* const area : {&context.settings.groups, &context.settings.users}) {
    Search const search{.what = "search for aliases, and for groups of classes that are not read",
                        .base = area->base,
                        .scope = area->scope,
                        .filter = "(|" + filter + ")",
                        .attributes = {std::string{context.flavour.id_attribute}, "objectClass"}};
    auto const found = search_all(context.connection, search, context.paging(), note);
    if (!found) return found.error();
    if (context.settings.users.base == context.settings.groups.base &&
        context.settings.users.scope == context.settings.groups.scope)
      break;
  }
  return unread;
}

}  // namespace dirsync::ldap
