#include "sync/model/matching_rules.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "sync/model/ascii.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/model/time.hpp"

namespace dirsync {
namespace {

struct KnownRule {
  std::string_view oid, name;  // the name in lower case
  RuleUse use;
  Comparison comparison;
};

using enum RuleUse;
using C = Comparison;

// RFC 4517, 4.2; RFC 4530, 3; OpenLDAP's own for substrings of caseExactIA5.
constexpr auto kRules = std::to_array<KnownRule>({
    {"2.5.13.0", "objectidentifiermatch", equality, C::object_identifier},
    {"2.5.13.1", "distinguishednamematch", equality, C::distinguished_name},
    {"2.5.13.2", "caseignorematch", equality, C::case_ignore},
    {"2.5.13.3", "caseignoreorderingmatch", ordering, C::case_ignore},
    {"2.5.13.4", "caseignoresubstringsmatch", substrings, C::case_ignore},
    {"2.5.13.5", "caseexactmatch", equality, C::case_exact},
    {"2.5.13.6", "caseexactorderingmatch", ordering, C::case_exact},
    {"2.5.13.7", "caseexactsubstringsmatch", substrings, C::case_exact},
    {"2.5.13.8", "numericstringmatch", equality, C::numeric_string},
    {"2.5.13.9", "numericstringorderingmatch", ordering, C::numeric_string},
    {"2.5.13.10", "numericstringsubstringsmatch", substrings, C::numeric_string},
    {"2.5.13.13", "booleanmatch", equality, C::boolean},
    {"2.5.13.14", "integermatch", equality, C::integer},
    {"2.5.13.15", "integerorderingmatch", ordering, C::integer},
    {"2.5.13.17", "octetstringmatch", equality, C::octet_string},
    {"2.5.13.18", "octetstringorderingmatch", ordering, C::octet_string},
    {"2.5.13.20", "telephonenumbermatch", equality, C::telephone_number},
    {"2.5.13.21", "telephonenumbersubstringsmatch", substrings, C::telephone_number},
    {"2.5.13.27", "generalizedtimematch", equality, C::generalized_time},
    {"2.5.13.28", "generalizedtimeorderingmatch", ordering, C::generalized_time},
    {"1.3.6.1.4.1.1466.109.114.1", "caseexactia5match", equality, C::case_exact},
    {"1.3.6.1.4.1.1466.109.114.2", "caseignoreia5match", equality, C::case_ignore},
    {"1.3.6.1.4.1.1466.109.114.3", "caseignoreia5substringsmatch", substrings, C::case_ignore},
    {"1.3.6.1.4.1.4203.1.2.1", "caseexactia5substringsmatch", substrings, C::case_exact},
    {"1.3.6.1.1.16.2", "uuidmatch", equality, C::uuid},
});

struct KnownSyntax {
  std::string_view oid;
  Syntax syntax;
};

// RFC 4517, 3.3; RFC 4530, 2; MS-ADTS 3.1.1.2.2.2.
constexpr auto kSyntaxes = std::to_array<KnownSyntax>({
    {"1.3.6.1.4.1.1466.115.121.1.15", Syntax::directory_string},
    {"1.3.6.1.4.1.1466.115.121.1.26", Syntax::ia5_string},
    {"1.3.6.1.4.1.1466.115.121.1.44", Syntax::printable_string},
    {"1.3.6.1.4.1.1466.115.121.1.11", Syntax::printable_string},  // country, two letters of it
    {"1.3.6.1.4.1.1466.115.121.1.36", Syntax::numeric_string},
    {"1.3.6.1.4.1.1466.115.121.1.50", Syntax::telephone_number},
    {"1.3.6.1.4.1.1466.115.121.1.27", Syntax::integer},
    {"1.3.6.1.4.1.1466.115.121.1.7", Syntax::boolean},
    {"1.3.6.1.4.1.1466.115.121.1.12", Syntax::distinguished_name},
    {"1.3.6.1.4.1.1466.115.121.1.24", Syntax::generalized_time},
    {"1.3.6.1.4.1.1466.115.121.1.40", Syntax::octet_string},
    {"1.3.6.1.4.1.1466.115.121.1.5", Syntax::octet_string},   // binary
    {"1.3.6.1.4.1.1466.115.121.1.28", Syntax::octet_string},  // JPEG
    {"1.3.6.1.4.1.1466.115.121.1.38", Syntax::object_identifier},
    {"1.3.6.1.1.16.1", Syntax::uuid},
    {"1.2.840.113556.1.4.905", Syntax::directory_string},
    {"1.2.840.113556.1.4.906", Syntax::integer},  // of 64 bits
});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// RFC 4517, 3.3.16: "-12"; no leading zero, no plus.
bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return false;
  return text.front() != '0' || text.size() == 1;
}

/// RFC 4517, 3.2.
bool is_printable(std::string_view text) {
  constexpr std::string_view kOthers = "'()+,-.=/:? ";
  return !text.empty() && std::ranges::all_of(text, [kOthers](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kOthers.find(c) != kOthers.npos;
  });
}

/// RFC 4530, 2.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto const c = text[at];
    auto const is_hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    auto const is_dash = at == 8 || at == 13 || at == 18 || at == 23;
    if (is_dash ? c != '-' : !is_hex) return false;
  }
  return true;
}

std::string without(std::string_view text, std::string_view dropped) {
  std::string kept;
  for (auto const c : text)
    if (dropped.find(c) == dropped.npos) kept.push_back(c);
  return kept;
}

int sign_of(int order) { return (order > 0) - (order < 0); }

int compare_integers(std::string_view left, std::string_view right) {
  auto const is_negative = left.starts_with('-');
  if (is_negative != right.starts_with('-')) return is_negative ? -1 : 1;
  auto const order =
      left.size() != right.size() ? (left.size() < right.size() ? -1 : 1) : sign_of(left.compare(right));
  return is_negative ? -order : order;
}

}  // namespace

char const* to_text(Comparison comparison) {
  switch (comparison) {
    case Comparison::none:
      return "none";
    case Comparison::unknown:
      return "unknown";
    case Comparison::case_ignore:
      return "caseIgnoreMatch";
    case Comparison::case_exact:
      return "caseExactMatch";
    case Comparison::numeric_string:
      return "numericStringMatch";
    case Comparison::telephone_number:
      return "telephoneNumberMatch";
    case Comparison::integer:
      return "integerMatch";
    case Comparison::boolean:
      return "booleanMatch";
    case Comparison::distinguished_name:
      return "distinguishedNameMatch";
    case Comparison::generalized_time:
      return "generalizedTimeMatch";
    case Comparison::octet_string:
      return "octetStringMatch";
    case Comparison::object_identifier:
      return "objectIdentifierMatch";
    case Comparison::uuid:
      return "UUIDMatch";
  }
  return "unknown";
}

Comparison comparison_of(std::string_view rule, RuleUse use) {
  if (rule.empty()) return Comparison::none;
  auto const name = ascii_lower(rule);
  for (auto const& known : kRules)
    if (known.use == use && (known.name == name || known.oid == name)) return known.comparison;
  return Comparison::unknown;
}

Syntax syntax_of(std::string_view oid) {
  auto const found = std::ranges::find(kSyntaxes, oid, &KnownSyntax::oid);
  return found == kSyntaxes.end() ? Syntax::unknown : found->syntax;
}

Comparison comparison_by(Syntax syntax) {
  switch (syntax) {
    case Syntax::directory_string:
      return Comparison::case_ignore;
    case Syntax::ia5_string:
    case Syntax::printable_string:
    case Syntax::numeric_string:
      return Comparison::case_exact;
    case Syntax::integer:
      return Comparison::integer;
    case Syntax::boolean:
      return Comparison::boolean;
    case Syntax::distinguished_name:
      return Comparison::distinguished_name;
    case Syntax::generalized_time:
      return Comparison::generalized_time;
    case Syntax::object_identifier:
      return Comparison::object_identifier;
    default:
      return Comparison::unknown;
  }
}

bool is_valid(Syntax syntax, std::string_view value) {
  switch (syntax) {
    case Syntax::directory_string:
      return !value.empty() && is_utf8(value);
    case Syntax::ia5_string:
      return is_ascii(value);
    case Syntax::printable_string:
    case Syntax::telephone_number:
      return is_printable(value);
    case Syntax::numeric_string:
      return !value.empty() && std::ranges::all_of(value, [](char c) { return is_digit(c) || c == ' '; });
    case Syntax::integer:
      return is_integer(value);
    case Syntax::boolean:
      return value == "TRUE" || value == "FALSE";
    case Syntax::distinguished_name:
      return normalized_dn(value).has_value();
    case Syntax::generalized_time:
      return parse_generalized_time(value).has_value();
    case Syntax::uuid:
      return is_uuid(value);
    default:
      return true;
  }
}

std::optional<std::string> comparison_key(Comparison comparison, std::string_view value, Trim trim) {
  switch (comparison) {
    case Comparison::case_ignore:
      return match_key(value, trim, Case::folded);
    case Comparison::case_exact:
      return match_key(value, trim, Case::kept);
    case Comparison::numeric_string:
      return without(value, " ");
    case Comparison::telephone_number:
      return ascii_lower(without(value, " -"));
    case Comparison::integer:
      if (!is_integer(value)) return std::nullopt;
      return std::string{value};
    case Comparison::boolean:
      if (value != "TRUE" && value != "FALSE") return std::nullopt;
      return std::string{value};
    case Comparison::generalized_time: {
      auto const time = parse_generalized_time(value);
      if (!time) return std::nullopt;
      char text[32];
      std::snprintf(text, sizeof text, "%020lld", static_cast<long long>(time->time_since_epoch().count()));
      return text;
    }
    case Comparison::uuid:
      if (!is_uuid(value)) return std::nullopt;
      return ascii_lower(value);
    case Comparison::octet_string:
      return std::string{value};
    default:
      DIRSYNC_ASSERT(false);
  }
}

int compare_keys(Comparison comparison, std::string_view left, std::string_view right) {
  // Times before 1970 are negative numbers.
  if (comparison == Comparison::integer || comparison == Comparison::generalized_time)
    return compare_integers(left, right);
  return sign_of(left.compare(right));
}

}  // namespace dirsync
