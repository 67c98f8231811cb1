// The files of the page, as they are in the program.
#include "daemon/page/files.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <regex>
#include <set>

#include "tests/support/golden.hpp"

namespace dirsync::page {
namespace {
using testing::StartsWith;
namespace fs = std::filesystem;

TEST(GivenTheFilesOfThePage, WhenTheProgramIsBuiltThenItHasAllOfThemAsTheyAre) {
  std::set<std::string> in_folder;
  for (auto const& file : fs::directory_iterator{DIRSYNC_SOURCE_DIR "/daemon/page"}) {
    auto const kind = file.path().extension();
    if (kind == ".js" || kind == ".css" || kind == ".html" || kind == ".svg")
      in_folder.insert(file.path().filename());
  }
  std::set<std::string> built;
  for (auto const& file : files()) {
    built.emplace(file.name);
    EXPECT_EQ(file.content, source_file("daemon/page/" + std::string{file.name})) << file.name;
  }
  EXPECT_EQ(built, in_folder);
}

TEST(GivenTheFilesOfThePage, WhenOneAsksForAnotherThenItIsThere) {
  std::regex const wanted{R"re((?:from '\./|href="|src="|url\(")([\w-]+\.\w+))re"};
  for (auto const& file : files()) {
    std::string const text{file.content};
    for (std::sregex_iterator match{text.begin(), text.end(), wanted}, end; match != end; ++match)
      EXPECT_TRUE(file_page("/" + (*match)[1].str())) << file.name << " wants " << (*match)[1];
  }
}

TEST(GivenTheFilesOfThePage, WhenAPathIsAskedForThenItsKindIsTold) {
  EXPECT_EQ(file_page("/").value().content_type, "text/html; charset=utf-8");
  EXPECT_EQ(file_page("/page.css").value().content_type, "text/css; charset=utf-8");
  EXPECT_EQ(file_page("/main.js").value().content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(file_page("/icon.svg").value().content_type, "image/svg+xml");
  EXPECT_THAT(std::string{file_page("/").value().body.view()}, StartsWith("<!doctype html>"));
  for (auto const* const path : {"", "main.js", "/nothing.js", "/../main.js", "//main.js", "/files.cpp"})
    EXPECT_FALSE(file_page(path)) << path;
}

}  // namespace
}  // namespace dirsync::page
