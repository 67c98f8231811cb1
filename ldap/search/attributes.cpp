#include "ldap/search/attributes.hpp"

#include "sync/model/text.hpp"

namespace dirsync::ldap {

void Attributes::add(EntryReader& entry) {
  while (entry.next()) {
    auto& values = values_[ascii_lower(entry.name())];
    for (auto const& value : entry.values()) values.emplace_back(view(value));
  }
}

std::vector<std::string> const& Attributes::all(std::string const& name) const {
  static std::vector<std::string> const none;
  auto const found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

std::string Attributes::first(std::string const& name) const {
  auto const& values = all(name);
  return values.empty() ? std::string{} : values.front();
}

Result<Attributes> read_if_shown(Connection& connection, Search const& search) {
  Attributes attributes;
  int result = LDAP_SUCCESS;
  auto const read = search_few(
      connection, search,
      [&attributes](EntryReader& entry) {
        attributes.add(entry);
        return Result<void>{};
      },
      &result);
  auto const hidden = result == LDAP_NO_SUCH_OBJECT || result == LDAP_INSUFFICIENT_ACCESS ||
                      result == LDAP_UNWILLING_TO_PERFORM;
  if (!read && !hidden) return read.error();
  return attributes;
}

}  // namespace dirsync::ldap
