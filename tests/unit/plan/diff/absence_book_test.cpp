#include "sync/plan/absence_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

struct GivenBook : testing::Test {
  Facts facts;
  Limits::Confirm confirm{.reads = 3, .removals_above = 2};
  AbsenceKey const ann = person_key(EntryId{"ann"});
  AbsenceBook book{facts, confirm};
};

TEST_F(GivenBook, WhenCountedThenConfirmedInTheRunThatMakesItEnough) {
  EXPECT_FALSE(book.count("corp", ann).confirmed);
  facts.absences["corp"][ann] = {1, facts.now - std::chrono::hours{1}};
  EXPECT_EQ(book.count("corp", ann).text, "not found in 2 of 3 consecutive runs");
  facts.absences["corp"][ann] = {2, facts.now - std::chrono::hours{1}};
  EXPECT_TRUE(book.count("corp", ann).confirmed);
}

TEST_F(GivenBook, WhenAnotherDirectoryCountedItThenThatDoesNotCount) {
  facts.absences["lab"][ann] = {2, facts.now - std::chrono::hours{1}};
  EXPECT_FALSE(book.count("corp", ann).confirmed);
}

TEST_F(GivenBook, WhenCountedTwiceInOneRunThenOnce) {
  book.count("corp", ann);
  EXPECT_EQ(book.count("corp", ann).text, "not found in 1 of 3 consecutive runs");
  EXPECT_THAT(book.written().absent, ElementsAre(Pair("corp", ElementsAre(ann))));
}

TEST_F(GivenBook, WhenNobodyKnowsADnThenAsked) {
  facts.known["corp"]["uid=bob"] = {EntryId{"bob"}, "uid=bob", false};
  EXPECT_EQ(book.known_as_or_ask("corp", "uid=ann"), nullptr);
  ASSERT_NE(book.known_as_or_ask("corp", "uid=bob"), nullptr);
  EXPECT_THAT(book.written().questions.dns, ElementsAre(Pair("corp", ElementsAre("uid=ann"))));
}

TEST_F(GivenBook, WhenTheLastRunThatCountedIsTooNearThenThisOneDoesNot) {
  facts.absences["corp"][ann] = {2, facts.now - std::chrono::seconds{59}};
  EXPECT_FALSE(book.count("corp", ann).confirmed);
  EXPECT_EQ(book.runs_now("corp", ann), 2);
  facts.absences["corp"][ann] = {2, facts.now - std::chrono::seconds{60}};
  EXPECT_TRUE(book.count("corp", ann).confirmed);
}

TEST_F(GivenBook, WhenTheClockWentBackThenTheRunDoesNotCount) {
  facts.absences["corp"][ann] = {2, facts.now + std::chrono::hours{1}};
  EXPECT_FALSE(book.count("corp", ann).confirmed);
  auto const absent = absent_with_this_run(facts, confirm, "corp", ann);
  EXPECT_EQ(absent.runs, 2);
  EXPECT_EQ(absent.counted, facts.now) << "else no run would count before the clock is there again";
}

TEST_F(GivenBook, WhenAnApprovalSettlesItThenListed) {
  book.settle_by_approval("corp", ann);
  EXPECT_THAT(book.written().settled_by_approval, ElementsAre(Pair("corp", ElementsAre(ann))));
  EXPECT_THAT(book.written().absent, IsEmpty());
}

}  // namespace
}  // namespace dirsync::plan
