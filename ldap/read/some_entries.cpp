#include "ldap/read/some_entries.hpp"

#include <utility>

#include "ldap/read/change_numbers.hpp"

namespace dirsync::ldap {

Result<OpenedForSome> open_for_some(Settings const& settings, DirectoryQuery const& query, Stop& stop) {
  Certificate proven;
  auto opened = open_to_read(settings, query, stop, proven);
  if (!opened) return opened.error();
  auto numbers = read_change_numbers(opened->connection, settings);
  if (!numbers) return numbers.error();
  return OpenedForSome{std::move(*opened), std::move(*numbers)};
}

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
