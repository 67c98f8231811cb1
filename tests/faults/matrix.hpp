#pragma once
// docs/fault-matrix.md: tables that tests make.
#include <string>
#include <vector>

#include "tests/faults/oracle.hpp"

namespace dirsync::test {

struct Row {
  std::string fault;
  Side side{};
  std::string expected, observed;
  std::size_t wrong_removals = 0, wrong_additions = 0, forgotten = 0;
};

/// Compares the rows with that section of docs/fault-matrix.md, or writes it when DIRSYNC_UPDATE_GOLDEN is
/// set: review the difference as code.
void expect_section(std::string const& section, std::vector<Row> const& rows);

}  // namespace dirsync::test
