#include "ldap/search/entry_id.hpp"

#include <algorithm>
#include <array>

#include "sync/model/hex.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// Groups of hexadecimal digits between dashes; `dashes` are the places of the dashes.
bool is_dashed(std::string_view text, std::size_t size, std::initializer_list<std::size_t> dashes) {
  if (text.size() != size) return false;
  for (std::size_t at = 0; at < size; ++at) {
    auto const dash = std::ranges::find(dashes, at) != dashes.end();
    if (dash ? text[at] != '-' : hex_digit(text[at]) < 0) return false;
  }
  return true;
}

bool is_uuid(std::string_view text) { return is_dashed(text, 36, {8, 13, 18, 23}); }
bool is_ns_unique_id(std::string_view text) { return is_dashed(text, 35, {8, 17, 26}); }

/// Which byte of an objectGUID each pair of digits shows.
constexpr std::array<std::size_t, 16> kGuidOrder{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

std::string guid_text(std::string_view bytes) {
  std::string text;
  for (std::size_t n = 0; n < kGuidOrder.size(); ++n) {
    if (n == 4 || n == 6 || n == 8 || n == 10) text.push_back('-');
    text += to_hex(bytes.substr(kGuidOrder[n], 1));
  }
  return text;
}

/// RFC 4515, 3: "\xx" for each byte, in the server's order.
std::string guid_assertion(std::string_view text) {
  std::string digits{text};
  std::erase(digits, '-');
  std::string assertion(kGuidOrder.size() * 3, '\\');
  for (std::size_t n = 0; n < kGuidOrder.size(); ++n)
    digits.copy(&assertion[kGuidOrder[n] * 3 + 1], 2, n * 2);
  return assertion;
}

}  // namespace

std::optional<EntryId> entry_id(IdForm form, std::string_view value) {
  switch (form) {
    case IdForm::uuid:
      if (!is_uuid(value)) return std::nullopt;
      return EntryId{ascii_lower(value)};
    case IdForm::ns_unique_id:
      if (!is_ns_unique_id(value)) return std::nullopt;
      return EntryId{ascii_lower(value)};
    case IdForm::guid:
      if (value.size() != kGuidOrder.size()) return std::nullopt;
      return EntryId{guid_text(value)};
  }
  return std::nullopt;
}

std::optional<std::string> id_assertion(IdForm form, EntryId const& id) {
  auto const& text = id.value();
  if (form == IdForm::ns_unique_id ? !is_ns_unique_id(text) : !is_uuid(text)) return std::nullopt;
  return form == IdForm::guid ? guid_assertion(text) : text;
}

}  // namespace dirsync::ldap
