#pragma once
#include <cstddef>
#include <string_view>

namespace dirsync {

/// Columns that `text` takes on a terminal: none for a combining mark, two for wide East Asian characters and
/// emoji. `text` has no control characters; each byte that is not UTF-8 counts as one. Source: UAX #11 and
/// #29 as ICU knows them.
std::size_t display_width(std::string_view text);

}  // namespace dirsync
