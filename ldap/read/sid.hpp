#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dirsync::ldap {

/// A security identifier ([MS-DTYP] 2.4.2) in its two parts.
struct Sid {
  std::string domain;     // the bytes that all entries of one domain share
  std::uint32_t rid = 0;  // the last sub-authority: the entry within its domain
  friend auto operator<=>(Sid const&, Sid const&) = default;
};

/// `bytes`: a value of objectSid. Nothing when it is cut, of another revision or has no sub-authority.
std::optional<Sid> parse_sid(std::string_view bytes);

/// A decimal number, such as a value of primaryGroupID. Nothing for anything else.
std::optional<std::uint32_t> parse_rid(std::string_view text);

}  // namespace dirsync::ldap
