// Who is in a target group because of dirsyncd, and why, from the store alone.
#include <gmock/gmock.h>

#include "sync/model/time.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class GivenASyncedCompany : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    sync(0);
    forget_calls();
  }
  json::object answer(std::vector<std::string> words, int exit = 0) {
    words.emplace_back("--json");
    auto const finished = run(words);
    EXPECT_EQ(finished.exit, exit) << finished.err;
    return document(finished).as_object();
  }
  std::vector<std::string> members(std::vector<std::string> words) {
    std::vector<std::string> names;
    for (auto const& value : answer(std::move(words)).at("members").as_array())
      names.push_back(text_at(value.as_object(), "principal"));
    return names;
  }
};

TEST_F(GivenASyncedCompany, WhenSomebodyLeavesThenTheyAreInTheGroupBeforeAndNotAfter) {
  EXPECT_THAT(members({"who", "windows"}), Contains("u17"));
  auto const before = rfc3339(std::chrono::system_clock::now());
  leave("u17", "pam-windows");
  sync(0);
  EXPECT_THAT(members({"who", "windows"}), Not(Contains("u17")));
  EXPECT_THAT(members({"who", "windows", "--at", before}), Contains("u17"));
  EXPECT_FALSE(answer({"who", "windows", "--at", before}).contains("foreign"));
  auto const then = answer({"why", "u17", "windows", "--at", before});
  EXPECT_EQ(text_at(then, "decision"), "granted");
  auto const now = answer({"why", "u17", "windows"});
  EXPECT_EQ(text_at(now, "decision"), "not-selected");
  EXPECT_FALSE(now.at("member").as_bool());
  ASSERT_EQ(now.at("history").as_array().size(), 2U);
  EXPECT_EQ(text_at(now.at("history").as_array().back().as_object(), "verb"), "remove");
}

TEST_F(GivenASyncedCompany, WhenAskedWhyThenRulePathAndRun) {
  auto const why = answer({"why", "u09", "windows"});
  EXPECT_EQ(text_at(why, "decision"), "granted");
  EXPECT_EQ(text_at(why, "target"), "vault");
  EXPECT_EQ(why.at("run").as_int64(), 1);
  auto const& path = why.at("paths").as_array().at(0).as_array();
  ASSERT_EQ(path.size(), 3U);
  EXPECT_THAT(path.at(0).as_string().c_str(), HasSubstr("cn=pam-windows"));
  EXPECT_THAT(path.at(2).as_string().c_str(), HasSubstr("uid=u09"));
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenASyncedCompany, WhenSomebodyIsDisabledThenThatIsWhy) {
  disable("u17");
  sync(0);
  EXPECT_EQ(text_at(answer({"why", "u17", "windows"}), "decision"), "disabled");
}

TEST_F(GivenASyncedCompany, WhenNobodyKnowsTheNameThenSaid) {
  EXPECT_EQ(text_at(answer({"why", "nobody-at-all", "windows"}, 2), "decision"), "unknown-user");
  EXPECT_EQ(text_at(answer({"why", "u17", "no-such-group"}, 2), "decision"), "unknown-group");
  EXPECT_THAT(run({"who", "no-such-group"}).err, HasSubstr("never had anything in a group"));
  EXPECT_EQ(run({"who", "windows", "--at", "yesterday"}).exit, 2);
}

TEST_F(GivenASyncedCompany, WhenNobodyElseIsInAGroupThenForeignIsEmpty) {
  EXPECT_THAT(answer({"who", "windows"}).at("foreign").as_array(), IsEmpty());
}

}  // namespace
}  // namespace dirsync::test
