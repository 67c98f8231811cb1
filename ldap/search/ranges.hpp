#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ldap/connect/connection.hpp"
#include "ldap/flavour.hpp"
#include "ldap/search/search.hpp"

namespace dirsync::ldap {

/// Which of an attribute's values an answer holds ([MS-ADTS] 3.1.1.3.1.3.3, range retrieval).
struct ValueRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last;  // inclusive; none: "*", up to the end
  friend bool operator==(ValueRange const&, ValueRange const&) = default;
};

struct RangedName {
  std::string_view attribute;
  ValueRange range;
};

/// "member;range=0-1499"; nothing for a name without a well-formed range.
std::optional<RangedName> parse_ranged(std::string_view name);

struct RangedMembers {
  std::vector<std::string> values;  // of `member`, each once
  SearchFigures figures;
};

/// All members of one group that the server gives in parts. Each part starts with the last value of the one
/// before: values that moved up in between are noticed. A group that changes meanwhile is read again.
/// Errors: LdapErrc::changed (it kept changing), bad_answer (parts that overlap, leave a gap or stop short);
/// as search_few(). Blocks; thread: that of `connection`.
Result<RangedMembers> read_ranged_members(Connection& connection, FlavourTraits const& flavour,
                                          std::string const& dn, EntryId const& id);

}  // namespace dirsync::ldap
