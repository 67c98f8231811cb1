// Rows of the audit trail for somebody who has neither the store nor dirsyncd.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "tests/support/golden.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

class GivenARun : public World {
 protected:
  GivenARun() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }
  void SetUp() override {
    World::SetUp();
    sync(0);
    auto const key = run({"log", "key"});
    EXPECT_EQ(key.exit, 0) << key.err;
    std::ofstream{key_file()} << key.out;
    std::ofstream{folder_.path() / "check.py"} << page();
  }
  /// The second script of docs/audit.md.
  static std::string page() {
    auto const text = source_file("docs/audit.md");
    std::string const begin = "```python\n";
    auto const start = text.find(begin, text.find(begin) + 1) + begin.size();
    return text.substr(start, text.find("```", start) - start);
  }
  std::string path(std::string const& name) const { return (folder_.path() / name).string(); }
  std::string key_file() const { return path("public.pem"); }
  Finished check_with_python(std::string const& file) {
    Process python{{"python3", path("check.py"), file, key_file()}, folder_.path(), "python3"};
    return python.wait();
  }
  /// Where there is no configuration.
  Finished verify(std::vector<std::string> words) {
    words.insert(words.begin(), {"log", "verify"});
    fs::rename(config_file(), path("put-away.toml"));
    auto finished = run(words);
    fs::rename(path("put-away.toml"), config_file());
    return finished;
  }
  static std::string read(std::string const& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
  }
  static void write(std::string const& file, std::string const& text) {
    std::ofstream{file, std::ios::binary} << text;
  }
  static void edit(std::string const& file, std::string const& from, std::string const& to) {
    auto text = read(file);
    auto const at = text.find(from);
    ASSERT_NE(at, text.npos);
    write(file, text.replace(at, from.size(), to));
  }
  static std::vector<std::string> lines_of(std::string const& file) {
    std::vector<std::string> lines;
    std::istringstream stream{read(file)};
    for (std::string line; std::getline(stream, line);) lines.push_back(line + "\n");
    return lines;
  }
  static void write(std::string const& file, std::vector<std::string> const& lines) {
    std::string text;
    for (auto const& line : lines) text += line;
    write(file, text);
  }
  /// dirsyncd and the documented page both say that it does not hold.
  void expect_found(std::string const& file, std::string const& what) {
    auto const verified = verify({"--file", file, "--key", key_file()});
    EXPECT_EQ(verified.exit, 8) << what << ": " << verified.out << verified.err;
    EXPECT_EQ(check_with_python(file).exit, 1) << what;
  }
};

TEST_F(GivenARun, WhenExportedInAnyFormatThenItHoldsOffline) {
  for (std::string const format : {"jsonl", "csv", "cef"}) {
    SCOPED_TRACE(format);
    auto const file = path("rows." + format);
    auto const exported = document(run({"log", "export", "--format", format, "--out", file, "--json"}));
    EXPECT_EQ(exported.at("rows").as_int64(), static_cast<std::int64_t>(audit().size()));
    auto const verified = verify({"--file", file, "--key", key_file()});
    EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
    EXPECT_THAT(verified.out, HasSubstr("The extract holds"));
    edit(file, "u06", "u07");
    EXPECT_EQ(verify({"--file", file, "--key", key_file()}).exit, 8);
  }
}

TEST_F(GivenARun, WhenCheckedByTheDocumentedPageThenItHoldsUntilItIsEdited) {
  auto const file = path("rows.jsonl");
  ASSERT_EQ(run({"log", "export", "--since", "1h", "--out", file}).exit, 0);
  auto const checked = check_with_python(file);
  EXPECT_EQ(checked.exit, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("rows hold"));
  edit(file, "u06", "u07");
  EXPECT_EQ(check_with_python(file).exit, 1);
}

TEST_F(GivenARun, WhenTheSignatureIsCheckedAsDocumentedThenItHoldsUntilTheTextIsEdited) {
  ASSERT_EQ(run({"log", "export", "--out", path("november.jsonl")}).exit, 0);
  auto const text = source_file("docs/audit.md");
  auto const start = text.find("```sh\nsed ") + 6;
  auto const commands = text.substr(start, text.find("```", start) - start);
  auto const check = [this, &commands] {
    Process shell{{"/bin/sh", "-e", "-c", "cd \"$0\"\n" + commands, folder_.path()}, folder_.path(), "shell"};
    return shell.wait();
  };
  auto const checked = check();
  EXPECT_EQ(checked.exit, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("Verified Successfully"));
  edit(path("november.jsonl.proof"), "\ntime 2", "\ntime 1");
  EXPECT_NE(check().exit, 0);
}

TEST_F(GivenARun, WhenRowsAreDroppedSwappedOrPutInThenFoundWithoutTheStore) {
  auto const file = path("rows.jsonl");
  ASSERT_EQ(run({"log", "export", "--out", file}).exit, 0);
  auto const whole = lines_of(file);
  ASSERT_GT(whole.size(), 4U);
  auto edited = whole;
  edited.erase(edited.begin() + 2);
  write(file, edited);
  expect_found(file, "dropped");
  edited = whole;
  edited.pop_back();
  write(file, edited);
  expect_found(file, "the tail is cut");
  edited = whole;
  std::swap(edited[1], edited[2]);
  write(file, edited);
  expect_found(file, "swapped");
  edited = whole;
  edited.insert(edited.begin() + 2, whole[1]);
  write(file, edited);
  expect_found(file, "put in");
  write(file, whole);
  EXPECT_EQ(check_with_python(file).exit, 0);
}

TEST_F(GivenARun, WhenTheProofIsForgedOrOfOtherRowsOrSignedByAnotherThenFoundWithoutTheStore) {
  auto const all = path("all.jsonl"), some = path("some.jsonl");
  ASSERT_EQ(run({"log", "export", "--out", all}).exit, 0);
  auto const middle = audit().at(audit().size() / 2);
  ASSERT_EQ(run({"log", "export", "--since", text_at(middle, "time"), "--out", some}).exit, 0);
  ASSERT_EQ(verify({"--file", some, "--key", key_file()}).exit, 0);
  ASSERT_EQ(check_with_python(some).exit, 0);
  auto const proof = lines_of(some + ".proof");
  ASSERT_NE(proof[3], "nodes 0\n") << "some rows are not in it";
  auto forged = proof;
  auto& node = forged[4];
  node[0] = node[0] == 'A' ? 'B' : 'A';
  write(some + ".proof", forged);
  expect_found(some, "another hash");
  write(some + ".proof", read(all + ".proof"));
  expect_found(some, "the proof of other rows");
  write(some + ".proof", proof);

  for (std::vector<std::string> const& words :
       {std::vector<std::string>{"openssl", "genpkey", "-algorithm", "ed25519", "-out", path("other.key")},
        {"openssl", "pkey", "-in", path("other.key"), "-pubout", "-out", key_file()}}) {
    Process openssl{words, folder_.path(), "openssl"};
    auto const made = openssl.wait();
    ASSERT_EQ(made.exit, 0) << made.err;
  }
  expect_found(some, "signed with another key");
}

TEST_F(GivenARun, WhenTheFileIsThereThenNotReplaced) {
  auto const file = path("rows.jsonl");
  std::ofstream{file} << "mine";
  auto const refused = run({"log", "export", "--out", file});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("choose another name"));
  EXPECT_EQ(fs::file_size(file), 4U);
  EXPECT_FALSE(fs::exists(file + ".proof"));
}

TEST_F(GivenARun, WhenAHeadIsAskedForThenItsRowMustHaveIt) {
  auto const last = audit().back();
  auto const head =
      std::to_string(last.at("seq").as_int64()) + ":" + std::string{last.at("hash").as_string()};
  auto const other = std::to_string(last.at("seq").as_int64()) + ":" + std::string(64, '0');
  auto const file = path("rows.jsonl");
  ASSERT_EQ(run({"log", "export", "--out", file}).exit, 0);
  EXPECT_EQ(run({"log", "verify", "--head", head}).exit, 0);
  EXPECT_EQ(run({"log", "verify", "--head", other}).exit, 8);
  EXPECT_EQ(verify({"--file", file, "--head", head}).exit, 0);
  EXPECT_EQ(verify({"--file", file, "--head", other}).exit, 8);
  EXPECT_EQ(verify({"--file", file, "--head", "9999:" + std::string(64, '0')}).exit, 2);
  EXPECT_EQ(verify({"--file", file, "--head", "nonsense"}).exit, 2);
}

}  // namespace
}  // namespace dirsync::test
