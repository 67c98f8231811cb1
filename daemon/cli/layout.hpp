#pragma once
// Text that keeps to the width of a terminal. All text here is printable and has no colours yet; widths are
// columns as display_width() counts them, 0 for no limit.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::cli {

/// `text`, with an ellipsis for what does not fit.
std::string cut_to(std::string_view text, std::size_t width);

/// `text` and spaces up to `width`.
std::string padded(std::string text, std::size_t width);

/// Broken at spaces; a word that is too long by itself is parted. One line at least.
std::vector<std::string> broken_at(std::string_view text, std::size_t width);

/// The beginning of a line.
struct LineStart {
  std::string text;         // painted or not
  std::size_t columns = 0;  // that it takes
};

using Paint = std::function<std::string(std::string_view)>;

/// `start`, then `text`, each line of which `paint` colours and all of which begin below each other; less far
/// to the right where that would leave no room. Ends with a line end, and no line with a space.
std::string hanging(LineStart const& start, std::string_view text, std::size_t width, Paint const& paint);
/// The same without colours.
std::string hanging(LineStart const& start, std::string_view text, std::size_t width);

}  // namespace dirsync::cli
