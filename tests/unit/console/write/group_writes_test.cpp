#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console/fake_console.hpp"

namespace dirsync::console {
namespace {
using http::HttpErrc;
using http::Method;
using test::create_group;
using test::refused;
using testing::HasSubstr;
using testing::Not;

class GivenGroupsToWrite : public testing::Test, protected test::ConsoleBed {
 protected:
  GivenGroupsToWrite() {
    console.groups["g4"] = {"Ours", "Managed by dirsyncd"};
    EXPECT_TRUE(read());
  }
  Applied create(std::string name) { return apply({create_group(std::move(name))}).at(0); }
  Applied remove(std::string id, std::string name) {
    Change change;
    change.verb = Verb::delete_group;
    change.group = std::move(name);
    change.group_id = std::move(id);
    return apply({change}).at(0);
  }
  Applied rename(std::string id, std::string name, std::string new_name) {
    Change change;
    change.verb = Verb::rename_group;
    change.group = std::move(name);
    change.group_id = std::move(id);
    change.new_name = std::move(new_name);
    return apply({change}).at(0);
  }
  std::size_t posts() { return count(Method::post, "/api/groups"); }
  std::size_t deletes() { return count(Method::del, "/api/groups"); }
};

TEST_F(GivenGroupsToWrite, WhenCreatedThenRolesGoByIdAndTheMarkIsSet) {
  auto const made = create("Field Team");
  EXPECT_EQ(made.outcome, Outcome::done) << made.detail;
  EXPECT_EQ(made.group_id, "new1");
  auto const post = client->asked(Method::post, "/api/groups").at(0);
  EXPECT_EQ(post.body, R"({"name":"Field Team","description":"Managed by dirsyncd","roles":["r1"]})");
  EXPECT_EQ(post.repeat, http::Repeat::when_refused);
}

TEST_F(GivenGroupsToWrite, WhenCreatedThenItCanGetMembersAtOnce) {
  auto const made = create("Field Team");
  auto const answers = apply({test::change(Verb::add, made.group_id, "u1", "ann@example.com")});
  EXPECT_EQ(answers[0].outcome, Outcome::done);
}

TEST_F(GivenGroupsToWrite, WhenRolesAreMissingOrUnknownThenNothingIsSent) {
  EXPECT_EQ(apply({create_group("Field Team", {})})[0].outcome, Outcome::failed);
  EXPECT_THAT(apply({create_group("Field Team", {"Wizard"})})[0].detail, HasSubstr("Wizard"));
  EXPECT_EQ(posts(), 0U);
}

TEST_F(GivenGroupsToWrite, WhenARoleLivesAboveTheOrganizationThenItServesAndTheNearestOfAName) {
  EXPECT_EQ(apply({create_group("Field Team", {"Root Viewer", "Device Administrator"})})[0].outcome,
            Outcome::done);
  EXPECT_THAT(client->asked(Method::post, "/api/groups").at(0).body, HasSubstr(R"("roles":["r8","r1"])"));
}

TEST_F(GivenGroupsToWrite, WhenTheNameIsUnsafeOrProtectedThenNothingIsSent) {
  EXPECT_EQ(create("a<b").outcome, Outcome::failed);
  EXPECT_EQ(create("system administrators").outcome, Outcome::skipped);
  EXPECT_EQ(posts(), 0U);
}

TEST_F(GivenGroupsToWrite, WhenAStrangersGroupHasTheNameByNowThenItIsNotTakenOver) {
  console.groups["g7"] = {"Field Team"};
  auto const made = create("Field Team");
  EXPECT_EQ(made.outcome, Outcome::failed);
  EXPECT_EQ(made.group_id, "");
  EXPECT_EQ(posts(), 0U);
}

TEST_F(GivenGroupsToWrite, WhenOurOwnGroupOfTheNameIsThereThenItIsFoundAgain) {
  auto const made = create("Ours");
  EXPECT_EQ(made.outcome, Outcome::already);
  EXPECT_EQ(made.group_id, "g4");
  EXPECT_EQ(posts(), 0U);
}

TEST_F(GivenGroupsToWrite, WhenANameDiffersOnlyByCaseThenNothingIsCreated) {
  EXPECT_THAT(create("OPS").detail, HasSubstr("case"));
  EXPECT_EQ(posts(), 0U);
}

TEST_F(GivenGroupsToWrite, WhenManyAreCreatedThenTheListIsReadOnce) {
  auto const before = count(Method::get, "/api/groups?");
  for (auto const* name : {"A", "B", "C"}) EXPECT_EQ(create(name).outcome, Outcome::done);
  EXPECT_EQ(count(Method::get, "/api/groups?"), before + 1);
  clock.time += std::chrono::minutes{2};
  EXPECT_EQ(create("D").outcome, Outcome::done);
  EXPECT_EQ(count(Method::get, "/api/groups?"), before + 2);
}

TEST_F(GivenGroupsToWrite, WhenTheAnswerNeverCameButTheGroupIsThereThenItIsOurs) {
  console.next(Method::post, "/api/groups", [this](auto const& request) {
    EXPECT_TRUE(console.work(request));
    return test::transport_error(HttpErrc::timed_out);
  });
  auto const made = create("Field Team");
  EXPECT_EQ(made.outcome, Outcome::done);
  EXPECT_EQ(made.group_id, "new1");
  EXPECT_EQ(posts(), 1U);
}

TEST_F(GivenGroupsToWrite,
       WhenTheAnswerNeverCameAndNoGroupIsThereThenTheOutcomeIsUnknownAndNothingIsRepeated) {
  console.next(Method::post, "/api/groups", [](auto const&) { return test::transport_error(HttpErrc::cut); });
  EXPECT_EQ(create("Field Team").outcome, Outcome::unknown);
  EXPECT_EQ(posts(), 1U);
}

TEST_F(GivenGroupsToWrite, WhenTheConsoleSaysItExistsThenOnlyAGroupOfOursIsTaken) {
  console.next(Method::post, "/api/groups", [this](auto const& request) {
    EXPECT_TRUE(console.work(request));
    return refused(409, "Group already exists");
  });
  EXPECT_EQ(create("Field Team").outcome, Outcome::done);
  console.next(Method::post, "/api/groups", [this](auto const&) {
    console.groups["g7"] = {"Depot"};
    return refused(409, "Group already exists");
  });
  EXPECT_EQ(create("Depot").outcome, Outcome::failed);
}

TEST_F(GivenGroupsToWrite, WhenSeveralBearTheNameAfterwardsThenNoneIsTaken) {
  console.next(Method::post, "/api/groups", [this](auto const& request) {
    EXPECT_TRUE(console.work(request));
    console.groups["g7"] = {"Field Team"};
    return test::transport_error(HttpErrc::timed_out);
  });
  EXPECT_THAT(create("Field Team").detail, HasSubstr("several"));
}

TEST_F(GivenGroupsToWrite, WhenTheCreationIsRefusedThenItFailedInTheConsolesWords) {
  console.next(Method::post, "/api/groups", [](auto const&) { return refused(400, "Invalid Group Name"); });
  auto const made = create("Field Team");
  EXPECT_EQ(made.outcome, Outcome::failed);
  EXPECT_THAT(made.detail, HasSubstr("Invalid Group Name"));
}

TEST_F(GivenGroupsToWrite, WhenTheCreationAnswersNoIdThenTheListTellsIt) {
  console.next(Method::post, "/api/groups", [this](auto const& request) {
    EXPECT_TRUE(console.work(request));
    return test::answer(200, "<html>", "text/html");
  });
  EXPECT_EQ(create("Field Team").group_id, "new1");
}

TEST_F(GivenGroupsToWrite, WhenAnEmptyGroupOfOursIsDeletedThenItIsGone) {
  EXPECT_EQ(remove("g4", "Ours").outcome, Outcome::done);
  EXPECT_FALSE(console.groups.contains("g4"));
}

TEST_F(GivenGroupsToWrite, WhenAMemberJustJoinedThenTheGroupIsKept) {
  console.users.at("u1").groups.insert("g4");
  auto const kept = remove("g4", "Ours");
  EXPECT_EQ(kept.outcome, Outcome::failed);
  EXPECT_THAT(kept.detail, HasSubstr("members"));
  EXPECT_EQ(deletes(), 0U);
}

TEST_F(GivenGroupsToWrite, WhenDeletedThenMembersOfAllOrganizationsAndKindsWereLookedFor) {
  EXPECT_EQ(remove("g4", "Ours").outcome, Outcome::done);
  EXPECT_THAT(client->asked(Method::get, "/api/console-groups/g4/users").back().path,
              HasSubstr("queryType=SHOW_ALL"));
  console.groups["g5"] = {"Ours too", "Managed by dirsyncd"};
  console.console_groups = false;
  EXPECT_TRUE(read());
  EXPECT_EQ(remove("g5", "Ours too").outcome, Outcome::done);
  EXPECT_THAT(client->asked(Method::get, "/api/groups/g5/members").back().path,
              Not(HasSubstr("assigneeType")));
}

TEST_F(GivenGroupsToWrite, WhenMembersCanNotBeReadThenTheGroupIsKept) {
  console.always(Method::get, "/api/console-groups/g4/users", [](auto const&) { return refused(500, "no"); });
  EXPECT_EQ(remove("g4", "Ours").outcome, Outcome::failed);
  EXPECT_EQ(deletes(), 0U);
}

TEST_F(GivenGroupsToWrite, WhenTheGroupIsNotOursOrProtectedThenItIsKept) {
  EXPECT_THAT(remove("g1", "Ops").detail, HasSubstr("mark"));
  EXPECT_THAT(remove("g4", "Other name").detail, HasSubstr("another name"));
  EXPECT_EQ(remove("g9", "Directory Sync").outcome, Outcome::skipped);
  EXPECT_EQ(deletes(), 0U);
}

TEST_F(GivenGroupsToWrite, WhenTheGroupIsGoneThenDeletingItIsDone) {
  console.groups.erase("g4");
  EXPECT_EQ(remove("g4", "Ours").outcome, Outcome::already);
  EXPECT_EQ(deletes(), 0U);
}

TEST_F(GivenGroupsToWrite, WhenTheDeletionIsNotAnsweredThenALookTells) {
  console.next(Method::del, "/api/groups/g4", [this](auto const& request) {
    EXPECT_TRUE(console.work(request));
    return test::transport_error(HttpErrc::timed_out);
  });
  EXPECT_EQ(remove("g4", "Ours").outcome, Outcome::done);
}

TEST_F(GivenGroupsToWrite, WhenTheDeletionIsAcceptedAndNotDoneThenItFailed) {
  console.next(Method::del, "/api/groups/g4", [](auto const&) { return test::answer(200, "{}"); });
  auto const kept = remove("g4", "Ours");
  EXPECT_EQ(kept.outcome, Outcome::failed);
  EXPECT_THAT(kept.detail, HasSubstr("not applied"));
}

TEST_F(GivenGroupsToWrite, WhenRenamedThenDescriptionAndRolesStay) {
  EXPECT_EQ(rename("g4", "Ours", "Ours too").outcome, Outcome::done);
  EXPECT_EQ(client->asked(Method::put, "/api/groups/g4").at(0).body,
            R"({"name":"Ours too","description":"Managed by dirsyncd","roles":["r2"],"updateVersion":1})");
}

TEST_F(GivenGroupsToWrite, WhenSomebodyElseWritesBeforeTheRenamingThenTheirTextStays) {
  console.next(Method::put, "/api/groups/g4", [this](auto const&) {
    console.groups.at("g4") = {"Ours", "Managed by dirsyncd, ask Eve", 2};
    return refused(409, "Update version mismatch");
  });
  EXPECT_EQ(rename("g4", "Ours", "Ours too").outcome, Outcome::done);
  EXPECT_THAT(client->asked(Method::put, "/api/groups/g4").at(1).body,
              HasSubstr(R"("description":"Managed by dirsyncd, ask Eve","roles":["r2"],"updateVersion":2)"));
}

TEST_F(GivenGroupsToWrite, WhenTheConflictIsAboutTheNewNameThenItIsSentOnce) {
  console.always(Method::put, "/api/groups/g4",
                 [](auto const&) { return refused(409, "Group already exists"); });
  auto const kept = rename("g4", "Ours", "Ours too");
  EXPECT_EQ(kept.outcome, Outcome::failed);
  EXPECT_THAT(kept.detail, HasSubstr("Group already exists"));
  EXPECT_EQ(count(Method::put, "/api/groups/g4"), 1U);
}

TEST_F(GivenGroupsToWrite, WhenARoleCameByANameThatTwoBearThenItIsNotSentBack) {
  console.always(Method::get, "/api/roles", [](auto const& request) {
    auto const above = request.path.ends_with("SHOW_ANCESTORS");
    return test::answer(200, std::string{R"({"roles":[{"id":")"} + (above ? "r9" : "r2") +
                                 R"(","name":"Insights Viewer"}],"pageInfo":{"page":1,"totalElements":1}})");
  });
  auto const kept = rename("g4", "Ours", "Ours too");
  EXPECT_EQ(kept.outcome, Outcome::failed);
  EXPECT_THAT(kept.detail, HasSubstr("more than one role 'Insights Viewer'"));
  EXPECT_EQ(count(Method::put, "/api/groups"), 0U);
}

TEST_F(GivenGroupsToWrite, WhenTheRolesCanNotBeReadThenNothingIsWritten) {
  console.next(Method::get, "/api/groups/g4", [](auto const&) {
    return test::answer(
        200,
        R"({"id":"g4","name":"Ours","description":"Managed by dirsyncd","roles":"r2","updateVersion":1})");
  });
  EXPECT_THAT(rename("g4", "Ours", "Ours too").detail, HasSubstr("did not tell the group's roles"));
  EXPECT_EQ(count(Method::put, "/api/groups"), 0U);
}

TEST_F(GivenGroupsToWrite, WhenTheNewNameIsTakenThenNothingIsWritten) {
  EXPECT_EQ(rename("g4", "Ours", "Ops").outcome, Outcome::failed);
  EXPECT_EQ(rename("g1", "Ops", "Operators").outcome, Outcome::failed);
  EXPECT_EQ(count(Method::put, "/api/groups"), 0U);
}

class GivenAnAcceptedWriteThatCannotBeLookedAt : public GivenGroupsToWrite {
 protected:
  void accept(Method method) {
    console.next(method, "/api/groups/g4", [this](auto const&) {
      console.always(Method::get, "/api/groups/g4",
                     [](auto const&) { return test::transport_error(HttpErrc::cut); });
      return test::answer(200, "{}");
    });
  }
};

TEST_F(GivenAnAcceptedWriteThatCannotBeLookedAt, WhenItIsADeletionThenItsOutcomeIsUnknown) {
  accept(Method::del);
  auto const gone = remove("g4", "Ours");
  EXPECT_EQ(gone.outcome, Outcome::unknown) << gone.detail;
  EXPECT_THAT(gone.detail, HasSubstr("accepted the write, and no look at the group succeeded"));
}

TEST_F(GivenAnAcceptedWriteThatCannotBeLookedAt, WhenItIsARenamingThenItsOutcomeIsUnknown) {
  accept(Method::put);
  EXPECT_EQ(rename("g4", "Ours", "Ours too").outcome, Outcome::unknown);
}

}  // namespace
}  // namespace dirsync::console
