#include "daemon/asked_runs.hpp"

#include <gmock/gmock.h>

namespace dirsync {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GivenAskedRuns : public testing::Test {
 protected:
  void ask(std::string const& user, std::string const& actor = "uid:1 (ann)") {
    AskedRuns::Asked asked{.what = {}, .actor = actor};
    asked.what.user = user;
    asked_.add(asked, [this](AskedRuns::Rendering const& rendering) {
      said_.push_back(rendering(cli::Presentation{}).message);
    });
  }
  void end_with(std::string const& message) {
    asked_.end([message](cli::Presentation const&) { return cli::Answer{.message = message}; });
  }

  AskedRuns asked_;
  std::vector<std::string> said_;
};

TEST_F(GivenAskedRuns, WhenEqualOnesWaitThenOneRunAnswersThemAll) {
  ask("ada");
  ask("ada");
  ask("bob");
  EXPECT_EQ(asked_.begin()->what.user, "ada");
  ask("ada");  // too late for the one that has begun
  end_with("first");
  EXPECT_THAT(said_, ElementsAre("first", "first"));
  EXPECT_EQ(asked_.begin()->what.user, "bob");
  end_with("second");
  EXPECT_EQ(asked_.begin()->what.user, "ada");
  end_with("third");
  EXPECT_THAT(said_, ElementsAre("first", "first", "second", "third"));
  EXPECT_FALSE(asked_.begin());
}

TEST_F(GivenAskedRuns, WhenSomebodyElseAsksTheSameThenItIsAnotherRun) {
  ask("ada");
  ask("ada", "uid:2 (bob)");
  EXPECT_EQ(asked_.begin()->actor, "uid:1 (ann)");
  EXPECT_TRUE(asked_.has_waiting());
}

TEST_F(GivenAskedRuns, WhenTheSameIsAskedWithAnotherConfigurationThenItIsAnotherRun) {
  ask("");
  AskedRuns::Asked other{.what = {}, .actor = "uid:1 (ann)"};
  other.what.configuration = "abc";
  asked_.add(other, [](AskedRuns::Rendering const&) {});
  EXPECT_EQ(asked_.begin()->what.configuration, "");
  EXPECT_EQ(asked_.begin()->what.configuration, "abc");
}

TEST_F(GivenAskedRuns, WhenTooManyWaitThenTheNextIsRefused) {
  for (std::size_t n = 0; n < AskedRuns::kMostWaiting; ++n) ask("user" + std::to_string(n));
  EXPECT_TRUE(said_.empty());
  ask("one more");
  EXPECT_THAT(said_, ElementsAre(HasSubstr("16 other runs wait already")));
  ask("user3");
  EXPECT_EQ(said_.size(), 1U);
}

TEST_F(GivenAskedRuns, WhenClosedThenNobodyWaitsForEver) {
  ask("ada");
  EXPECT_TRUE(asked_.begin());
  ask("bob");
  asked_.close();
  EXPECT_THAT(said_, ElementsAre(HasSubstr("the service ended")));
  ask("cy");
  EXPECT_EQ(said_.size(), 2U);
  EXPECT_FALSE(asked_.begin());
  asked_.end_unfinished();
  EXPECT_EQ(said_.size(), 3U);
}

}  // namespace
}  // namespace dirsync
