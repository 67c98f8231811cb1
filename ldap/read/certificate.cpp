#include "ldap/read/certificate.hpp"

#include "ldap/search/referral.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// What can be said of groups that show no member.
std::string hidden_members(ReadContext const& context, ReadFigures const& figures) {
  if (context.flavour.members_are_required) return "no group hid its own";
  auto const empty = std::to_string(figures.empty_groups) + " groups show none, ";
  if (context.flavour.member_of_is_kept) return empty + "and nobody's memberOf names one of them";
  return empty + "which this kind of server does not tell from hidden ones: the band holds them";
}

}  // namespace

Certificate certificate_of(ReadContext const& context, ReadFigures const& figures) {
  auto const& settings = context.settings;
  auto const number = [](std::uint64_t figure) { return std::to_string(figure); };
  Certificate certificate;
  certificate.searches = figures.searches;
  certificate.pages = figures.pages;
  certificate.entries = figures.entries;
  certificate.values = figures.values;
  certificate.server = context.connection.uri();
  certificate.ignored_referrals = static_cast<std::int64_t>(context.connection.referrals().ignored());
  certificate.clauses = {
      {"result-codes", true, number(figures.searches) + " searches ended with 0"},
      {"referrals", true, context.connection.referrals().summary()},
      {"paging", true, number(figures.pages) + " pages, last cookies empty, no page twice"},
      {"base-readable", true, printable(settings.users.base) + " and " + printable(settings.groups.base)},
      {"entry-count", true, figures.entry_counts},
      {"ids", true, "every entry had its " + std::string{context.flavour.id_attribute} + ", none came twice"},
      {"members-readable", true,
       number(figures.values) + " member values; " + hidden_members(context, figures)},
      {"connections", true, "groups and people were read " + figures.how},
  };
  if (figures.ranged_groups > 0)
    certificate.clauses.push_back(
        {"ranges", true, number(figures.ranged_groups) + " groups came in parts, each read to its last"});
  if (figures.dynamic_groups > 0)
    certificate.clauses.push_back(
        {"dynamic-groups", true, number(figures.dynamic_groups) + " groups, every member URL was searched"});
  if (context.flavour.primary_groups)
    certificate.clauses.push_back({"primary-groups", true,
                                   number(figures.primary_members) +
                                       " people are members by their primaryGroupID; no user hid its own"});
  for (auto const& reason : context.connection.passed_over())
    certificate.clauses.push_back({"passed-over", true, reason});
  if (!settings.tls.verify)
    certificate.clauses.push_back({"tls", true, "the server's certificate was not verified"});
  return certificate;
}

}  // namespace dirsync::ldap
