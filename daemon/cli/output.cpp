#include "daemon/cli/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "sync/model/text.hpp"
#include "sync/model/width.hpp"

namespace dirsync::cli {
namespace {

constexpr std::size_t kLongestCell = 2000;  // bytes

}  // namespace

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

Palette Palette::for_descriptor(int descriptor) {
  auto const* const refused = std::getenv("NO_COLOR");
  return Palette{is_terminal(descriptor) && (refused == nullptr || *refused == '\0')};
}

std::string Palette::paint(char const* code, std::string_view text) const {
  if (!on_) return std::string{text};
  return "\033[" + std::string{code} + "m" + std::string{text} + "\033[0m";
}

std::string table(std::vector<std::vector<std::string>> const& rows) {
  std::vector<std::size_t> widths;
  for (auto const& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], display_width(printable(row[column], kLongestCell)));
  }
  std::string text;
  for (auto const& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      auto const cell = printable(row[column], kLongestCell);
      line += cell;
      if (column + 1 < row.size()) line.append(widths[column] + 2 - display_width(cell), ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

boost::json::object error_document(std::string_view code, std::string_view text) {
  return {{"error", boost::json::object{{"code", code}, {"text", text}}}};
}

}  // namespace dirsync::cli
