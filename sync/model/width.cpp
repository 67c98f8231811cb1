#include "sync/model/width.hpp"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>

#include "sync/model/ascii.hpp"
#include "sync/model/assert.hpp"

namespace dirsync {
namespace {

struct CloseIterator {
  void operator()(UBreakIterator* iterator) const noexcept { ::ubrk_close(iterator); }
};
struct CloseText {
  void operator()(UText* text) const noexcept { ::utext_close(text); }
};

constexpr UChar32 kEmojiStyle = 0xFE0F;  // VARIATION SELECTOR-16: the character before it as an emoji

bool is_wide(UChar32 c) {
  auto const width = ::u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH || ::u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION);
}

bool takes_no_column(UChar32 c) {
  auto const kind = ::u_charType(c);
  return kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK || kind == U_FORMAT_CHAR;
}

/// Of what a reader takes for one character, such as a letter with its marks or an emoji made of several.
std::size_t width_of_cluster(std::string_view cluster) {
  std::size_t width = 0;
  auto emoji = false;
  auto const size = static_cast<std::int32_t>(cluster.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(cluster.data(), at, size, c);
    if (c == kEmojiStyle && emoji) width = 2;
    if (c >= 0 && takes_no_column(c)) continue;
    emoji = c >= 0 && ::u_hasBinaryProperty(c, UCHAR_EMOJI);
    // A half-width voicing mark is a character of its own to a terminal.
    auto const half = c >= 0 && ::u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH) == U_EA_HALFWIDTH;
    width = half ? width + 1 : std::max<std::size_t>(width, c >= 0 && is_wide(c) ? 2 : 1);
  }
  return width;
}

/// Calls `on_cluster` with each in order, until it says false.
template <class OnCluster>
void for_each_cluster(std::string_view text, OnCluster on_cluster) {
  auto failed = U_ZERO_ERROR;
  std::unique_ptr<UText, CloseText> const read{
      ::utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &failed)};
  std::unique_ptr<UBreakIterator, CloseIterator> const clusters{
      ::ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &failed)};
  DIRSYNC_ASSERT(U_SUCCESS(failed));
  ::ubrk_setUText(clusters.get(), read.get(), &failed);
  DIRSYNC_ASSERT(U_SUCCESS(failed));
  auto start = ::ubrk_first(clusters.get());
  for (auto end = ::ubrk_next(clusters.get()); end != UBRK_DONE; end = ::ubrk_next(clusters.get())) {
    if (!on_cluster(text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start))))
      return;
    start = end;
  }
}

}  // namespace

std::size_t display_width(std::string_view text) {
  if (is_ascii(text)) return text.size();
  std::size_t width = 0;
  for_each_cluster(text, [&width](std::string_view cluster) {
    width += width_of_cluster(cluster);
    return true;
  });
  return width;
}

std::string_view beginning_within(std::string_view text, std::size_t columns) {
  if (is_ascii(text)) return text.substr(0, columns);
  std::size_t width = 0, size = 0;
  for_each_cluster(text, [columns, &width, &size](std::string_view cluster) {
    width += width_of_cluster(cluster);
    if (width > columns) return false;
    size += cluster.size();
    return true;
  });
  return text.substr(0, size);
}

}  // namespace dirsync
