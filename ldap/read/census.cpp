#include "ldap/read/census.hpp"

#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

void count(EntryReader& entry, Census& census) {
  ++census.entries;
  if (census.example.empty() && !ascii_iequal(entry.dn(), census.base)) census.example = entry.dn();
  while (entry.next()) {
    if (!ascii_iequal(entry.name(), "objectClass")) continue;
    for (auto const& value : entry.values())
      if (!ascii_iequal(view(value), "top")) ++census.classes[std::string{view(value)}];
  }
}

}  // namespace

std::optional<Census> look_beside(ReadContext const& context, Area const& area, std::string filter) {
  Census census{.base = area.base, .filter = std::move(filter), .classes = {}, .example = {}};
  Search const search{.what = "look at what is there instead",
                      .base = area.base,
                      .scope = area.scope,
                      .filter = "(objectClass=*)",
                      .attributes = {"objectClass"}};
  auto const is_all = search_first_page(context.connection, search, context.paging(),
                                        [&census](EntryReader& entry) -> Result<void> {
                                          count(entry, census);
                                          return {};
                                        });
  if (!is_all) return std::nullopt;
  census.is_all = *is_all;
  return census;
}

}  // namespace dirsync::ldap
