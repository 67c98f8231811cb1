#include "ldap/reader.hpp"

#include "ldap/certificate.hpp"
#include "ldap/damage.hpp"
#include "ldap/errors.hpp"
#include "ldap/groups.hpp"
#include "ldap/people.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// Alone each must be whole: "(a=b)(c=d)" or "(a=b))(|(c=d)" would change what is around it.
Result<void> require_whole(std::string const& filter, std::string const& setting) {
  if (filter.empty()) return {};
  auto const parsed = Filter::parse(filter);
  // A matching rule that only the server knows is the server's business.
  if (parsed || parsed.error().code == FilterErrc::unsupported) return {};
  return Error{LdapErrc::bad_filter, setting + ": " + parsed.error().context};
}

Result<void> require_whole_filters(Settings const& settings, DirectoryQuery const& query) {
  auto const where = "directory " + settings.name + ", ";
  if (auto const whole = require_whole(settings.users.filter, where + "users.filter"); !whole) return whole;
  if (auto const whole = require_whole(settings.groups.filter, where + "groups.filter"); !whole) return whole;
  for (auto const& rule : query.rules)
    if (auto const* matching = std::get_if<GroupQuery::Matching>(&rule.selection))
      if (auto const whole = require_whole(matching->filter, where + "rule " + rule.rule); !whole)
        return whole;
  return {};
}

/// An entry may be hidden by an ACL while what is below it is not, and the other way round: a base that
/// can not be read proves nothing about the rest.
Result<ReadFigures> require_base(Connection& connection, Area const& area) {
  Search const search{"reading the base entry", area.base, Scope::base, "(objectClass=*)", {"1.1"}};
  auto const found = search_few(connection, search, [](EntryReader&) { return Result<void>{}; });
  if (!found) return found.error();
  if (found->entries != 1)
    return Error{LdapErrc::base_missing,
                 connection.place() + ": the base entry \"" + printable(area.base) +
                     "\" is not shown; check its spelling and that the bind DN may read it"};
  ReadFigures figures;
  figures.count("base " + printable(area.base), *found);
  return figures;
}

/// Rules that name their groups by DN; those with a filter were answered by the server.
void select_by_dn(DirectoryQuery const& query, SnapshotBuilder& builder) {
  for (auto const& rule : query.rules) {
    if (auto const* const named = std::get_if<GroupQuery::Named>(&rule.selection))
      for (auto const& dn : named->dns) builder.select_dn(rule.rule, dn);
    if (auto const* const top = std::get_if<GroupQuery::MembersOf>(&rule.selection))
      builder.select_members_of(rule.rule, top->dn);
  }
}

Result<Snapshot> read_all(Reading const& reading) {
  ReadFigures figures;
  for (auto const* area : {&reading.settings.users, &reading.settings.groups}) {
    auto const readable = require_base(reading.connection, *area);
    if (!readable) return readable.error();
    figures.add(*readable);
  }
  // Groups first: someone deleted in between leaves a value that names nobody, which costs no one access.
  auto groups = read_groups(reading);
  if (!groups) return groups.error();
  auto people = read_people(reading);
  if (!people) return people.error();
  figures.add(groups->figures);
  figures.add(people->figures);
  auto const selected = select_groups(reading, figures);
  if (!selected) return selected.error();

  SnapshotBuilder builder{reading.settings.name, std::move(people->entries), std::move(groups->entries),
                          std::move(groups->members)};
  for (auto const& [rule, group] : *selected) builder.select(rule, group);
  select_by_dn(reading.query, builder);
  auto snapshot = std::move(builder).build(certificate_of(reading, figures));
  if (!snapshot) return snapshot;
  if (auto const named = require_names(reading.connection, *snapshot); !named) return named.error();
  return snapshot;
}

}  // namespace

Result<Snapshot> read_directory(Settings const& settings, DirectoryQuery const& query, Stop& stop) {
  if (auto const whole = require_whole_filters(settings, query); !whole) return whole.error();
  auto connection = Connection::open(settings, stop);
  if (!connection) return connection.error();
  auto const flavour = find_flavour(*connection, settings);
  if (!flavour) return flavour.error();
  return read_all({*connection, settings, traits_of(*flavour), query});
}

}  // namespace dirsync::ldap
