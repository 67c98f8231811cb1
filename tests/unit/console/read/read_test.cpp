#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/console/api/errors.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/console/fake_console.hpp"

namespace dirsync::console {
namespace {
using http::Method;
using test::answer;
using test::refused;
using testing::ElementsAre;
using testing::HasSubstr;

class GivenAConsole : public testing::Test, protected test::ConsoleBed {
 protected:
  TargetGroup group(Observed const& observed, std::string const& id) {
    auto const found = std::ranges::find(observed.groups, id, &TargetGroup::id);
    return found == observed.groups.end() ? TargetGroup{} : *found;
  }
  void expect_incomplete(Result<Observed> const& observed) {
    ASSERT_FALSE(observed);
    EXPECT_EQ(observed.error().code, make_error_code(ConsoleErrc::incomplete)) << text(observed.error());
  }
};

TEST_F(GivenAConsole, WhenReadThenUsersGroupsAndMembersAreThere) {
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(observed->users.size(), 3U);
  EXPECT_EQ(observed->groups.size(), 4U);
  EXPECT_THAT(group(*observed, "g3").users, ElementsAre(0U));
  EXPECT_EQ(observed->product, "Pulse IoT Center, api 0.17");
  EXPECT_EQ(observed->certificate.values, 2U);
  for (auto const& clause : observed->certificate.clauses) EXPECT_TRUE(clause.holds) << clause.name;
  EXPECT_NE(group(*observed, "g9").protected_because, "");
}

TEST_F(GivenAConsole, WhenReadThenGroupsThatWeCreatedAreMarked) {
  console.groups["g4"] = {.name = "Ours", .description = "Managed by dirsyncd, ask Eve"};
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_TRUE(group(*observed, "g4").marked);
  EXPECT_FALSE(group(*observed, "g1").marked);
}

TEST_F(GivenAConsole, WhenAUsersIdIsAFolderThenTheyAreProtectedAndNoPathNamesThem) {
  console.users[".."] = {.name = "dots@example.com", .groups = {}};
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  auto const user = std::ranges::find(observed->users, "..", &TargetUser::id);
  ASSERT_NE(user, observed->users.end());
  EXPECT_NE(user->protected_because, "");
  EXPECT_EQ(user->left_alone, LeftAlone::unaddressable);
  for (auto const& request : client->requests)
    EXPECT_FALSE(http::has_dot_segment(request.path)) << request.path;
}

TEST_F(GivenAConsole, WhenAGroupsIdIsAFolderThenItIsLeftAloneAndNoPathNamesIt) {
  console.groups[".."] = {.name = "Dots"};
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(group(*observed, "..").left_alone, LeftAlone::unaddressable);
  EXPECT_NE(group(*observed, "..").protected_because, "");
  for (auto const& request : client->requests)
    EXPECT_FALSE(http::has_dot_segment(request.path)) << request.path;
}

/// The answer to one read of a list, as it stands.
std::string list_of(std::string const& key, std::string const& items, int total) {
  return R"({")" + key + R"(":[)" + items +
         R"(],"pageInfo":{"page":1,"pageSize":100,"totalPages":1,"totalElements":)" + std::to_string(total) +
         "}}";
}

TEST_F(GivenAConsole, WhenAUserIsToldWithoutAnIdThenThatUserIsSetAsideAndTheOthersAreNot) {
  console.next(Method::get, "/api/users", [](auto const&) {
    return answer(
        200,
        list_of("users", R"({"userName":"ann@example.com"},{"id":"u2","userName":"bob@example.com"})", 2));
  });
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  auto const ann = std::ranges::find(observed->users, "", &TargetUser::id);
  ASSERT_NE(ann, observed->users.end());
  EXPECT_EQ(ann->name, "ann@example.com");
  EXPECT_EQ(ann->left_alone, LeftAlone::damaged);
  auto const bob = std::ranges::find(observed->users, "u2", &TargetUser::id);
  EXPECT_EQ(bob->protected_because, "");
}

TEST_F(GivenAConsole, WhenTwoNamesBearOneIdThenBothAreSetAside) {
  console.next(Method::get, "/api/users", [](auto const&) {
    return answer(
        200, list_of("users",
                     R"({"id":"u1","userName":"ann@example.com"},{"id":"u1","userName":"eve@example.com"},
                                  {"id":"u2","userName":"bob@example.com"})",
                     3));
  });
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(std::ranges::count(observed->users, "u1", &TargetUser::id), 2);
  for (auto const& user : observed->users)
    EXPECT_EQ(user.left_alone == LeftAlone::damaged, user.id == "u1") << user.name;
  EXPECT_THAT(observed->users[0].protected_because, HasSubstr("ann@example.com and eve@example.com"));
}

TEST_F(GivenAConsole, WhenAUserComesTwiceThenTheListIsNotBelieved) {
  for (int again = 0; again < 4; ++again)
    console.next(Method::get, "/api/users", [](auto const&) {
      return answer(
          200,
          list_of("users",
                  R"({"id":"u1","userName":"ann@example.com"},{"id":"u1","userName":"ann@example.com"})", 2));
    });
  expect_incomplete(read());
}

TEST_F(GivenAConsole, WhenAGroupIsToldWithoutAnIdThenItIsSetAside) {
  console.next(Method::get, "/api/groups", [](auto const&) {
    return answer(200, list_of("groups", R"({"name":"Ops"},{"id":"g2","name":"Net"})", 2));
  });
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(group(*observed, "").left_alone, LeftAlone::damaged);
  EXPECT_EQ(group(*observed, "").name, "Ops");
  EXPECT_EQ(group(*observed, "g2").protected_because, "");
}

TEST_F(GivenAConsole, WhenAMemberIsToldWithoutAnIdThenThatGroupAloneIsSetAside) {
  console.next(Method::get, "/api/console-groups/g3/users", [](auto const&) {
    return answer(
        200,
        list_of("users", R"({"userName":"who@example.com"},{"id":"u1","userName":"ann@example.com"})", 2));
  });
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_TRUE(group(*observed, "g3").members_unread);
  EXPECT_EQ(group(*observed, "g3").left_alone, LeftAlone::damaged);
  EXPECT_EQ(group(*observed, "g1").protected_because, "");
}

TEST_F(GivenAConsole, WhenARoleIsToldWithoutAnIdThenItIsNone) {
  console.next(Method::get, "/api/roles", [](auto const&) {
    return answer(200, list_of("roles", R"({"name":"Nobody"},{"id":"r1","name":"Viewer"})", 2));
  });
  EXPECT_TRUE(read());
}

TEST_F(GivenAConsole, WhenReadThenEveryCallAfterTheOrganizationIsKnownNamesIt) {
  ASSERT_TRUE(read());
  for (auto const* path : {"/api/roles", "/api/groups", "/api/users", "/api/console-groups"})
    for (auto const& request : client->asked(Method::get, path)) {
      EXPECT_EQ(test::header_of(request, "x-current-org-id"), "o2") << request.path;
      EXPECT_EQ(request.repeat, http::Repeat::always);
    }
  EXPECT_THAT(client->asked(Method::get, "/api/groups").at(0).path, HasSubstr("queryType=SHOW_CURRENT"));
}

TEST_F(GivenAConsole, WhenListsAreLongThenAllPagesAreRead) {
  for (int i = 0; i < 65; ++i)
    console.users["x" + std::to_string(i)] = {"x" + std::to_string(i) + "@example.com", {"g1"}};
  auto const observed = read();
  ASSERT_TRUE(observed);
  EXPECT_EQ(observed->users.size(), 68U);
  EXPECT_EQ(group(*observed, "g1").users.size(), 65U);
  EXPECT_EQ(count(Method::get, "/api/console-groups/g1/users"), 3U);
}

TEST_F(GivenAConsole, WhenAListShiftsOnceThenItIsReadAgain) {
  console.next(Method::get, "/api/users", [](auto const&) {
    return answer(
        200,
        R"({"users":[{"id":"u1","userName":"a"}],"pageInfo":{"page":1,"pageSize":30,"totalElements":3,"totalPages":1}})");
  });
  ASSERT_TRUE(read());
  EXPECT_EQ(count(Method::get, "/api/users"), 2U);
}

TEST_F(GivenAConsole, WhenAListNeverAddsUpThenTheReadIsIncomplete) {
  console.always(Method::get, "/api/groups", [](auto const&) {
    return answer(200,
                  R"({"groups":[],"pageInfo":{"page":1,"pageSize":30,"totalElements":4,"totalPages":1}})");
  });
  expect_incomplete(read());
  EXPECT_EQ(count(Method::get, "/api/groups"), 4U);
}

TEST_F(GivenAConsole, WhenPagingIsIgnoredThenTheReadIsIncomplete) {
  for (int i = 0; i < 40; ++i) console.groups["x" + std::to_string(i)] = {"X" + std::to_string(i)};
  console.always(Method::get, "/api/groups", [this](http::Request request) {
    auto const at = request.path.find("page.number=2");
    if (at != std::string::npos) request.path[at + 12] = '1';
    return console.work(request);
  });
  expect_incomplete(read());
}

TEST_F(GivenAConsole, WhenAPageFailsThenNothingIsObserved) {
  for (int i = 0; i < 40; ++i) console.users["x" + std::to_string(i)] = {"x" + std::to_string(i), {}};
  console.always(Method::get, "/api/users", [this](http::Request const& request) -> Result<http::Response> {
    if (request.path.find("page.number=2") != std::string::npos)
      return answer(502, "<html>bad</html>", "text/html");
    return console.work(request);
  });
  EXPECT_FALSE(read());
}

TEST_F(GivenAConsole, WhenAListComesAsAPageOfAProxyThenNothingIsObserved) {
  console.always(Method::get, "/api/users",
                 [](auto const&) { return answer(200, "<html>log in</html>", "text/html"); });
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_EQ(observed.error().code, make_error_code(ConsoleErrc::malformed));
}

TEST_F(GivenAConsole, WhenConsoleGroupsAreMissingThenMembershipRecordsAreRead) {
  console.console_groups = false;
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(group(*observed, "g3").users.size(), 1U);
  EXPECT_EQ(count(Method::get, "/api/console-groups"), 1U);  // remembered
}

TEST_F(GivenAConsole, WhenAProxyOrAnObjectIsMissingThenTheWayOfReadingStays) {
  auto const page = [](auto const&) { return answer(404, "<html>not found", "text/html"); };
  auto const nobody = [](auto const&) { return refused(404, "No records found"); };
  auto const no_method = [](auto const&) { return answer(501, "<html>", "text/html"); };
  for (test::FakeConsole::Rule const& rule :
       {test::FakeConsole::Rule{page}, test::FakeConsole::Rule{nobody}, test::FakeConsole::Rule{no_method}}) {
    console.next(Method::get, "/api/console-groups/g1/users", rule);
    EXPECT_FALSE(read());
    EXPECT_EQ(count(Method::get, "/api/groups/g1/members"), 0U);
  }
  ASSERT_TRUE(read());
  EXPECT_EQ(count(Method::get, "/api/groups/g1/members"), 0U);
}

TEST_F(GivenAConsole, WhenACallIsOfferedAgainThenTheNextRunUsesIt) {
  console.console_groups = false;
  ASSERT_TRUE(read());
  console.console_groups = true;
  auto const before = count(Method::get, "/api/groups/g1/members");
  ASSERT_TRUE(read());
  EXPECT_EQ(count(Method::get, "/api/groups/g1/members"), before);
}

TEST_F(GivenAConsole, WhenNoMemberListExistsThenEveryUserIsReadOnce) {
  console.console_groups = console.group_members = false;
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(group(*observed, "g3").users.size(), 1U);
  EXPECT_EQ(count(Method::get, "/api/users/"), 3U);
}

TEST_F(GivenAConsole, WhenNeitherListsNorUsersTellTheGroupsThenTheReadIsIncomplete) {
  console.console_groups = console.group_members = false;
  console.hide_groups = true;
  expect_incomplete(read());
}

TEST_F(GivenAConsole, WhenUsersLackGroupsAndOthersTellThatTheyHaveNoneThenTheReadIsIncomplete) {
  console.console_groups = console.group_members = false;
  console.next(Method::get, "/api/users/u1", [](auto const&) {
    return answer(200, R"({"id":"u1","userName":"ann@example.com","updateVersion":1,"roles":[]})");
  });
  expect_incomplete(read());
}

TEST_F(GivenAConsole, WhenUsersLackGroupsWhereEmptyListsAreLeftOutThenTheyAreInNone) {
  console.console_groups = console.group_members = false;
  console.hide_empty_groups = true;
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(group(*observed, "g3").users.size(), 1U);
}

TEST_F(GivenAConsole, WhenAGroupGoesAwayWhileReadThenTheReadFails) {
  console.next(Method::get, "/api/console-groups/g1/users", [this](auto const& request) {
    console.groups.erase("g1");
    return console.work(request);
  });
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_EQ(count(Method::get, "/api/groups/g1/members"), 0U);
}

TEST_F(GivenAConsole, WhenTheOrganizationIsUnknownThenTheErrorNamesIt) {
  settings.organization = "plant-b";
  open();
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_THAT(observed.error().context, HasSubstr("plant-b"));
}

TEST_F(GivenAConsole, WhenAReadFailedThenTheNextOneLooksForTheOrganizationAnew) {
  console.next(Method::get, "/api/roles", [](auto const&) { return refused(404, "No records found"); });
  EXPECT_FALSE(read());
  console.next(Method::get, "/api/organizations", [](auto const& request) {
    EXPECT_EQ(test::header_of(request, "x-current-org-id"), "");
    return answer(200,
                  R"({"tenants":[{"id":"o3","name":"plant-a"}],"pageInfo":{"page":1,"totalElements":1}})");
  });
  ASSERT_TRUE(read());
  EXPECT_EQ(test::header_of(client->requests.back(), "x-current-org-id"), "o3");
  ASSERT_TRUE(read());
  EXPECT_EQ(count(Method::get, "/api/organizations"), 2U);
}

TEST_F(GivenAConsole, WhenUsersOfTheServiceUsersNameAreInSeveralOrganizationsThenNoneIsGuessed) {
  settings.organization.clear();
  open();
  console.always(Method::get, "/api/users", [](auto const&) {
    return answer(200, R"({"users":[{"id":"u9","userName":"svc@example.com","orgId":"o1"},
                                    {"id":"u8","userName":"SVC@example.com","tenantId":"o2"}],
                           "pageInfo":{"page":1,"totalElements":2}})");
  });
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_THAT(observed.error().context, HasSubstr("set organization"));
}

TEST_F(GivenAConsole, WhenAListLacksItsArrayThenOnlyATotalOfNoneIsEmpty) {
  for (auto const* path : {"/api/users", "/api/console-groups/g1/users", "/api/groups", "/api/roles"}) {
    console.next(Method::get, path, [](auto const&) {
      return answer(200, R"({"pageInfo":{"page":1,"pageSize":30,"totalElements":1,"totalPages":1}})");
    });
    auto const before = count(Method::get, path);
    EXPECT_TRUE(read()) << path;  // the second look is as usual
    EXPECT_GT(count(Method::get, path), before + 1) << path;
    console.next(Method::get, path, [](auto const&) {
      return answer(200, R"({"pageInfo":{"page":1,"pageSize":30,"totalElements":0,"totalPages":0}})");
    });
    EXPECT_TRUE(read()) << path;
  }
}

TEST_F(GivenAConsole, WhenNoOrganizationIsSetThenTheServiceUsersOwnIsTaken) {
  settings.organization.clear();
  open();
  ASSERT_TRUE(read());
  EXPECT_EQ(test::header_of(client->requests.back(), "x-current-org-id"), "o2");
}

TEST_F(GivenAConsole, WhenEntriesBelongToAnotherOrganizationThenTheyAreLeftOut) {
  console.always(Method::get, "/api/groups", [](auto const&) {
    return answer(200,
                  R"({"groups":[{"id":"g1","name":"Ops","orgId":"o2"},{"id":"g2","name":"Net","orgId":"o1"}],
                           "pageInfo":{"page":1,"pageSize":30,"totalElements":2,"totalPages":1}})");
  });
  auto const observed = read();
  ASSERT_TRUE(observed);
  EXPECT_EQ(observed->groups.size(), 1U);
}

TEST_F(GivenAConsole, WhenOneGroupIsReadThenItsMembersAreIndexesIntoTheSameUsers) {
  auto const observed = read();
  console.users["u2"].groups = {"g1"};
  auto const one = test::run(io, target->read_group("g1", *observed));
  ASSERT_TRUE(one && *one);
  EXPECT_EQ((*one)->name, "Ops");
  EXPECT_THAT((*one)->users, ElementsAre(1U));
}

TEST_F(GivenAConsole, WhenTheConsoleSaysThatAGroupIsGoneThenItIsEmptyButNotWhenAProxySaysIt) {
  auto const observed = read();
  auto const gone = test::run(io, target->read_group("g77", *observed));
  ASSERT_TRUE(gone);
  EXPECT_FALSE(*gone);
  console.next(Method::get, "/api/groups/g1", [](auto const&) { return answer(404, "<html>", "text/html"); });
  EXPECT_FALSE(test::run(io, target->read_group("g1", *observed)));
}

TEST_F(GivenAConsole, WhenTheMemberListOfALiveGroupIsMissingThenItIsNotEmpty) {
  auto const observed = read();
  console.console_groups = console.group_members = false;
  auto const one = test::run(io, target->read_group("g3", *observed));
  ASSERT_TRUE(one && *one);
  EXPECT_THAT((*one)->users, ElementsAre(0U));
}

TEST(GivenSettings, WhenTheyDoNotFitThenTheErrorNamesTheKey) {
  test::FakeClock clock;
  Settings settings;
  settings.user = "a:b";
  EXPECT_THAT(ConsoleTarget::open(settings, nullptr, clock).error().context, HasSubstr("auth.user"));
  settings.profile = "pulse-9";
  EXPECT_THAT(ConsoleTarget::open(settings, nullptr, clock).error().context, HasSubstr("profile"));
}

}  // namespace
}  // namespace dirsync::console
