#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace dirsync {

/// The form under which two DNs are the same entry (RFC 4514, RFC 4517 caseIgnoreMatch, RFC 4518):
/// attribute types and values case-folded, escapes resolved, spaces around separators and runs of
/// inner spaces collapsed, RDNs of several values ordered. Nothing when `dn` does not parse.
/// The result is for comparing and as a key, not for showing; "" is the root DSE.
std::optional<std::string> normalized_dn(std::string_view dn);

/// The parent of a normalized DN; nothing for "".
std::optional<std::string_view> parent_of(std::string_view normalized);

/// True when `normalized` is `base` or below it; both normalized.
bool is_below(std::string_view normalized, std::string_view base);

/// The value part of "DN#uid" as in uniqueMember (RFC 4517, Name and Optional UID): the DN alone.
std::string_view without_optional_uid(std::string_view name_and_uid);

}  // namespace dirsync
