#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace dirsync::test {
namespace {

std::string content_of(std::filesystem::path const& file) {
  std::ostringstream content;
  content << std::ifstream{file}.rdbuf();
  return content.str();
}

/// Every match of `pattern` in `text`, its groups joined by dots.
std::vector<std::string> matches(std::string const& text, std::regex const& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator match{text.begin(), text.end(), pattern}, end; match != end; ++match)
    found.push_back((*match)[1].str() + "." + (*match)[2].str());
  return found;
}

/// "GivenX.WhenYThenZ" for each test of the sources.
std::set<std::string> tests_of_the_sources() {
  std::regex const macro{R"(TEST(?:_F|_P)?\(\s*(Given\w+|BadInput),\s*(When\w+)\s*\))"};
  std::set<std::string> tests;
  auto const folder = std::filesystem::path{DIRSYNC_SOURCE_DIR} / "tests";
  for (auto const& file : std::filesystem::recursive_directory_iterator{folder}) {
    auto const kind = file.path().extension();
    if (kind == ".cpp" || kind == ".hpp")
      tests.merge([&file, &macro] {
        auto const found = matches(content_of(file.path()), macro);
        return std::set<std::string>{found.begin(), found.end()};
      }());
  }
  return tests;
}

std::string page(char const* name) {
  return content_of(std::filesystem::path{DIRSYNC_SOURCE_DIR} / "docs" / name);
}

struct Page {
  char const* name;
  std::size_t least;  // tests that it names
};

struct GivenAPageThatNamesTests : testing::TestWithParam<Page> {};

TEST_P(GivenAPageThatNamesTests, WhenItNamesATestThenThereIsOne) {
  auto const tests = tests_of_the_sources();
  auto const named = matches(page(GetParam().name), std::regex{R"(\b(Given\w+|BadInput)\.(When\w+))"});
  EXPECT_GE(named.size(), GetParam().least);
  for (auto const& name : named) EXPECT_TRUE(tests.contains(name)) << name;
}

INSTANTIATE_TEST_SUITE_P(Docs, GivenAPageThatNamesTests,
                         testing::Values(Page{"directories.md", 21}, Page{"promises.md", 21},
                                         Page{"safety.md", 21}, Page{"service.md", 17}));

TEST(GivenTheTableOfDirectories, WhenAFeatureIsListedThenEveryCellNamesATestOrSaysThereIsNone) {
  std::istringstream lines{page("directories.md")};
  std::regex const row{R"(^\| [^|]+ \|([^|]+)\|([^|]+)\|([^|]+)\|$)"};
  std::regex const proof{R"(\s*(Given\w+\.When\w+(<br>Given\w+\.When\w+)*|none: .+)\s*)"};
  auto rows = 0;
  for (std::string line; std::getline(lines, line);) {
    std::smatch cells;
    if (!std::regex_match(line, cells, row)) continue;
    if (++rows <= 2) continue;  // head and ruler
    for (std::size_t cell = 1; cell < cells.size(); ++cell)
      EXPECT_TRUE(std::regex_match(cells[cell].str(), proof)) << line;
  }
  EXPECT_GT(rows, 12);
}

/// Names of events in the calls that tell the log of one: `event(..., "plan_held", ...)`, `say("stopping",
/// {})`.
std::set<std::string> events_of_the_sources() {
  std::regex const call{R"(\b(event|say)\(([^;{]*))"};
  std::regex const name{"\"([a-z]+(?:_[a-z]+)*)\""};
  std::set<std::string> events;
  for (auto const* folder : {"daemon", "ldap", "store", "sync"})
    for (auto const& file :
         std::filesystem::recursive_directory_iterator{std::filesystem::path{DIRSYNC_SOURCE_DIR} / folder}) {
      if (file.path().extension() != ".cpp") continue;
      auto const text = content_of(file.path());
      for (std::sregex_iterator found{text.begin(), text.end(), call}, end; found != end; ++found) {
        auto const words = (*found)[2].str();
        for (std::sregex_iterator each{words.begin(), words.end(), name}; each != end; ++each)
          events.insert((*each)[1].str());
      }
    }
  return events;
}

TEST(GivenTheTableOfEvents, WhenTheProgramTellsOneThenItIsThereAndNoOther) {
  std::istringstream lines{content_of(std::filesystem::path{DIRSYNC_SOURCE_DIR} / "daemon/events.md")};
  std::regex const name{"`([a-z_]+)`"};
  std::set<std::string> listed;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    auto const cell = line.substr(0, line.find('|', 1));
    for (std::sregex_iterator found{cell.begin(), cell.end(), name}, end; found != end; ++found)
      listed.insert((*found)[1].str());
  }
  auto told = events_of_the_sources();
  told.insert("chain_head");  // daemon/witness.cpp writes it for /dev/log
  EXPECT_EQ(told, listed);
}

}  // namespace
}  // namespace dirsync::test
