#include "daemon/cli/screen.hpp"

#include <algorithm>
#include <array>

#include "daemon/cli/output.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

/// Those that Palette uses.
constexpr std::array<std::string_view, 6> kColours{"\033[0m",  "\033[1m",  "\033[2m",
                                                   "\033[31m", "\033[32m", "\033[33m"};

void write(std::FILE* stream, std::string_view text) { std::fwrite(text.data(), 1, text.size(), stream); }

}  // namespace

std::string without_controls(std::string_view text) {
  std::string lines;
  for (;;) {
    auto const end = text.find('\n');
    lines += printable(text.substr(0, end), text.npos);
    if (end == text.npos) return lines;
    lines.push_back('\n');
    text.remove_prefix(end + 1);
  }
}

std::string without_controls(std::string_view painted, Palette const& palette) {
  std::string clean;
  while (palette.is_on()) {
    auto const start = painted.find('\033');
    if (start == painted.npos) break;
    clean += without_controls(painted.substr(0, start));
    painted.remove_prefix(start);
    auto const colour = std::ranges::find_if(
        kColours, [painted](std::string_view each) { return painted.starts_with(each); });
    auto const is_colour = colour != kColours.end();
    clean += is_colour ? *colour : "?";
    painted.remove_prefix(is_colour ? colour->size() : 1);
  }
  return clean + without_controls(painted);
}

void show(std::FILE* stream, std::string_view text) { write(stream, without_controls(text)); }
void show_painted(std::FILE* stream, std::string_view text, Palette const& palette) {
  write(stream, without_controls(text, palette));
}
void show_json(boost::json::value const& document) { show_json_text(boost::json::serialize(document)); }
void show_json_text(std::string_view document) { write(stdout, with_escaped_controls(document) + "\n"); }

}  // namespace dirsync::cli
