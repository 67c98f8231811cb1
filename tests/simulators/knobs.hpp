#pragma once
// Switches of a simulator: what one server does this way and another one that way.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tests/simulators/common.hpp"

namespace dirsync::sim {

struct Knob {
  std::string_view name;
  std::string_view allowed;  // "on|off", any other list of words, "number" or "text"
  std::string_view initial;
};

/// Asking for a knob that is not in the table throws std::out_of_range: a fault of the simulator.
class Knobs {
 public:
  explicit Knobs(std::span<Knob const> table);

  /// Returns what is wrong, or nothing.
  std::optional<std::string> set(std::string_view name, std::string_view value);
  bool on(std::string_view name) const { return text(name) == "on"; }
  bool is(std::string_view name, std::string_view value) const { return text(name) == value; }
  std::string const& text(std::string_view name) const;
  std::int64_t number(std::string_view name) const;
  json::object dump() const;

 private:
  std::span<Knob const> table_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace dirsync::sim
