#include "ldap/read/reader.hpp"

#include <algorithm>

#include "ldap/errors.hpp"
#include "ldap/read/census.hpp"
#include "ldap/read/certificate.hpp"
#include "ldap/read/completeness.hpp"
#include "ldap/read/groups_and_people.hpp"
#include "ldap/read/opened.hpp"
#include "ldap/read/primary_members.hpp"
#include "ldap/read/unread.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// An entry may be hidden by an ACL while what is below it is not, and the other way round: a base that
/// cannot be read proves nothing about the rest.
Result<ReadFigures> require_base(Connection& connection, Area const& area) {
  auto const search = entry_search("reading the base entry", area.base, {"1.1"});
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

bool selects_nothing(DirectoryQuery const& query, std::vector<SelectedGroup> const& selected) {
  return std::ranges::any_of(query.rules, [&selected](GroupQuery const& rule) {
    return std::holds_alternative<GroupQuery::Matching>(rule.selection) &&
           std::ranges::find(selected, rule.rule, &SelectedGroup::rule) == selected.end();
  });
}

Result<Snapshot> read_all(ReadContext const& context, AccountRules const& accounts, ReadSchema const& schema,
                          Stops& stops, Certificate& proven) {
  ReadFigures figures;
  Completeness completeness{context, proven};
  for (auto const* area : {&context.settings.users, &context.settings.groups}) {
    auto const readable = require_base(context.connection, *area);
    if (!readable) return readable.error();
    figures.add(*readable);
  }
  if (auto const begun = completeness.begin(); !begun) return begun.error();
  auto sides = read_groups_and_people(context, completeness.before(), stops);
  if (!sides) return sides.error();
  auto& [groups, people, how] = *sides;
  figures.add(groups.figures);
  figures.add(people.figures);
  figures.primary_members = add_primary_members(people, groups);
  figures.how = how;
  auto const selected = select_groups(context, figures);
  if (!selected) return selected.error();
  proven = certificate_of(context, figures);
  if (!schema.detail.empty()) proven.clauses.push_back({"schema", true, schema.detail});
  if (auto const ended = completeness.end(figures); !ended) return ended.error();
  std::optional<Census> beside_groups, beside_people;
  if (groups.entries.all().empty() || selects_nothing(context.query, *selected))
    beside_groups = look_beside(context, context.settings.groups, group_filter(context));
  if (people.entries.all().empty())
    beside_people = look_beside(context, context.settings.users, people_filter(context));

  SnapshotBuilder builder{context.settings.name, std::move(people.entries), std::move(groups.entries),
                          std::move(groups.members)};
  builder.note_damages(std::move(people.damages));
  builder.note_damages(std::move(groups.damages));
  for (auto const& [rule, group] : *selected) builder.select(rule, group);
  select_by_dn(context.query, builder);
  builder.compare(std::move(groups.lists));
  builder.set_account_rules(accounts);
  builder.set_schema(schema.schema);
  builder.set_beside(std::move(beside_groups), std::move(beside_people));
  builder.count_who_show(context.query.deciding_attributes);
  auto snapshot = std::move(builder).build(proven);
  if (!snapshot) return snapshot;
  if (auto const same = completeness.compare(*snapshot); !same) return same.error();
  auto unread = read_unread(context, *snapshot);
  if (!unread) return unread.error();
  snapshot->explain(std::move(*unread));
  return snapshot;
}

Result<Snapshot> try_read(Settings const& settings, DirectoryQuery const& query, Stops& stops,
                          Certificate& proven) {
  auto opened = open_to_read(settings, query, stops.first, proven);
  if (!opened) return opened.error();
  return read_all(opened->context(settings), opened->accounts, opened->schema, stops, proven);
}

}  // namespace

Result<Snapshot> read_directory(Settings const& settings, DirectoryQuery const& query, Stops& stops,
                                Certificate& proven) {
  proven = {};
  auto snapshot = try_read(settings, query, stops, proven);
  if (!snapshot) add_failed_clause(proven, snapshot.error());
  return snapshot;
}

}  // namespace dirsync::ldap
