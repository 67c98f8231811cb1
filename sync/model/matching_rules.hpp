#pragma once
// How values compare (RFC 4517), after string preparation (RFC 4518).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sync/model/matching.hpp"

namespace dirsync {

/// What two values are the same by. Equality, ordering and substring rules of one kind make the same keys.
enum class Comparison : std::uint8_t {
  none,     // the type has no such rule: a test is undefined
  unknown,  // a rule that only the server knows
  case_ignore,
  case_exact,
  numeric_string,
  telephone_number,
  integer,
  boolean,
  distinguished_name,
  generalized_time,
  octet_string,
  object_identifier,
  uuid,
};

/// "caseIgnoreMatch", ...: the rule of equality of that kind (RFC 4517, 4.2); "none", "unknown".
char const* to_text(Comparison comparison);

/// What a value may look like (RFC 4517, 3.3).
enum class Syntax : std::uint8_t {
  unknown,
  directory_string,
  ia5_string,
  printable_string,
  numeric_string,
  telephone_number,
  integer,
  boolean,
  distinguished_name,
  generalized_time,
  octet_string,
  object_identifier,
  uuid,
};

enum class RuleUse : std::uint8_t { equality, ordering, substrings };

/// `rule`: name in any case, or OID; empty gives `none`. A rule of another use gives `unknown`.
Comparison comparison_of(std::string_view rule, RuleUse use);
/// `oid`: without quotes and length.
Syntax syntax_of(std::string_view oid);
/// Equality as Active Directory, whose schema names no rules, has it for a syntax.
Comparison comparison_by(Syntax syntax);

/// Whether `value` may stand in a filter (RFC 4517, 3.3). `unknown` takes all.
bool is_valid(Syntax syntax, std::string_view value);

/// Two values are equal when their keys are; nothing when the value is none of its kind. Not for none,
/// unknown, distinguished_name and object_identifier, which take a schema.
std::optional<std::string> comparison_key(Comparison comparison, std::string_view value,
                                          Trim trim = Trim::both);

/// Less than, equal to or greater than 0, as the values of these keys are ordered.
int compare_keys(Comparison comparison, std::string_view left, std::string_view right);

}  // namespace dirsync
