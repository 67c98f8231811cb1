#include "daemon/cli/layout.hpp"

#include <algorithm>

#include "sync/model/width.hpp"

namespace dirsync::cli {
namespace {

/// What fits of `text`, at least one character of it.
std::string_view piece_of(std::string_view text, std::size_t width) {
  for (auto columns = width; columns < width + 4; ++columns)
    if (auto const piece = beginning_within(text, columns); !piece.empty()) return piece;
  return text;
}

class Lines {
 public:
  explicit Lines(std::size_t width) : width_(width) {}

  void add(std::string_view word) {
    auto const columns = display_width(word);
    auto const gap = lines_.back().empty() ? 0U : 1U;
    if (columns_ + gap + columns <= width_) {
      put(gap == 0 ? "" : " ", word, gap + columns);
      return;
    }
    if (gap > 0) begin();
    while (display_width(word) > width_) {
      auto const piece = piece_of(word, width_);
      put("", piece, display_width(piece));
      word.remove_prefix(piece.size());
      if (word.empty()) return;
      begin();
    }
    put("", word, display_width(word));
  }
  std::vector<std::string> all() && { return std::move(lines_); }

 private:
  void begin() {
    lines_.emplace_back();
    columns_ = 0;
  }
  void put(std::string_view gap, std::string_view word, std::size_t columns) {
    lines_.back() += gap;
    lines_.back() += word;
    columns_ += columns;
  }

  std::size_t width_, columns_ = 0;
  std::vector<std::string> lines_{1};
};

}  // namespace

std::string cut_to(std::string_view text, std::size_t width) {
  if (width == 0 || display_width(text) <= width) return std::string{text};
  return std::string{beginning_within(text, width - 1)} + "…";
}

std::string padded(std::string text, std::size_t width) {
  auto const columns = display_width(text);
  if (columns < width) text.append(width - columns, ' ');
  return text;
}

std::vector<std::string> broken_at(std::string_view text, std::size_t width) {
  if (width == 0) return {std::string{text}};
  Lines lines{width};
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    if (end > 0) lines.add(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(lines).all();
}

std::string hanging(LineStart const& start, std::string_view text, std::size_t width, Paint const& paint) {
  if (text.empty()) {
    auto const end = start.text.find_last_not_of(' ');
    return start.text.substr(0, end == std::string::npos ? 0 : end + 1) + "\n";
  }
  if (width == 0) return start.text + paint(text) + "\n";
  constexpr std::size_t kFewest = 30;
  auto const has_room = start.columns + kFewest <= width;
  auto const indent = has_room ? start.columns : std::min<std::size_t>(start.columns, 8);
  auto const room = width > indent ? width - indent : 1;
  auto const lines = broken_at(text, room);
  auto const is_beside = has_room || start.columns + display_width(lines.front()) <= width;
  auto view = is_beside ? start.text : hanging(start, "", 0, paint);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (at > 0 || !is_beside) view.append(indent, ' ');
    view += paint(lines[at]) + "\n";
  }
  return view;
}

std::string hanging(LineStart const& start, std::string_view text, std::size_t width) {
  return hanging(start, text, width, [](std::string_view line) { return std::string{line}; });
}

}  // namespace dirsync::cli
