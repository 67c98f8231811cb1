#pragma once
#include <string>
#include <string_view>

namespace dirsync {

/// RFC 4518, 2.2: tabs, line breaks and separators count as spaces.
constexpr bool is_space_like(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Where spaces at the ends are dropped (RFC 4518, 2.6.1); runs inside always become one.
enum class Trim { both, start, end, none };

enum class Case { folded, kept };

/// Two values are equal by caseIgnoreMatch (RFC 4517, 4.2.11) or caseExactMatch (4.2.4) when their keys are:
/// prepared as in RFC 4518, in normalisation form KC. Spaces alone give one space.
std::string match_key(std::string_view value, Trim trim = Trim::both, Case letters = Case::folded);

}  // namespace dirsync
