#include "ldap/read/some_entries.hpp"

#include <utility>

namespace dirsync::ldap {

std::string filter_of_ids(FlavourTraits const& flavour, std::vector<EntryId> const& ids) {
  std::string any;
  for (auto const& id : ids)
    if (auto const assertion = id_assertion(flavour.id_form, id))
      any += "(" + std::string{flavour.id_attribute} + "=" + *assertion + ")";
  return any.empty() ? any : "(|" + any + ")";
}

Certificate certificate_of_some(std::string what, ReadContext const& context, ReadFigures const& figures,
                                ChangeNumbers numbers) {
  Certificate certificate;
  certificate.server = context.connection.uri();
  certificate.searches = figures.searches;
  certificate.pages = figures.pages;
  certificate.entries = figures.entries;
  certificate.values = figures.values;
  certificate.change_numbers = std::move(numbers);
  certificate.may_have_changed = true;
  certificate.clauses = {{std::move(what), true, figures.entry_counts}};
  return certificate;
}

}  // namespace dirsync::ldap
