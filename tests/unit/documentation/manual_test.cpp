// What --help has, the manual pages have, and nothing else; so with the keys of the configuration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "daemon/cli/arguments.hpp"
#include "tests/support/golden.hpp"

namespace dirsync {
namespace {

using testing::IsSupersetOf;

std::vector<std::string> lines_of(std::string const& text) {
  std::istringstream stream{text};
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::set<std::string> all_matches(std::string const& text, std::regex const& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator match{text.begin(), text.end(), pattern}, none; match != none; ++match)
    found.insert((*match)[1].str());
  return found;
}

/// What `dirsyncd COMMAND --help` lists.
struct Help {
  std::set<std::string> options;      // "--config", "-h"
  std::set<std::string> positionals;  // "DIGEST"
  std::set<std::string> commands;     // below it
};

Help help_of(std::vector<std::string> const& command) {
  std::vector<char const*> words{"dirsyncd"};
  for (auto const& word : command) words.push_back(word.c_str());
  words.push_back("--help");
  auto const parsed = cli::parse_arguments(static_cast<int>(words.size()), words.data());
  Help help;
  std::string chapter;
  static std::regex const entry{R"(^  ([^ ]+).*)"};
  for (auto const& line : lines_of(std::get<cli::Finished>(parsed).message)) {
    std::smatch first;
    if (line.ends_with(':') && !line.starts_with(' ')) chapter = line;
    if (line.empty()) chapter.clear();
    if (chapter.empty() || !std::regex_match(line, first, entry)) continue;
    if (chapter == "Options:") help.options.merge(all_matches(first[1], std::regex{"(--?[a-z-]+)"}));
    if (chapter == "Positionals:") help.positionals.insert(first[1]);
    if (chapter == "Subcommands:") help.commands.insert(first[1]);
  }
  return help;
}

void add_commands(std::vector<std::string> const& command, std::map<std::string, Help>& all) {
  auto const help = help_of(command);
  std::string name = "dirsyncd";
  for (auto const& word : command) name += " " + word;
  all.emplace(name, help);
  for (auto const& below : help.commands) {
    auto longer = command;
    longer.push_back(below);
    add_commands(longer, all);
  }
}

/// "dirsyncd console list" and what it takes, of every command that there is.
std::map<std::string, Help> all_commands() {
  std::map<std::string, Help> all;
  add_commands({}, all);
  return all;
}

/// The options that a line of mdoc marks: `.Op Fl h | -help`, `.It Fl -config Ar FILE`.
std::set<std::string> flags_in(std::string const& line) {
  std::set<std::string> flags;
  if (line.find("Fl ") == line.npos) return flags;
  static std::regex const flag{R"((?:Fl|[|,]) (-?[a-z][a-z-]*))"};
  for (auto const& name : all_matches(line, flag)) flags.insert("-" + name);
  return flags;
}

struct Manual {
  std::string text;
  std::map<std::string, Help> synopsis;  // by command, as "dirsyncd plan"; commands below are not in it
  std::set<std::string> explained;       // options and arguments that have an entry
};

Manual manual(std::string const& file) {
  Manual page{.text = source_file("docs/man/" + file), .synopsis = {}, .explained = {}};
  std::string chapter, command;
  static std::regex const argument{R"(^\.Ar ([A-Z]+)$|^\.Op Fl -[a-z]+ Ar [A-Z]+ \| Ar ([A-Z]+)$)"};
  for (auto const& line : lines_of(page.text)) {
    if (line.starts_with(".Sh ")) {
      chapter = line.substr(4);
      continue;
    }
    std::smatch positional;
    if (line.starts_with(".It ")) {
      page.explained.merge(flags_in(line));
      page.explained.merge(all_matches(line, std::regex{"^\\.It Ar ([A-Z]+)$"}));
    } else if (chapter == "SYNOPSIS" && line.starts_with(".Nm ")) {
      command = line.substr(4);
      page.synopsis.try_emplace(command);
    } else if (chapter == "SYNOPSIS") {
      page.synopsis[command].options.merge(flags_in(line));
      if (std::regex_match(line, positional, argument))
        page.synopsis[command].positionals.insert(positional[1].matched ? positional[1] : positional[2]);
    }
  }
  return page;
}

/// "dirsyncd-plan.8" of "dirsyncd plan"; a page tells of the commands below, too, and of the opposite.
std::string page_of(std::string const& command) {
  if (command == "dirsyncd") return "dirsyncd.8";
  if (command == "dirsyncd reject") return "dirsyncd-approve.8";
  if (command == "dirsyncd thaw") return "dirsyncd-freeze.8";
  auto const first = command.substr(9, command.find(' ', 9) - 9);
  return "dirsyncd-" + first + ".8";
}

TEST(GivenEveryCommand, WhenItsHelpIsComparedThenItsPageHasTheSameOptions) {
  auto const commands = all_commands();
  EXPECT_GT(commands.size(), 18U);
  for (auto const& [command, help] : commands) {
    SCOPED_TRACE(command);
    auto const page = manual(page_of(command));
    auto const synopsis = page.synopsis.find(command);
    ASSERT_NE(synopsis, page.synopsis.end()) << "no synopsis in " << page_of(command);
    EXPECT_EQ(synopsis->second.options, help.options);
    EXPECT_EQ(synopsis->second.positionals, help.positionals);
    EXPECT_THAT(page.explained, IsSupersetOf(help.options));
  }
}

TEST(GivenEveryPage, WhenItsSynopsisNamesACommandThenThereIsOne) {
  auto const commands = all_commands();
  std::filesystem::path const folder = DIRSYNC_SOURCE_DIR "/docs/man";
  for (auto const& file : std::filesystem::directory_iterator{folder}) {
    if (file.path().extension() != ".8") continue;
    for (auto const& [command, synopsis] : manual(file.path().filename()).synopsis)
      EXPECT_TRUE(commands.contains(command)) << file.path() << ": " << command;
  }
}

TEST(GivenThePageOfTheProgram, WhenACommandExistsThenItRefersToItsPage) {
  auto const text = source_file("docs/man/dirsyncd.8");
  for (auto const& [command, help] : all_commands()) {
    if (command == "dirsyncd") continue;
    auto const page = page_of(command);
    EXPECT_NE(text.find(".Xr " + page.substr(0, page.size() - 2) + " 8"), text.npos) << command;
  }
}

/// "directory.NAME.base" of each key, from a page in which `section` gives the sections that a line begins
/// and `key` the key that it explains.
std::set<std::string> keys_of(std::string const& page, std::regex const& heading, std::regex const& section,
                              std::regex const& key) {
  std::set<std::string> keys, sections;
  for (auto const& line : lines_of(page)) {
    std::smatch match;
    if (std::regex_search(line, heading)) sections = all_matches(line, section);
    if (!std::regex_search(line, match, key)) continue;
    for (auto const& name : sections) keys.insert(name + "." + match[1].str());
  }
  return keys;
}

TEST(GivenThePageOfTheConfiguration, WhenKeysAreComparedThenThoseOfTheDocumentationAreThere) {
  auto const documented =
      keys_of(source_file("docs/configuration.md"), std::regex{"^## "},
              std::regex{R"(`\[+([A-Za-z_.]+)\]+`)"}, std::regex{R"(^\| `([A-Za-z_]+)`)"});
  auto const in_page = keys_of(source_file("docs/man/dirsyncd.toml.5"), std::regex{R"(^\.S[sh] )"},
                               std::regex{R"(([a-z][A-Za-z_.]+))"}, std::regex{R"(^\.It Ic ([A-Za-z_]+)$)"});
  EXPECT_GT(documented.size(), 150U);
  for (auto const& key : documented) EXPECT_TRUE(in_page.contains(key)) << key << " is not in the page";
  for (auto const& key : in_page) EXPECT_TRUE(documented.contains(key)) << key << " is in the page alone";
}

}  // namespace
}  // namespace dirsync
