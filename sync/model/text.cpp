#include "sync/model/text.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "sync/model/assert.hpp"

namespace dirsync {
namespace {
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

UChar32 fold(UChar32 c) {
  return c < 0x80 ? lower(static_cast<char>(c)) : u_foldCase(c, U_FOLD_CASE_DEFAULT);
}

/// Each character by itself; bytes that are not UTF-8 stay.
template <class Map>
std::string mapped(std::string_view text, Map map) {
  std::string result;
  result.reserve(text.size());
  auto const size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    auto const start = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    if (c < 0) {
      result.append(text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start)));
      continue;
    }
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, map(c));
    result.append(bytes, static_cast<std::size_t>(length));
  }
  return result;
}

/// How many bytes it begins with that are printable ASCII: most names and most lines are nothing else, and
/// need not be looked at character by character.
std::size_t plain_bytes(std::string_view text) {
  auto const is_other = [](char c) { return c < ' ' || c > '~'; };
  return static_cast<std::size_t>(std::ranges::find_if(text, is_other) - text.begin());
}

/// Whether a terminal may obey it, or show what is around it in another order or not at all.
bool steers_terminals(UChar32 c) { return u_iscntrl(c) || u_charType(c) == U_FORMAT_CHAR; }

void append_json_escape(std::string& line, std::uint32_t unit) {
  constexpr char kDigits[] = "0123456789abcdef";
  line += "\\u";
  for (auto shift = 12; shift >= 0; shift -= 4) line.push_back(kDigits[(unit >> shift) & 0xFU]);
}

}  // namespace

std::string fold_case(std::string_view text) { return mapped(text, fold); }
std::string lower_case(std::string_view text) { return mapped(text, u_tolower); }
std::string upper_case(std::string_view text) { return mapped(text, u_toupper); }

std::string normalized_nfkc(std::string_view text) {
  if (!is_utf8(text)) return std::string{text};
  auto status = U_ZERO_ERROR;
  auto const* const form = icu::Normalizer2::getNFKCInstance(status);
  DIRSYNC_ASSERT(U_SUCCESS(status));
  std::string result;
  icu::StringByteSink<std::string> sink{&result};
  form->normalizeUTF8(0, icu::StringPiece{text.data(), static_cast<std::int32_t>(text.size())}, sink, nullptr,
                      status);
  DIRSYNC_ASSERT(U_SUCCESS(status));
  return result;
}

bool is_utf8(std::string_view text) {
  auto const size = static_cast<std::int32_t>(text.size());
  for (auto at = static_cast<std::int32_t>(plain_bytes(text)); at < size;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    if (c < 0) return false;
  }
  return true;
}

std::string as_utf8(std::string const& text) { return is_utf8(text) ? text : printable(text, text.size()); }

std::string ascii_lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool ascii_iequal(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n\v\f";
  auto const first = text.find_first_not_of(kSpaces);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string printable(std::string_view text, std::size_t longest) {
  auto const plain = plain_bytes(text);
  if (plain == text.size() && plain <= longest) return std::string{text};
  std::string shown;
  auto const size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    auto const start = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    auto const piece = text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start));
    if (shown.size() + piece.size() > longest) return shown + "...";
    if (c < 0 || steers_terminals(c))
      shown.push_back('?');
    else
      shown.append(piece);
  }
  return shown;
}

std::string with_escaped_controls(std::string_view json) {
  std::string line;
  line.reserve(json.size() + 1);
  auto const size = static_cast<std::int32_t>(json.size());
  for (std::int32_t at = 0; at < size;) {
    auto const plain = plain_bytes(json.substr(static_cast<std::size_t>(at)));
    line.append(json.substr(static_cast<std::size_t>(at), plain));
    at += static_cast<std::int32_t>(plain);
    if (at == size) break;
    auto const start = at;
    UChar32 c = 0;
    U8_NEXT(json.data(), at, size, c);
    // The library that wrote it has escaped those below U+0020.
    if (c < 0x7F || !steers_terminals(c)) {
      line.append(json.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start)));
    } else if (c <= 0xFFFF) {
      append_json_escape(line, static_cast<std::uint32_t>(c));
    } else {
      append_json_escape(line, static_cast<std::uint32_t>(U16_LEAD(c)));
      append_json_escape(line, static_cast<std::uint32_t>(U16_TRAIL(c)));
    }
  }
  return line;
}

bool holds_logon_name(std::string_view name, std::string_view logon) {
  auto bare = fold_case(logon);
  if (auto const end = bare.rfind('\\'); end != std::string::npos) bare.erase(0, end + 1);
  bare.erase(std::min(bare.find('@'), bare.size()));
  return !bare.empty() && fold_case(name).find(bare) != std::string::npos;
}

}  // namespace dirsync
