#include "sync/model/unseen_character.hpp"

#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace dirsync {
namespace {

struct CodeRange {
  UChar32 first, last;
};
constexpr std::array<CodeRange, 10> kUnseen{{
    {0x0000, 0x001F},  // C0
    {0x007F, 0x009F},  // delete, C1
    {0x061C, 0x061C},  // Arabic letter mark
    {0x200B, 0x200B},  // zero width space
    {0x200E, 0x200F},  // left-to-right and right-to-left mark
    {0x2028, 0x2029},  // line and paragraph separator
    {0x202A, 0x202E},  // embeddings and overrides of direction
    {0x2060, 0x2060},  // word joiner
    {0x2066, 0x2069},  // isolates of direction
    {0xFEFF, 0xFEFF},  // zero width no-break space
}};

bool is_unseen(UChar32 c) {
  return std::ranges::any_of(kUnseen,
                             [c](CodeRange const& range) { return c >= range.first && c <= range.last; });
}

}  // namespace

std::string unseen_character_in(std::string_view text) {
  auto const size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    if (!is_unseen(c)) continue;
    std::array<char, 16> code{};
    std::snprintf(code.data(), code.size(), "U+%04X", static_cast<unsigned>(c));
    return code.data();
  }
  return {};
}

}  // namespace dirsync
