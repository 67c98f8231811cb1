#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console/fake_console.hpp"

namespace dirsync::console {
namespace {
using http::HttpErrc;
using http::Method;
using test::answer;
using test::change;
using test::refused;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class GivenAnObservedConsole : public testing::Test, protected test::ConsoleBed {
 protected:
  GivenAnObservedConsole() { EXPECT_TRUE(read()); }
  Change add(std::string group, std::string id = "u1", std::string name = "ann@example.com") {
    return change(Verb::add, std::move(group), std::move(id), std::move(name));
  }
  Change remove(std::string group, std::string id = "u1", std::string name = "ann@example.com") {
    return change(Verb::remove, std::move(group), std::move(id), std::move(name));
  }
  std::set<std::string>& groups_of(std::string const& id) { return console.users.at(id).groups; }
  std::size_t puts(std::string const& id = "u1") { return count(Method::put, "/api/users/" + id); }
  static constexpr char kAnn[] = "/api/users/u1";
};

TEST_F(GivenAnObservedConsole, WhenSeveralGroupsOfAUserChangeThenThereIsOnePut) {
  groups_of("u1") = {"g1", "g3"};
  auto const answers = apply({add("g2"), remove("g1")});
  ASSERT_EQ(answers.size(), 2U);
  for (auto const& one : answers) EXPECT_EQ(one.outcome, Outcome::done) << one.detail;
  EXPECT_THAT(groups_of("u1"), UnorderedElementsAre("g2", "g3"));
  EXPECT_EQ(puts(), 1U);
}

TEST_F(GivenAnObservedConsole, WhenThePutIsSentThenItIsAsReadAndHoldsNoPassword) {
  console.users.at("u1").status = "SUSPENDED";
  apply({add("g1")});
  auto const put = client->asked(Method::put, kAnn).at(0);
  EXPECT_THAT(put.body, HasSubstr(R"("status":"SUSPENDED")"));
  EXPECT_THAT(put.body, HasSubstr(R"("userName":"ann@example.com")"));
  EXPECT_THAT(put.body, Not(HasSubstr("assword")));
  EXPECT_THAT(put.body, Not(HasSubstr("canary")));
  EXPECT_EQ(put.repeat, http::Repeat::when_refused);
  EXPECT_TRUE(put.confidential);
}

TEST_F(GivenAnObservedConsole, WhenAllIsSoAlreadyThenNothingIsWritten) {
  auto const answers = apply({add("g3"), remove("g1")});
  for (auto const& one : answers) EXPECT_EQ(one.outcome, Outcome::already);
  EXPECT_EQ(puts(), 0U);
}

TEST_F(GivenAnObservedConsole, WhenSomeIsSoAlreadyThenTheAnswersDiffer) {
  auto const answers = apply({add("g3"), add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::already);
  EXPECT_EQ(answers[1].outcome, Outcome::done);
}

TEST_F(GivenAnObservedConsole, WhenTheLastGroupGoesThenAnEmptyArrayIsSentAndChecked) {
  console.hide_empty_groups = true;
  EXPECT_EQ(apply({remove("g3")})[0].outcome, Outcome::done);
  EXPECT_TRUE(groups_of("u1").empty());
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::done) << "groups left out of the answer mean none by now";
}

TEST_F(GivenAnObservedConsole, WhenAnEmptyArrayIsIgnoredThenTheChangeFailed) {
  console.next(Method::put, kAnn, [](auto const&) { return answer(200, R"({"id":"u1"})"); });
  auto const answers = apply({remove("g3")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_THAT(answers[0].detail, HasSubstr("not applied"));
  EXPECT_EQ(puts(), 1U);
  EXPECT_EQ(count(Method::get, kAnn), 4U);  // one before, three looks after
}

TEST_F(GivenAnObservedConsole, WhenAnEmptyArrayIsRefusedThenTheChangeFailedInItsWords) {
  console.next(Method::put, kAnn, [](auto const&) { return refused(400, "Invalid Groups"); });
  auto const answers = apply({remove("g3")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_THAT(answers[0].detail, HasSubstr("Invalid Groups"));
  EXPECT_FALSE(answers[0].target_down);
  EXPECT_EQ(puts(), 1U);
}

TEST_F(GivenAnObservedConsole, WhenGroupsAreNotToldAlthoughAGroupListsTheUserThenNothingIsWritten) {
  console.always(Method::get, kAnn, [](auto const&) {
    return answer(200, R"({"id":"u1","userName":"ann@example.com","updateVersion":1,"roles":[{"id":"r1"}]})");
  });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::failed);
  EXPECT_EQ(puts(), 0U);
}

TEST_F(GivenAnObservedConsole, WhenGroupsAreNotToldAndNoGroupListsTheUserThenThereAreNone) {
  console.hide_empty_groups = true;
  EXPECT_EQ(apply({add("g1", "u2", "bob@example.com")})[0].outcome, Outcome::done);
}

TEST_F(GivenAnObservedConsole, WhenRolesAreNotToldThenNothingIsWritten) {
  console.next(Method::get, kAnn, [](auto const&) {
    return answer(200,
                  R"({"id":"u1","userName":"ann@example.com","updateVersion":1,"groups":[{"id":"g3"}]})");
  });
  auto const answers = apply({add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_THAT(answers[0].detail, HasSubstr("roles"));
  EXPECT_EQ(puts(), 0U);
}

TEST_F(GivenAnObservedConsole, WhenEmptyListsAreLeftOutThenSomebodyWithoutRolesIsTakenOut) {
  console.hide_empty_lists = true;
  console.users.at("u1").roles.clear();
  EXPECT_EQ(apply({remove("g3")})[0].outcome, Outcome::done);
  EXPECT_TRUE(groups_of("u1").empty());
  // Whoever is in no group shows what the console leaves out.
  EXPECT_EQ(count(Method::get, "/api/users/u2"), 1U);
}

TEST_F(GivenAnObservedConsole, WhenOnlyRolesAreLeftOutThenTheySurviveAndNothingIsWritten) {
  console.hide_roles = true;
  auto const answers = apply({remove("g3")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_THAT(answers[0].detail, HasSubstr("roles"));
  EXPECT_EQ(puts(), 0U);
  EXPECT_EQ(console.users.at("u1").roles, std::vector<std::string>{"r1"});
}

TEST_F(GivenAnObservedConsole, WhenDirsyncdMadeTheUserThenRolesThatAreNotToldAreNone) {
  console.hide_roles = true;
  console.users.at("u1").roles.clear();
  auto removal = remove("g3");
  removal.made_by_us = true;
  EXPECT_EQ(apply({removal})[0].outcome, Outcome::done);
  EXPECT_TRUE(groups_of("u1").empty());
}

TEST_F(GivenAnObservedConsole, WhenDirsyncdMadeTheUserAndRolesAreToldThenTheySurvive) {
  auto removal = remove("g3");
  removal.made_by_us = true;
  EXPECT_EQ(apply({removal})[0].outcome, Outcome::done);
  EXPECT_EQ(console.users.at("u1").roles, std::vector<std::string>{"r1"});
}

TEST_F(GivenAnObservedConsole, WhenTheAnswerTellsAnotherEmptyFieldThenRolesSurviveWhateverOthersTell) {
  console.hide_empty_lists = true;
  console.next(Method::get, kAnn, [](auto const&) {
    return answer(200, R"({"id":"u1","userName":"ann@example.com","email":"","status":"ACTIVE",
                           "updateVersion":1,"groups":[{"id":"g3"}]})");
  });
  EXPECT_EQ(apply({remove("g3")})[0].outcome, Outcome::failed);
  EXPECT_EQ(puts(), 0U);
}

TEST_F(GivenAnObservedConsole, WhenAnotherWriterWasFasterThenBothChangesStay) {
  console.next(Method::put, kAnn, [this](auto const& request) {
    groups_of("u1").insert("g2");
    ++console.users.at("u1").version;
    return console.work(request);
  });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::done);
  EXPECT_THAT(groups_of("u1"), UnorderedElementsAre("g1", "g2", "g3"));
  EXPECT_EQ(puts(), 2U);
}

class GivenAStaleVersion : public GivenAnObservedConsole, public testing::WithParamInterface<int> {};

TEST_P(GivenAStaleVersion, WhenTheStatusIsAnyOfTheLikelyOnesThenTheChangeIsMerged) {
  console.next(Method::put, kAnn, [this](auto const&) {
    groups_of("u1").insert("g2");
    ++console.users.at("u1").version;
    return refused(GetParam(), "Update version mismatch");
  });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::done);
  EXPECT_THAT(groups_of("u1"), UnorderedElementsAre("g1", "g2", "g3"));
}

INSTANTIATE_TEST_SUITE_P(Statuses, GivenAStaleVersion, testing::Values(409, 412, 400, 500));

TEST_F(GivenAnObservedConsole, WhenAConflictNeverEndsThenItIsGivenUpAndNoBodyIsSentTwice) {
  console.always(Method::put, kAnn, [this](auto const&) {
    ++console.users.at("u1").version;
    return refused(409, "Update version mismatch");
  });
  auto const answers = apply({add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_EQ(puts(), 6U);
  std::set<std::string> bodies;
  for (auto const& put : client->asked(Method::put, kAnn)) bodies.insert(put.body);
  EXPECT_EQ(bodies.size(), 6U);
}

TEST_F(GivenAnObservedConsole, WhenAConflictIsOverTheVersionReadAgainThenTheBodyIsNotSentAgain) {
  console.always(Method::put, kAnn, [](auto const&) { return refused(409, "Update version mismatch"); });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::failed);
  EXPECT_EQ(puts(), 1U);
}

TEST_F(GivenAnObservedConsole, WhenAServerErrorChangedNothingThenItIsNotRepeated) {
  console.always(Method::put, kAnn,
                 [](auto const&) { return answer(500, "Unknown internal server error", "text/plain"); });
  auto const answers = apply({add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_THAT(answers[0].detail, HasSubstr("Unknown internal server error"));
  EXPECT_EQ(puts(), 1U);
}

class GivenAnAnswerThatNeverCame : public GivenAnObservedConsole,
                                   public testing::WithParamInterface<HttpErrc> {};

TEST_P(GivenAnAnswerThatNeverCame, WhenTheWriteHadHappenedThenALookFindsIt) {
  console.next(Method::put, kAnn, [this](auto const& request) {
    EXPECT_TRUE(console.work(request));
    return test::transport_error(GetParam());
  });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::done);
  EXPECT_EQ(puts(), 1U);
}

TEST_P(GivenAnAnswerThatNeverCame, WhenTheWriteHadNotHappenedThenItIsSentAfterALook) {
  console.next(Method::put, kAnn, [](auto const&) { return test::transport_error(GetParam()); });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::done);
  EXPECT_EQ(puts(), 2U);
}

TEST_P(GivenAnAnswerThatNeverCame, WhenNoLookWorksEitherThenTheOutcomeIsUnknown) {
  console.next(Method::put, kAnn, [this](auto const&) {
    console.always(Method::get, kAnn,
                   [](auto const&) { return test::transport_error(HttpErrc::connect_failed); });
    return test::transport_error(GetParam());
  });
  auto const answers = apply({add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::unknown);
  EXPECT_TRUE(answers[0].target_down);
}

TEST_P(GivenAnAnswerThatNeverCame, WhenItNeverComesThenTheWriteIsNotSentForEver) {
  console.always(Method::put, kAnn, [](auto const&) { return test::transport_error(GetParam()); });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::unknown);
  EXPECT_EQ(puts(), 2U);
}

TEST_P(GivenAnAnswerThatNeverCame, WhenTheLastGroupWentAndIsNotToldThenALookFindsIt) {
  console.hide_empty_groups = true;
  console.next(Method::put, kAnn, [this](auto const& request) {
    EXPECT_TRUE(console.work(request));
    return test::transport_error(GetParam());
  });
  EXPECT_EQ(apply({remove("g3")})[0].outcome, Outcome::done);
  EXPECT_EQ(puts(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Ways, GivenAnAnswerThatNeverCame,
                         testing::Values(HttpErrc::timed_out, HttpErrc::cut, HttpErrc::too_large,
                                         HttpErrc::bad_redirect, HttpErrc::body_refused));

TEST_F(GivenAnObservedConsole, WhenCancelledInFlightThenTheOutcomeIsUnknownAndNothingElseIsSent) {
  console.next(Method::put, kAnn, [](auto const&) { return test::transport_error(HttpErrc::cancelled); });
  auto const answers = apply({add("g1"), remove("g3")});
  ASSERT_EQ(answers.size(), 2U);
  for (auto const& one : answers) EXPECT_EQ(one.outcome, Outcome::unknown) << one.detail;
  EXPECT_EQ(puts(), 1U);
  EXPECT_EQ(count(Method::get, kAnn), 1U) << "a look after a cancellation";
}

TEST_F(GivenAnObservedConsole, WhenAServerErrorComesAndNoLookWorksThenTheOutcomeIsUnknown) {
  console.next(Method::put, kAnn, [this](auto const&) {
    console.always(Method::get, kAnn, [](auto const&) { return test::transport_error(HttpErrc::cut); });
    return answer(500, "Unknown internal server error", "text/plain");
  });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::unknown);
}

TEST_F(GivenAnObservedConsole, WhenAWriteIsSentThenItHasADeadlineOfItsOwn) {
  apply({add("g1")});
  EXPECT_EQ(client->asked(Method::put, kAnn).at(0).total, std::chrono::seconds{60});
}

TEST_F(GivenAnObservedConsole, WhenAServerRepeatsTheTokenInEscapesThenTheAnswerDoesNotTellIt) {
  console.next(Method::put, kAnn, [](auto const&) {
    return answer(400, R"({"message":"bad token acces\u0073-1 of S3cret\u003apass"})");
  });
  auto const answers = apply({add("g1")});
  EXPECT_THAT(answers[0].detail, HasSubstr("bad token *** of ***"));
}

TEST_F(GivenAnObservedConsole, WhenNothingCouldBeSentThenTheChangeFailedAndTheConsoleIsDown) {
  console.always(Method::put, kAnn,
                 [](auto const&) { return test::transport_error(HttpErrc::connect_failed); });
  auto const answers = apply({add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_TRUE(answers[0].target_down);
  EXPECT_EQ(puts(), 1U);
}

TEST_F(GivenAnObservedConsole, WhenTheSessionIsRefusedForGoodThenTheConsoleIsDown) {
  console.always(Method::put, kAnn, [](auto const&) { return refused(401, "no"); });
  auto const answers = apply({add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_TRUE(answers[0].target_down);
}

TEST_F(GivenAnObservedConsole, WhenTheUserNameIsRefusedThenItIsLeftOutFromThenOn) {
  console.next(Method::put, kAnn, [](auto const&) { return refused(400, "Unknown field userName"); });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::done);
  EXPECT_EQ(apply({add("g2")})[0].outcome, Outcome::done);
  auto const sent = client->asked(Method::put, kAnn);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_THAT(sent[1].body, Not(HasSubstr("userName")));
  EXPECT_THAT(sent[2].body, Not(HasSubstr("userName")));
}

TEST_F(GivenAnObservedConsole, WhenReadingItsOwnWritesLagsThenItLooksAgain) {
  console.next(Method::put, kAnn, [this](auto const& request) {
    auto const before = console.users.at("u1");
    auto done = console.work(request);
    auto const after = console.users.at("u1");
    console.users.at("u1") = before;
    console.next(Method::get, kAnn, [this, after](auto const& look) {
      auto old = console.work(look);
      console.users.at("u1") = after;
      return old;
    });
    return done;
  });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::done);
  EXPECT_EQ(puts(), 1U);
}

TEST_F(GivenAnObservedConsole, WhenTheServerTakesRolesAwayThenTheAnswerSaysSo) {
  console.next(Method::put, kAnn, [this](auto const& request) {
    auto done = console.work(request);
    console.users.at("u1").roles.clear();
    return done;
  });
  auto const answers = apply({add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::done);
  EXPECT_THAT(answers[0].detail, HasSubstr("roles"));
}

TEST_F(GivenAnObservedConsole, WhenTheUserOrGroupIsProtectedThenNothingIsSent) {
  console.groups["g8"] = {"System Administrators"};
  EXPECT_TRUE(read());
  EXPECT_EQ(apply({add("g1", "u9", "svc@example.com")})[0].outcome, Outcome::skipped);
  EXPECT_EQ(apply({add("g8")})[0].outcome, Outcome::skipped);
  EXPECT_EQ(apply({remove("g9")})[0].outcome, Outcome::skipped);
  EXPECT_TRUE(client->asked(Method::put, "/api/users/").empty());
}

TEST_F(GivenAnObservedConsole, WhenTwoGroupsBearOneNameThenTheOneIsWrittenWhoseIdIsMeant) {
  console.groups["g8"] = {"Ops"};
  EXPECT_TRUE(read());
  EXPECT_EQ(apply({add("g8")})[0].outcome, Outcome::done);
  EXPECT_THAT(groups_of("u1"),
              testing::AllOf(testing::Contains("g8"), testing::Not(testing::Contains("g1"))));
}

TEST_F(GivenAnObservedConsole, WhenAGroupOfAnotherOrganizationIsAmongTheUsersThenItIsSentBack) {
  groups_of("u1") = {"g3", "of-another-organization"};
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::done);
  EXPECT_THAT(groups_of("u1"), UnorderedElementsAre("g1", "g3", "of-another-organization"));
}

TEST_F(GivenAnObservedConsole, WhenTheServerDropsAnotherGroupThenTheAnswerSaysSo) {
  console.next(Method::put, kAnn, [this](auto const& request) {
    auto done = console.work(request);
    groups_of("u1").erase("g3");
    return done;
  });
  auto const answers = apply({add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::done);
  EXPECT_THAT(answers[0].detail, HasSubstr("groups are no longer"));
}

TEST_F(GivenAnObservedConsole, WhenGroupsAreNeverToldThenASecondWriteDoesNotTakeTheFirstBack) {
  console.hide_groups = true;
  EXPECT_EQ(apply({add("g1", "u2", "bob@example.com")})[0].outcome, Outcome::failed) << "cannot be verified";
  auto const answers = apply({add("g2", "u2", "bob@example.com")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_THAT(answers[0].detail, HasSubstr("did not tell the user's groups"));
  EXPECT_THAT(groups_of("u2"), UnorderedElementsAre("g1"));
  EXPECT_EQ(puts("u2"), 1U);
}

TEST_F(GivenAnObservedConsole, WhenAVersionIsRefusedThenNobodyIsTakenForGone) {
  for (auto const status : {400, 404, 406}) {
    console.next(Method::get, kAnn,
                 [status](auto const&) { return refused(status, "Unsupported api-version"); });
    auto const answers = apply({add("g1")});
    EXPECT_EQ(answers[0].outcome, Outcome::failed);
    EXPECT_THAT(answers[0].detail, HasSubstr("set api_version"));
  }
}

TEST_F(GivenAnObservedConsole, WhenTheUserBearsAnotherNameByNowThenNothingIsWritten) {
  console.users.at("u1").name = "anna@example.com";
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::failed);
  console.users.erase("u1");
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::failed);
  EXPECT_EQ(puts(), 0U);
}

}  // namespace
}  // namespace dirsync::console
