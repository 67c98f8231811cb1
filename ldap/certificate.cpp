#include "ldap/certificate.hpp"

#include "sync/model/text.hpp"

namespace dirsync::ldap {

Certificate certificate_of(Reading const& reading, ReadFigures const& figures) {
  auto const& settings = reading.settings;
  auto const number = [](std::uint64_t figure) { return std::to_string(figure); };
  Certificate certificate;
  certificate.searches = figures.searches;
  certificate.pages = figures.pages;
  certificate.entries = figures.entries;
  certificate.values = figures.values;
  certificate.server = reading.connection.uri();
  certificate.clauses = {
      {"result-codes", true, number(figures.searches) + " searches ended with 0"},
      {"referrals", true, "none"},
      {"paging", true, number(figures.pages) + " pages, last cookies empty, no page twice"},
      {"base-readable", true, printable(settings.users.base) + " and " + printable(settings.groups.base)},
      {"entry-count", true, figures.entry_counts},
      {"ids", true, "every entry had its " + std::string{reading.flavour.id_attribute} + ", none twice"},
      {"members-readable", true,
       number(figures.values) + " member values" +
           (reading.flavour.members_are_required
                ? "; no group hid its own"
                : "; this kind of server does not tell an empty group from "
                  "one whose members are hidden: see entry counts and band")},
  };
  for (auto const& reason : reading.connection.passed_over())
    certificate.clauses.push_back({"passed-over", true, reason});
  if (!settings.tls.verify)
    certificate.clauses.push_back({"tls", true, "the server's certificate was not verified"});
  return certificate;
}

}  // namespace dirsync::ldap
