#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace dirsync {

/// Which of the values of an entry's attribute names the entry: the one in its relative DN (RFC 4511, 4.1.3;
/// RFC 4512, 2.3.1). Nothing: the attribute is not in it. `normalized`: from normalized_dn().
std::optional<std::string_view> value_in_rdn(std::string_view normalized, std::string_view attribute,
                                             std::span<std::string_view const> values);

/// The value of a DN's first part, as it is written: "ada" of "uid=ada,ou=people"; empty where there is none.
std::string_view first_value(std::string_view dn);

}  // namespace dirsync
