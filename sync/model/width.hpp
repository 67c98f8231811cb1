#pragma once
#include <cstddef>
#include <string_view>

namespace dirsync {

/// Columns that `text` takes on a terminal: none for a combining mark, two for wide East Asian characters and
/// emoji. `text` has no control characters; each byte that is not UTF-8 counts as one. Source: UAX #11 and
/// #29 as ICU knows them.
std::size_t display_width(std::string_view text);

/// The longest beginning of `text` that takes at most `columns` and parts nothing that a reader takes for one
/// character. Text and source as for display_width(). Lives as long as the text.
std::string_view beginning_within(std::string_view text, std::size_t columns);

}  // namespace dirsync
