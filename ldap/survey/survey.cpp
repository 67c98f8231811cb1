#include "ldap/survey/survey.hpp"

#include "ldap/connect/broken_pipes.hpp"
#include "ldap/connect/connection.hpp"
#include "ldap/errors.hpp"
#include "ldap/read/group_classes.hpp"
#include "ldap/read/read_context.hpp"
#include "ldap/search/attributes.hpp"
#include "ldap/search/referral.hpp"
#include "ldap/search/schema.hpp"
#include "ldap/survey/groups_look.hpp"
#include "ldap/survey/likely_bases.hpp"
#include "ldap/survey/people_look.hpp"
#include "ldap/survey/server_look.hpp"
#include "sync/model/dn.hpp"

namespace dirsync::ldap {
namespace {

/// RFC 3296, 3: referral entries come as entries.
constexpr char kManageDsaIt[] = "2.16.840.1.113730.3.4.2";

Error without_base(Connection const& connection) {
  return {LdapErrc::base_missing,
          connection.place() +
              ": the root DSE names no naming context in which groups and people could be; name the base, or "
              "give the bind DN read access to namingContexts"};
}

/// Those of several contexts whose own entry is shown; the others are told.
Result<std::vector<std::string>> shown_contexts(Connection& connection,
                                                std::vector<std::string> const& contexts,
                                                ServerLook& server) {
  std::vector<std::string> shown;
  for (auto const& context : contexts) {
    auto const entry =
        read_if_shown(connection, entry_search("looking at a naming context", context, {"objectClass"}));
    if (!entry) return entry.error();
    (entry->all("objectclass").empty() ? server.hidden_contexts : shown).push_back(context);
  }
  // With none left the first search says what is wrong.
  return shown.empty() ? contexts : shown;
}

Result<ReferralsLook> look_at_referrals(SurveyContext const& context, std::string const& base) {
  ReferralsLook look;
  if (context.flavour.flavour != Flavour::active_directory) {
    Search const search{.what = "look for referral entries",
                        .base = base,
                        .scope = Scope::sub,
                        .filter = "(objectClass=referral)",
                        .attributes = {"1.1"},
                        .control = kManageDsaIt};
    auto const looked = look_at(context, search, [&look](EntryReader& entry) {
      if (look.examples.size() < 3) look.examples.emplace_back(entry.dn());
    });
    if (!looked) return looked.error();
    look.entries = looked->entries;
  }
  look.met = context.connection.referrals().ignored();
  return look;
}

/// Of the contexts the one with the most groups, else the most people.
std::string base_of(Survey const& survey, std::vector<std::string> const& contexts) {
  auto const has = [](std::vector<LikelyBase> const& bases, std::string const& context) {
    std::uint64_t entries = 0;
    for (auto const& one : bases)
      if (auto const key = normalized_dn(one.base);
          key && is_below(*key, normalized_dn(context).value_or("")))
        entries += one.below;
    return entries;
  };
  auto const* best = &contexts.front();
  for (auto const& one : contexts) {
    auto const left = std::pair{has(survey.group_bases, one), has(survey.people_bases, one)};
    auto const right = std::pair{has(survey.group_bases, *best), has(survey.people_bases, *best)};
    if (left > right) best = &one;
  }
  return *best;
}

/// Where the settings have no base: the likeliest one.
Area area_at(Area area, std::vector<LikelyBase> const& likely, std::string const& otherwise) {
  if (area.base.empty()) area.base = likely.empty() ? otherwise : likely.front().base;
  return area;
}

}  // namespace

Result<Survey> survey(Settings const& asked, Stop& stop, SurveyBounds bounds) {
  block_broken_pipes();
  auto settings = asked;
  settings.referrals = {};
  settings.referrals.mode = ReferralSettings::Mode::ignore;
  auto connection = Connection::open(settings, stop);
  if (!connection) return connection.error();
  auto found = look_at_server(*connection, settings);
  if (!found) return found.error();
  Survey survey;
  survey.server = std::move(found->server);
  auto const flavour = survey.server.flavour;
  auto const schema = read_schema(*connection, flavour, nullptr);
  if (!schema) return schema.error();
  survey.server.schema_remark = schema->schema->remark();

  auto contexts = std::vector{settings.base};
  if (settings.base.empty()) {
    if (found->contexts.empty()) return without_base(*connection);
    auto shown = shown_contexts(*connection, found->contexts, survey.server);
    if (!shown) return shown.error();
    contexts = std::move(*shown);
  }
  std::string freeipa;
  if (flavour == Flavour::ds389) {
    auto const context = freeipa_context(*connection, contexts);
    if (!context) return context.error();
    freeipa = *context;
    survey.server.is_freeipa = !freeipa.empty();
  }
  auto const classes = group_classes(*schema->schema, traits_of(flavour), settings.group_kinds);
  if (!classes) return classes.error();
  SurveyContext const context{*connection, settings, traits_of(flavour), *schema->schema, bounds};
  auto const people =
      settings.users.filter.empty() ? std::string{context.flavour.people} : settings.users.filter;
  auto const groups = and_filter(classes->filter, settings.groups.filter);

  auto group_bases = likely_bases(context, BaseFor::groups, groups, contexts, freeipa);
  if (!group_bases) return group_bases.error();
  survey.group_bases = std::move(*group_bases);
  auto people_bases = likely_bases(context, BaseFor::people, people, contexts, freeipa);
  if (!people_bases) return people_bases.error();
  survey.people_bases = std::move(*people_bases);
  survey.base = base_of(survey, contexts);

  auto group_look =
      look_at_groups(context, area_at(settings.groups, survey.group_bases, survey.base), groups);
  if (!group_look) return group_look.error();
  survey.groups = std::move(*group_look);
  auto people_look =
      look_at_people(context, area_at(settings.users, survey.people_bases, survey.base), people);
  if (!people_look) return people_look.error();
  survey.people = std::move(*people_look);
  auto referrals = look_at_referrals(context, survey.base);
  if (!referrals) return referrals.error();
  survey.referrals = std::move(*referrals);
  return survey;
}

}  // namespace dirsync::ldap
