#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::cli {

/// Colours for people: on when `stream` is a terminal and NO_COLOR is not set (no-color.org).
class Palette {
 public:
  static Palette for_descriptor(int descriptor);
  static Palette coloured() { return Palette{true}; }
  static Palette plain() { return Palette{false}; }
  std::string added(std::string_view text) const { return paint("32", text); }
  std::string removed(std::string_view text) const { return paint("31", text); }
  std::string warning(std::string_view text) const { return paint("33", text); }
  std::string strong(std::string_view text) const { return paint("1", text); }
  std::string faint(std::string_view text) const { return paint("2", text); }
  bool is_on() const noexcept { return on_; }
  friend bool operator==(Palette const&, Palette const&) = default;

 private:
  explicit Palette(bool on) : on_(on) {}
  std::string paint(char const* code, std::string_view text) const;
  bool on_;
};

bool is_terminal(int descriptor);

/// Columns as wide as their widest cell on a terminal; the last one as it comes. Cells are made printable.
std::string table(std::vector<std::vector<std::string>> const& rows);

/// {error: {code, text}}.
boost::json::object error_document(std::string_view code, std::string_view text);

}  // namespace dirsync::cli
