#include "daemon/asked_runs.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "daemon/control/headers.hpp"

namespace dirsync {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GivenAskedRuns : public testing::Test {
 protected:
  void ask(std::string const& user, std::string const& actor = "uid:1 (ann)") {
    AskedRuns::Asked asked{.what = {}, .actor = actor};
    asked.what.user = user;
    asked_.add(asked, [this](control::AnswerPages& pages) {
      auto const page = pages.in({});
      auto const message = std::ranges::find_if(
          page.headers, [](auto const& header) { return header.first == control::kMessageHeader; });
      said_.push_back(message == page.headers.end() ? "" : message->second);
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

TEST_F(GivenAskedRuns, WhenManyWantTheAnswerInOneFormThenItIsMadeOnceAndShared) {
  control::AnswerForm const json, narrow{.as_text = true, .presentation = {.width = 40}},
      wide{.as_text = true, .presentation = {.width = 80}};
  std::vector<control::SharedText> bodies;
  for (auto const& form : {json, narrow, json, wide, narrow, json})
    asked_.add({.what = {}, .actor = "uid:1 (ann)"},
               [&bodies, form](control::AnswerPages& pages) { bodies.push_back(pages.in(form).body); });
  ASSERT_TRUE(asked_.begin());
  int made = 0;
  asked_.end([&made](cli::Presentation const& presentation) {
    ++made;
    return cli::Answer{.document = "{}", .text = std::to_string(presentation.width) + " columns\n"};
  });
  EXPECT_EQ(made, 3);
  ASSERT_EQ(bodies.size(), 6U);
  EXPECT_EQ(bodies[0].view(), "{}\n");
  EXPECT_EQ(bodies[1].view(), "40 columns\n");
  EXPECT_EQ(bodies[3].view(), "80 columns\n");
  EXPECT_EQ(bodies[5].view().data(), bodies[0].view().data());
  EXPECT_EQ(bodies[4].view().data(), bodies[1].view().data());
}

TEST_F(GivenAskedRuns, WhenTheSameIsAskedWithAnotherConfigurationThenItIsAnotherRun) {
  ask("");
  AskedRuns::Asked other{.what = {}, .actor = "uid:1 (ann)"};
  other.what.configuration = "abc";
  asked_.add(other, [](control::AnswerPages&) {});
  EXPECT_EQ(asked_.begin()->what.configuration, "");
  EXPECT_EQ(asked_.begin()->what.configuration, "abc");
}

TEST_F(GivenAskedRuns, WhenTooManyWaitThenTheNextIsRefused) {
  for (std::size_t n = 0; n < AskedRuns::kMostWaiting; ++n)
    ask("user" + std::to_string(n), n % 2 == 0 ? "uid:1 (ann)" : "uid:2 (bob)");
  EXPECT_TRUE(said_.empty());
  ask("one more", "uid:3 (cid)");
  EXPECT_THAT(said_, ElementsAre(HasSubstr("16 other runs wait already")));
  ask("user3", "uid:2 (bob)");
  EXPECT_EQ(said_.size(), 1U);
}

TEST_F(GivenAskedRuns, WhenOnePersonAsksForManyThenTheOthersStillFindRoom) {
  for (std::size_t n = 0; n < AskedRuns::kMostOfOnePerson; ++n) ask("user" + std::to_string(n));
  EXPECT_TRUE(said_.empty());
  ask("one more");
  EXPECT_THAT(said_, ElementsAre(HasSubstr("8 other runs wait already that the same person asked for")));
  ask("one more", "uid:2 (bob)");
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
