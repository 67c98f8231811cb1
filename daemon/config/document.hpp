#pragma once
// A TOML file as plain values with their places. Keeps the slow TOML headers in one source file.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/config/problem.hpp"

namespace dirsync::config {

struct Position {
  int line = 0, column = 0;
  friend auto operator<=>(Position const&, Position const&) = default;
};

struct Node;
struct TableEntry;
using Array = std::vector<Node>;
using Table = std::vector<TableEntry>;  // ordered by place in the file
struct DateOrTime {};

struct Node {
  Position at;
  std::variant<std::string, std::int64_t, double, bool, DateOrTime, Array, Table> value;
};

struct TableEntry {
  std::string key;
  Position at;  // of the key
  Node value;
};

/// "a text", "a whole number", "a table", ...
char const* kind_of(Node const& node);

/// Errors: one problem, `syntax` or `duplicate`; a TOML parser stops at the first.
boost::system::result<Table, Problems> read_document(std::string_view text, std::string const& file);

}  // namespace dirsync::config
