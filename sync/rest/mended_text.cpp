#include "sync/rest/mended_text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace dirsync::rest {
namespace {

constexpr std::size_t kEscape = 6;  // \uXXXX

unsigned unit_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// Of \uXXXX; nothing when it is none, or cut.
std::optional<unsigned> code_at(std::string_view text, std::size_t at) {
  if (at + kEscape > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned code = 0;
  for (auto const c : text.substr(at + 2, 4)) {
    auto const digit = '0' <= c && c <= '9'   ? c - '0'
                       : 'a' <= c && c <= 'f' ? c - 'a' + 10
                       : 'A' <= c && c <= 'F' ? c - 'A' + 10
                                              : -1;
    if (digit < 0) return std::nullopt;
    code = code << 4 | static_cast<unsigned>(digit);
  }
  return code;
}

bool is_high(unsigned code) { return 0xD800 <= code && code < 0xDC00; }
bool is_low(unsigned code) { return 0xDC00 <= code && code < 0xE000; }

/// Whether more text could make an escape of what follows `at`.
bool may_become_escape(std::string_view text, std::size_t at) {
  auto const rest = text.substr(at);
  return rest.size() < kEscape && std::string_view{"\\u"}.substr(0, rest.size()) == rest.substr(0, 2);
}

/// Length of the well-formed character that begins there (RFC 3629, 4); 0: there is none. `is_cut`: the text
/// ends within it.
std::size_t character_at(std::string_view text, std::size_t at, bool& is_cut) {
  auto const first = unit_at(text, at);
  auto const length = first < 0xC2 ? 0U : first < 0xE0 ? 2U : first < 0xF0 ? 3U : first < 0xF5 ? 4U : 0U;
  if (length == 0) return 0;
  for (std::size_t n = 1; n < length; ++n) {
    if (at + n == text.size()) {
      is_cut = true;
      return 0;
    }
    auto const next = unit_at(text, at + n);
    auto const least = n > 1 ? 0x80U : first == 0xE0 ? 0xA0U : first == 0xF0 ? 0x90U : 0x80U;
    auto const most = n > 1 ? 0xBFU : first == 0xED ? 0x9FU : first == 0xF4 ? 0x8FU : 0xBFU;
    if (next < least || next > most) return 0;
  }
  return length;
}

bool is_plain(char c) { return c != '\\' && static_cast<unsigned char>(c) < 0x80; }

}  // namespace

/// Where that ends which can be said by now.
std::size_t TextMender::mend_buffer() {
  auto& text = buffer_;
  std::size_t at = 0;
  while (true) {
    at = static_cast<std::size_t>(
        std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_plain) -
        text.begin());
    if (at == text.size()) return at;
    if (text[at] != '\\') {
      auto is_cut = false;
      auto const length = character_at(text, at, is_cut);
      if (is_cut) return at;
      if (length == 0) text[at] = kMended;
      at += std::max<std::size_t>(length, 1);
      continue;
    }
    if (at + 1 == text.size() || may_become_escape(text, at)) return at;
    auto const code = code_at(text, at);
    if (!code) {
      at += 2;
      continue;
    }
    auto const next = at + kEscape;
    if (is_high(*code) && may_become_escape(text, next)) return at;
    auto const following = code_at(text, next);
    if (is_high(*code) && following && is_low(*following)) {
      at = next + kEscape;
      continue;
    }
    if (is_high(*code) || is_low(*code)) text.replace(at, kEscape, "\\u007f");
    at = next;
  }
}

std::string_view TextMender::mend(std::string_view piece) {
  if (held_.empty() && std::ranges::all_of(piece, is_plain)) return piece;
  buffer_.assign(held_).append(piece);
  auto const end = mend_buffer();
  held_.assign(buffer_, end);
  return std::string_view{buffer_}.substr(0, end);
}

}  // namespace dirsync::rest
