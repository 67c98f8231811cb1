#pragma once
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/error.hpp"
#include "sync/model/plan.hpp"

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

 private:
  explicit Palette(bool on) : on_(on) {}
  std::string paint(char const* code, std::string_view text) const;
  bool on_;
};

bool is_terminal(int descriptor);

/// Columns as wide as their widest cell on a terminal; the last one as it comes. Cells are made printable.
std::string table(std::vector<std::vector<std::string>> const& rows);

/// The plan for people: per target and group a diff with the reason of each line, then notices, reasons,
/// digest.
std::string plan_view(Plan const& plan, Palette const& palette);

/// What a run did, in one or two lines.
std::string outcome_view(Plan const& plan, std::span<Settled const> outcomes, Palette const& palette);

/// {error: {code, text}}.
boost::json::object error_document(std::string_view code, std::string_view text);

/// A line on standard error that tells a waiting person what is going on, once a second has passed.
class ProgressLine {
 public:
  explicit ProgressLine(bool enabled) : enabled_(enabled) {}
  void set(std::string_view what, std::uint64_t done, std::uint64_t total);
  /// Draws; called a few times a second.
  void tick();
  /// Takes the line away before something else is printed.
  void clear();

 private:
  bool enabled_, shown_ = false;
  std::string what_;
  std::uint64_t done_ = 0, total_ = 0;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace dirsync::cli
