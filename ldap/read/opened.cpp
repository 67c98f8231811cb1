#include "ldap/read/opened.hpp"

#include <utility>

#include "ldap/errors.hpp"
#include "ldap/read/accounts.hpp"
#include "ldap/search/schema.hpp"

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
  if (auto whole = require_whole(settings.users.filter, where + "users.filter"); !whole) return whole;
  if (auto whole = require_whole(settings.groups.filter, where + "groups.filter"); !whole) return whole;
  for (auto const& rule : query.rules)
    if (auto const* matching = std::get_if<GroupQuery::Matching>(&rule.selection))
      if (auto whole = require_whole(matching->filter, where + "rule " + rule.rule); !whole) return whole;
  return {};
}

DirectoryQuery with_account_attributes(DirectoryQuery query, AccountRules const& accounts) {
  for (auto& name : account_attributes(accounts.scheme, query.account_states)) {
    query.deciding_attributes.insert(name);
    query.person_attributes.insert(std::move(name));
  }
  return query;
}

}  // namespace

Result<Opened> open_to_read(Settings const& settings, DirectoryQuery const& query, Stop& stop,
                            Certificate& proven) {
  if (auto whole = require_whole_filters(settings, query); !whole) return whole.error();
  auto connection = Connection::open(settings, stop);
  if (!connection) return connection.error();
  proven.server = connection->uri();
  auto const flavour = find_flavour(*connection, settings);
  if (!flavour) return flavour.error();
  auto const accounts = read_account_rules(*connection, *flavour);
  if (!accounts) return accounts.error();
  auto schema = read_schema(*connection, *flavour, settings.schemas.get());
  if (!schema) return schema.error();
  auto const& traits = traits_of(*flavour);
  auto classes = group_classes(*schema->schema, traits, settings.group_kinds);
  if (!classes)
    return Error{classes.error().code, "directory " + settings.name + ": " + classes.error().context};
  return Opened{.connection = std::move(*connection),
                .flavour = traits,
                .accounts = *accounts,
                .schema = std::move(*schema),
                .classes = std::move(*classes),
                .query = with_account_attributes(query, *accounts)};
}

Result<void> take_up(Opened& opened, Settings const& settings, DirectoryQuery const& query, Stop& stop) {
  if (auto whole = require_whole_filters(settings, query); !whole) return whole.error();
  opened.connection.take_up(settings, stop);
  opened.query = with_account_attributes(query, opened.accounts);
  return {};
}

}  // namespace dirsync::ldap
