#include "ldap/read/some_people.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "ldap/read/change_numbers.hpp"
#include "ldap/read/opened.hpp"
#include "ldap/read/people.hpp"
#include "sync/model/members.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// The lists of DNs in which a group may name its members, as MemberLists knows them.
constexpr std::array<std::string_view, 3> kDnLists{"member", "uniqueMember", "roleOccupant"};

/// Empty: none of them can be an id of this server.
std::string filter_of(FlavourTraits const& flavour, std::vector<EntryId> const& ids) {
  std::string any;
  for (auto const& id : ids)
    if (auto const assertion = id_assertion(flavour.id_form, id))
      any += "(" + std::string{flavour.id_attribute} + "=" + *assertion + ")";
  return any.empty() ? any : "(|" + any + ")";
}

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

/// Not that of a whole read: it says only what these few searches came to.
Certificate certificate_of_some(ReadContext const& context, ReadFigures const& figures,
                                ChangeNumbers numbers) {
  Certificate certificate;
  certificate.server = context.connection.uri();
  certificate.searches = figures.searches;
  certificate.pages = figures.pages;
  certificate.entries = figures.entries;
  certificate.change_numbers = std::move(numbers);
  certificate.may_have_changed = true;
  certificate.clauses = {{"single-people", true, figures.entry_counts}};
  return certificate;
}

}  // namespace

Result<Snapshot> read_some_people(Settings const& settings, DirectoryQuery const& query,
                                  std::vector<EntryId> const& ids, Stop& stop) {
  Certificate proven;
  auto opened = open_to_read(settings, query, stop, proven);
  if (!opened) return opened.error();
  auto const context = opened->context(settings);
  // How far the server had come at least when it answered.
  auto numbers = read_change_numbers(context.connection, settings);
  if (!numbers) return numbers.error();
  People people;
  if (auto const wanted = filter_of(context.flavour, ids); !wanted.empty()) {
    auto read = read_people(context, wanted);
    if (!read) return read.error();
    people = std::move(*read);
  }
  SnapshotBuilder builder{settings.name, std::move(people.entries), EntryList{}, MemberValues{}};
  builder.note_damages(std::move(people.damages));
  builder.set_account_rules(opened->accounts);
  builder.set_schema(opened->schema.schema);
  return std::move(builder).build(certificate_of_some(context, people.figures, std::move(*numbers)));
}

Result<bool> find_in_groups(Settings const& settings, DirectoryQuery const& query, EntryNames const& names,
                            Stop& stop) {
  auto const wanted = filter_of(names);
  if (wanted.empty()) return false;
  Certificate proven;
  auto opened = open_to_read(settings, query, stop, proven);
  if (!opened) return opened.error();
  auto const context = opened->context(settings);
  Search const search{.what = "search for groups that name an entry",
                      .base = settings.groups.base,
                      .scope = settings.groups.scope,
                      .filter = and_filter(group_filter(context), wanted),
                      .attributes = {"1.1"}};
  auto const found =
      search_all(context.connection, search, context.paging(), [](EntryReader&) { return Result<void>{}; });
  if (!found) return found.error();
  return found->entries > 0;
}

}  // namespace dirsync::ldap
