// Rows of the audit trail for somebody who has neither the store nor dirsyncd.
#include <gmock/gmock.h>

#include <fstream>

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
  void edit(std::string const& file, std::string const& from, std::string const& to) {
    std::ifstream stream{file, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{stream}, {}};
    auto const at = text.find(from);
    ASSERT_NE(at, text.npos);
    std::ofstream{file, std::ios::binary} << text.replace(at, from.size(), to);
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
