#pragma once
// What goes wrong, when, and how: rules that tests send to a simulator.
#include <optional>
#include <string>
#include <vector>

#include "tests/simulators/common.hpp"

namespace dirsync::sim {

/// What one rule does to one call.
struct Fault {
  enum class Effect { happens, prevented };
  Effect effect = Effect::happens;  // does the call still change the state?
  json::array edits;                // done before the call, as by POST /_sim/do
  std::optional<int> status;        // with headers and body: sent instead of the true answer
  Fields headers;                   // added to the answer
  std::optional<std::string> body;
  bool drop = false;
  std::optional<std::size_t> cut_after;
  std::chrono::milliseconds delay{0}, per_piece{0};
  bool gzip = false;
  std::string name;  // for the journal

  void apply_to(Response& response) const;
};

/// Rules in order. Each counts its own matching calls; the first one that is due acts.
class FaultTable {
 public:
  /// Replaces all rules. Returns what is wrong with them, or nothing.
  std::optional<std::string> replace(json::value const& rules);
  /// `write`: the call asks for a change.
  std::optional<Fault> next(Request const& request, std::string_view route, bool write);

 private:
  struct Rule {
    std::string method, path, route;  // empty: any; path is a substring of the target
    std::optional<bool> write;        // only calls that ask for a change, or only the others
    std::int64_t first = 1;           // counted from 1
    std::int64_t count = 1;           // 0: for ever
    Fault fault;
    std::int64_t seen = 0;
  };
  static std::optional<std::string> parse(json::value const& value, Rule& rule);

  std::vector<Rule> rules_;
};

}  // namespace dirsync::sim
