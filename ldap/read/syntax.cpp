#include "ldap/read/syntax.hpp"

#include <algorithm>

#include "ldap/errors.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

Error malformed_value(Connection const& connection, std::string_view dn, std::string const& what) {
  return {LdapErrc::bad_answer, connection.place() + ": entry \"" + printable(dn) + "\" has " + what +
                                    "; correct the entry, or check for a proxy in between"};
}

bool is_text(ReadContext const& context, std::string_view name) {
  auto const type = context.schema.type(described(name).type);
  return !type || context.schema[*type].syntax != Syntax::octet_string;
}

/// A user name has no "=".
bool is_name(std::string_view value) {
  if (value.find('=') == std::string_view::npos) return is_utf8(value);
  return normalized_dn(value) || normalized_dn(without_optional_uid(value));
}

}  // namespace

Result<void> require_utf8(ReadContext const& context, EntryReader const& entry,
                          std::set<std::string> const& asked, std::span<EntryAttribute const> attributes) {
  for (auto const& [name, values] : attributes) {
    if (std::ranges::all_of(values, is_utf8)) continue;
    auto const key = ascii_lower(name);
    if (!is_text(context, name)) continue;
    if (key == "uid" || asked.contains(key))
      return malformed_value(context.connection, entry.dn(),
                             "a value of " + printable(name) + " that is not UTF-8");
  }
  return {};
}

Result<void> require_member_names(Connection const& connection, Snapshot const& snapshot) {
  for (GroupIndex group = 0; group < snapshot.groups().size(); ++group)
    for (auto const value : snapshot.members(group).unresolved)
      if (!is_name(value))
        return malformed_value(
            connection, snapshot.groups()[group].dn,
            "the member value \"" + printable(value) + "\", which is neither a DN nor a user name");
  return {};
}

}  // namespace dirsync::ldap
