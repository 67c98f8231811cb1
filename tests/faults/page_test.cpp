// docs/fault-matrix.md as a whole: enough faults on each target, and nobody wronged.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "tests/support/golden.hpp"

namespace dirsync::test {
namespace {

std::vector<std::string> cells(std::string const& line) {
  std::vector<std::string> found;
  std::istringstream words{line};
  for (std::string cell; std::getline(words, cell, '|');)
    found.push_back(cell.size() < 2 ? cell : cell.substr(1, cell.size() - 2));
  return found;
}

TEST(FaultMatrix, WhenReadThenSixtyFaultsOfEachTargetAndNobodyIsWronged) {
  std::istringstream page{source_file("docs/fault-matrix.md")};
  std::map<std::string, std::set<std::string>> faults;  // by target
  for (std::string line; std::getline(page, line);) {
    auto const row = cells(line);
    if (row.size() < 8 || row[2] == "Target" || row[2].starts_with("-")) continue;
    faults[row[2]].insert(row[1]);
    EXPECT_EQ(row[3], row[4]) << line;
    EXPECT_EQ(row[5] + row[6] + row[7], "000") << line;
  }
  EXPECT_GE(faults["Vault"].size(), 60U);
  EXPECT_GE(faults["console"].size(), 60U);
}

}  // namespace
}  // namespace dirsync::test
