// A review of access, from the store alone.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sync/model/time.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string content_of(fs::path const& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

class GivenACompanyWithAnOwner : public World {
 protected:
  void SetUp() override {
    configuration.limits_keys += "additions = \"off\"\n";
    World::SetUp();
    modify_directory("dn: " + company.group("pam-windows").dn() +
                     "\nchangetype: modify\nadd: owner\nowner: " + company.person("u02").dn() + "\n");
  }
  json::object report(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"report", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    auto const finished = run(words);
    EXPECT_EQ(finished.exit, 0) << finished.err;
    return document(finished).as_object();
  }
  static json::object group(json::object const& report, std::string const& name) {
    for (auto const& value : report.at("groups").as_array())
      if (text_at(value.as_object(), "group") == name) return value.as_object();
    ADD_FAILURE() << "no group " << name;
    return {};
  }
  static json::object member(json::object const& group, std::string const& name) {
    for (auto const& value : group.at("members").as_array())
      if (text_at(value.as_object(), "principal") == name) return value.as_object();
    return {};
  }
};

TEST_F(GivenACompanyWithAnOwner, WhenReviewedThenWhoHasWhatSinceWhenAndWhy) {
  sync(0);
  forget_calls();
  auto const review = report();
  auto const windows = group(review, "windows");
  EXPECT_EQ(text_at(windows, "target"), "vault");
  ASSERT_EQ(windows.at("owners").as_array().size(), 1U);
  EXPECT_EQ(windows.at("owners").at(0).as_string().c_str(), company.person("u02").dn());
  EXPECT_THAT(group(review, "unix").at("owners").as_array(), IsEmpty());
  EXPECT_EQ(windows.at("sources").as_array().size(), 1U);
  auto const u09 = member(windows, "u09");
  EXPECT_EQ(text_at(u09, "rule"), "privileged");
  EXPECT_THAT(text_at(u09, "path"), StartsWith("cn=pam-windows"));
  EXPECT_TRUE(parse_rfc3339(text_at(u09, "since")));
  EXPECT_EQ(u09.at("run").as_int64(), 1);
  EXPECT_TRUE(u09.at("approved").is_null());
  EXPECT_EQ(windows.at("members").as_array().size(),
            document(run({"who", "windows", "--json"})).at("members").as_array().size());
  EXPECT_THAT(windows.at("foreign").as_array(), IsEmpty());
  EXPECT_EQ(review.at("groups").at(0).at("group").as_string(), "windows") << "what has an owner comes first";
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenACompanyWithAnOwner, WhenAPersonApprovedThePlanThenThatIsSaid) {
  configuration.limits_keys = "";
  configure();
  auto const digest = text_at(sync(4).as_object(), "digest");
  ASSERT_EQ(run({"approve", digest}).exit, 0);
  sync(0);
  auto const u09 = member(group(report(), "windows"), "u09");
  EXPECT_EQ(text_at(u09, "plan"), digest);
  EXPECT_THAT(text_at(u09.at("approved").as_object(), "by"), HasSubstr("uid:"));
  sync(0);
  auto const pruned = run({"log", "prune", "--before", text_at(audit().back(), "time")});
  ASSERT_EQ(pruned.exit, 0) << pruned.err;
  EXPECT_THAT(audit({"--action", "approve"}), IsEmpty());
  EXPECT_EQ(member(group(report(), "windows"), "u09"), u09) << "who approved it is kept";
}

TEST_F(GivenACompanyWithAnOwner, WhenAskedForAnEarlierTimeThenAsItWas) {
  sync(0);
  auto const before = rfc3339(std::chrono::system_clock::now());
  leave("u17", "pam-windows");
  sync(0);
  EXPECT_TRUE(member(group(report(), "windows"), "u17").empty());
  auto const then = report({"--at", before});
  EXPECT_FALSE(member(group(then, "windows"), "u17").empty());
  EXPECT_FALSE(then.contains("waiting"));
  EXPECT_EQ(run({"report", "--at", "yesterday"}).exit, 2);
}

TEST_F(GivenACompanyWithAnOwner, WhenSomebodyIsNotKnownYetThenTheyAreListedAsWaiting) {
  sync(0);
  auto const review = report();
  std::vector<std::string> waiting;
  for (auto const& value : review.at("waiting").as_array())
    if (text_at(value.as_object(), "target") == "console")
      waiting.push_back(text_at(value.as_object(), "principal"));
  EXPECT_THAT(waiting, Contains(company.person("u20").mail())) << "who never logged in to the console";
}

TEST_F(GivenACompanyWithAnOwner, WhenWrittenToAFileThenForItsOwnerAloneAndNeverOverAnother) {
  sync(0);
  auto const file = folder_.path() / "review.html";
  auto const written = run({"report", "--out", file});
  EXPECT_EQ(written.exit, 0) << written.err;
  EXPECT_THAT(written.out, HasSubstr(" memberships in "));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_THAT(content_of(file), AllOf(StartsWith("<!DOCTYPE html>\n"), HasSubstr("Owner: <bdi>"),
                                      HasSubstr("</html>\n"), Not(HasSubstr("<script"))));
  auto const again = run({"report", "--out", file});
  EXPECT_EQ(again.exit, 2);
  EXPECT_THAT(again.err, HasSubstr("choose another name"));
  auto const lines = run({"report", "--format", "csv"});
  EXPECT_THAT(lines.out,
              AllOf(StartsWith("kind,target,group,owners,principal,"), HasSubstr("\nmember,vault,windows,")));
  EXPECT_EQ(run({"report", "--format", "csv", "--json"}).exit, 2);
  auto const counted = document(run({"report", "--json", "--out", folder_.path() / "review.json"}));
  EXPECT_GT(counted.at("members").as_int64(), 0);
}

TEST_F(GivenACompanyWithAnOwner, WhenNothingRanYetThenItIsEmptyOrSaysThatThereIsNoStore) {
  EXPECT_EQ(run({"report"}).exit, 2);
  ASSERT_EQ(run({"plan"}).exit, 0);
  EXPECT_THAT(report().at("groups").as_array(), IsEmpty());
}

}  // namespace
}  // namespace dirsync::test
