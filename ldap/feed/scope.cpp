#include "ldap/feed/scope.hpp"

#include <algorithm>
#include <set>

#include "ldap/read/accounts.hpp"
#include "ldap/read/group_classes.hpp"
#include "ldap/read/read_context.hpp"
#include "ldap/search/schema.hpp"
#include "sync/model/account.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// Of two that are the same the first one stays.
bool is_covered(std::vector<std::string> const& bases, std::size_t one) {
  auto const key = normalized_dn(bases[one]);
  for (std::size_t other = 0; key && other < bases.size(); ++other) {
    auto const top = normalized_dn(bases[other]);
    if (other == one || !top || !is_below(*key, *top)) continue;
    if (*key != *top || other < one) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> top_bases(std::vector<std::string> const& bases) {
  std::vector<std::string> top;
  for (std::size_t at = 0; at < bases.size(); ++at)
    if (!is_covered(bases, at)) top.push_back(bases[at]);
  return top;
}

FeedScope feed_scope(Settings const& settings, FlavourTraits const& flavour, std::string_view group_classes,
                     DirectoryQuery const& query) {
  auto const people = settings.users.filter.empty() ? std::string{flavour.people} : settings.users.filter;
  std::set<std::string> attributes{flavour.person_attributes.begin(), flavour.person_attributes.end()};
  attributes.insert(flavour.group_attributes.begin(), flavour.group_attributes.end());
  // Each change gives another stamp.
  attributes.erase(ascii_lower(flavour.stamp_attribute));
  attributes.insert(query.person_attributes.begin(), query.person_attributes.end());
  attributes.insert(query.group_attributes.begin(), query.group_attributes.end());
  attributes.insert(query.shown_group_attributes.begin(), query.shown_group_attributes.end());
  for (auto& name : account_attributes(scheme_of(flavour.flavour), query.account_states))
    attributes.insert(std::move(name));
  attributes.erase(ascii_lower(flavour.id_attribute));
  return {.bases = top_bases({settings.users.base, settings.groups.base}),
          .filter = "(|" + people + and_filter(group_classes, settings.groups.filter) + ")",
          .attributes = {attributes.begin(), attributes.end()}};
}

Result<FeedScope> read_feed_scope(Connection& connection, Settings const& settings, Flavour flavour,
                                  DirectoryQuery const& query) {
  auto const schema = read_schema(connection, flavour, settings.schemas.get());
  if (!schema) return schema.error();
  auto const& traits = traits_of(flavour);
  auto const classes = group_classes(*schema->schema, traits, settings.group_kinds);
  if (!classes) return within(connection.place(), classes.error());
  return feed_scope(settings, traits, classes->filter, query);
}

}  // namespace dirsync::ldap
