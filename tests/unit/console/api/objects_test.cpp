// Parsing, merging of memberships, and what a read turns into.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/console/api/answers.hpp"
#include "sync/console/read/last_read.hpp"
#include "sync/console/write/group_calls.hpp"
#include "sync/console/write/membership.hpp"
#include "tests/unit/console/fake_console.hpp"

namespace dirsync::console {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class GivenAnswers : public testing::Test {
 protected:
  Profile profile = *profile_named("auto");
};

TEST_F(GivenAnswers, WhenNumbersComeAsTextOrNumberThenBothAreRead) {
  auto const as_text = parse_groups(
      R"({"groups":[{"id":"g","name":"n","updateVersion":"7"}],"pageInfo":{"page":"1","pageSize":"10","totalElements":"1","totalPages":"1"}})",
      profile);
  auto const as_number = parse_groups(
      R"({"pageInfo":{"totalPages":1,"page":1,"pageSize":10,"totalElements":1},"groups":[{"updateVersion":7,"id":"g","name":"n"}]})",
      profile);
  for (auto const* page : {&as_text, &as_number}) {
    ASSERT_TRUE(*page);
    EXPECT_EQ((*page)->info->total, 1);
    EXPECT_EQ((*page)->info->page, 1);
    EXPECT_EQ((*page)->items.at(0).version, 7);
  }
}

/// How a value may come: what documents say, what traffic shows, and what a gateway makes of a default.
struct Form {
  char const* name;
  char const* number;   // of 7
  char const* nothing;  // of what is not there; empty: left out
};

class GivenAnswersInAForm : public testing::TestWithParam<Form> {
 protected:
  static std::string member(std::string const& key, std::string const& value) {
    return value.empty() ? "" : ",\"" + key + "\":" + value;
  }
  static std::string number(std::string const& key) { return member(key, GetParam().number); }
  static std::string nothing(std::string const& key) { return member(key, GetParam().nothing); }
  Profile profile = *profile_named("auto");
};

TEST_P(GivenAnswersInAForm, WhenAListIsReadThenItIsTheSame) {
  auto const page = parse_groups(
      R"({"later":{"new":[]},"groups":[{"id":"g","name":"n")" + number("createdTime") +
          number("lastUpdatedTime") + number("updateVersion") + nothing("roles") + nothing("isDefault") +
          nothing("description") + nothing("orgId") + R"(}],"pageInfo":{"none":0)" + number("page") +
          number("pageSize") + number("totalElements") + number("totalPages") + "}}",
      profile);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->info->page, 7);
  EXPECT_EQ(page->info->total, 7);
  EXPECT_EQ(page->info->pages, 7);
  ASSERT_EQ(page->items.size(), 1U);
  auto const& group = page->items[0];
  EXPECT_EQ(group.version, 7);
  EXPECT_FALSE(group.is_default);
  EXPECT_EQ(group.roles.told, Ids::Told::no);
  EXPECT_EQ(group.description, "");
  EXPECT_EQ(group.organization, "");
}

TEST_P(GivenAnswersInAForm, WhenAnEmptyListIsReadThenItIsEmpty) {
  auto const page = parse_users(
      R"({"pageInfo":{"none":0)" + number("totalElements") + "}" + nothing("users") + "}", profile);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->info->total, 7);
  EXPECT_TRUE(page->items.empty());
}

TEST_P(GivenAnswersInAForm, WhenAUserIsReadThenWhatIsNotThereIsNotSentBack) {
  auto const user = parse_user(R"({"id":"u","userName":"a@b","roles":[{"id":"r","updateVersion":"1"}])" +
                                   number("updateVersion") + nothing("groups") + nothing("displayName") +
                                   nothing("email") + nothing("status") + nothing("tenantId") + "}",
                               profile);
  ASSERT_TRUE(user);
  EXPECT_EQ(user->groups.told, Ids::Told::no);
  EXPECT_EQ(update_body(*user, true),
            R"({"id":"u","userName":"a@b","roles":["r"],"groups":[],"updateVersion":7})");
}

TEST_P(GivenAnswersInAForm, WhenAMembershipRecordIsReadThenTheUserIsFound) {
  auto const page =
      parse_group_members(R"({"members":[{"assigneeId":"u1")" + nothing("id") + nothing("assigneeType") +
                              nothing("assignedGroups") + number("updateVersion") + "}]}",
                          profile);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->items.at(0).id, "u1");
  EXPECT_EQ(page->items.at(0).record, "u1");
}

INSTANTIATE_TEST_SUITE_P(Forms, GivenAnswersInAForm,
                         testing::Values(Form{"TextAndNull", "\"7\"", "null"},
                                         Form{"NumberAndAbsent", "7", ""},
                                         Form{"FractionAndNull", "7.0", "null"}),
                         [](auto const& form) { return form.param.name; });

TEST_F(GivenAnswers, WhenTheTotalIsNoNumberThenItIsNotTold) {
  for (auto const* total : {"null", "\"many\"", "{}", "7.5", "[]"})
    EXPECT_FALSE(
        parse_users(R"({"users":[],"pageInfo":{"page":1,"totalElements":)" + std::string{total} + "}}",
                    profile)
            ->info->total)
        << total;
}

TEST_F(GivenAnswers, WhenTheOrganizationHasItsOldNameThenItIsRead) {
  auto const user = parse_user(R"({"id":"u","userName":"a@b","tenantId":"o2","orgId":null})", profile);
  ASSERT_TRUE(user);
  EXPECT_EQ(user->organization, "o2");
}

TEST_F(GivenAnswers, WhenGroupsAreAbsentOrNullThenTheyAreNotTold) {
  EXPECT_EQ(parse_user(R"({"id":"u","groups":null})", profile)->groups.told, Ids::Told::no);
  EXPECT_EQ(parse_user(R"({"id":"u"})", profile)->groups.told, Ids::Told::no);
  EXPECT_EQ(parse_user(R"({"id":"u","groups":[]})", profile)->groups.told, Ids::Told::yes);
}

TEST_F(GivenAnswers, WhenIdsComeAsObjectsOrTextThenBothAreRead) {
  EXPECT_THAT(parse_user(R"({"id":"u","groups":[{"id":"g1"},"g2"]})", profile)->groups.ids,
              ElementsAre("g1", "g2"));
}

TEST_F(GivenAnswers, WhenAGroupHasNoIdThenTheGroupsAreUnreadable) {
  EXPECT_EQ(parse_user(R"({"id":"u","groups":[{"name":"Ops"}]})", profile)->groups.told,
            Ids::Told::unreadable);
  EXPECT_EQ(parse_user(R"({"id":"u","groups":"g1"})", profile)->groups.told, Ids::Told::unreadable);
}

TEST_F(GivenAnswers, WhenAListIsNotWhatItShouldBeThenItIsMalformed) {
  for (auto const* body :
       {"", "[]", "<html>", R"({"users":{}})", R"({"users":[{"email":"a"}]})", R"({"users":["a"]})"})
    EXPECT_FALSE(parse_users(body, profile)) << body;
}

TEST_F(GivenAnswers, WhenAnObjectOfAListHasNoIdThenItIsThereByItsName) {
  auto const page = parse_users(R"({"users":[{"userName":"a"}]})", profile);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->items.at(0).id, "");
  EXPECT_EQ(page->items.at(0).name, "a");
  EXPECT_FALSE(parse_user(R"({"userName":"a"})", profile)) << "one that was asked for has one";
}

TEST_F(GivenAnswers, WhenAMembershipRecordIsOfAnotherKindThenItsTypeIsKept) {
  auto const page = parse_group_members(
      R"({"members":[{"id":"m1","assigneeId":"u1","assigneeType":"USER"},{"id":"m2","assigneeId":"g7","assigneeType":"GROUP"}]})",
      profile);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->items[0].id, "u1");
  EXPECT_EQ(page->items[0].record, "m1");
  EXPECT_EQ(page->items[1].assignee_type, "GROUP");
}

class GivenAUserToWrite : public testing::Test {
 protected:
  GivenAUserToWrite() {
    user = *parse_user(
        R"({"id":"u","userName":"a@b","displayName":"A","email":"a@b","status":"SUSPENDED","password":"x","updateVersion":"3",
            "roles":[{"id":"r1"}],"groups":[{"id":"g1"},{"id":"g2"}]})",
        *profile_named("auto"));
  }
  User user;
};

TEST_F(GivenAUserToWrite, WhenMergedThenGroupsThatNoChangeNamesStay) {
  EXPECT_THAT(merged_groups(user.groups.ids, {test::change(Verb::remove, "g1", "u", "a@b"),
                                              test::change(Verb::add, "g5", "u", "a@b")}),
              ElementsAre("g2", "g5"));
}

TEST_F(GivenAUserToWrite, WhenTheBodyIsMadeThenEverythingIsAsRead) {
  user.groups.ids = {"g2"};
  EXPECT_EQ(
      update_body(user, true),
      R"({"id":"u","userName":"a@b","displayName":"A","email":"a@b","status":"SUSPENDED","roles":["r1"],"groups":["g2"],"updateVersion":3})");
  user.groups.ids.clear();
  EXPECT_THAT(update_body(user, false), Not(HasSubstr("userName")));
  EXPECT_THAT(update_body(user, false), HasSubstr(R"("groups":[])"));
}

TEST_F(GivenAUserToWrite, WhenAllIsToldThenItIsWritable) {
  EXPECT_EQ(unwritable_because(user, true, false), "");
}

TEST_F(GivenAUserToWrite, WhenSomethingIsNotToldThenItIsNot) {
  auto without_version = user, without_roles = user, nameless_group = user, nameless_role = user;
  without_version.version.reset();
  without_roles.roles = {};
  nameless_group.groups.told = Ids::Told::unreadable;
  nameless_role.roles.told = Ids::Told::unreadable;
  for (auto const* one : {&without_version, &without_roles, &nameless_group, &nameless_role})
    EXPECT_NE(unwritable_because(*one, false, false), "");
}

TEST_F(GivenAUserToWrite, WhenGroupsAreNotToldThenTheGroupListsDecide) {
  user.groups = {};
  EXPECT_EQ(unwritable_because(user, false, false), "");
  EXPECT_NE(unwritable_because(user, true, false), "");
}

TEST_F(GivenAUserToWrite, WhenEmptyListsAreLeftOutThenMissingRolesAreNone) {
  user.roles = {};
  EXPECT_EQ(unwritable_because(user, true, true), "");
}

TEST_F(GivenAUserToWrite, WhenAnotherEmptyFieldIsToldThenMissingListsAreUnknown) {
  EXPECT_TRUE(may_leave_out_empty_lists(user));
  user.tells_an_empty_field = true;
  EXPECT_FALSE(may_leave_out_empty_lists(user));
  user.groups = {};
  EXPECT_NE(unwritable_because(user, false, false), "");
}

TEST_F(GivenAUserToWrite, WhenTheAnswerIsOfHalfAUserThenItTellsNothingOfWhatItLacks) {
  user.status.reset();
  EXPECT_FALSE(may_leave_out_empty_lists(user));
}

TEST_F(GivenAUserToWrite, WhenReadThenItIsKnownWhetherAnEmptyFieldIsTold) {
  Profile const profile;
  for (auto const* body : {R"({"id":"u","email":""})", R"({"id":"u","groups":[]})", R"({"id":"u","x":[]})"})
    EXPECT_TRUE(parse_user(body, profile)->tells_an_empty_field) << body;
  for (auto const* body : {R"({"id":"u"})", R"({"id":"u","email":null,"updateVersion":0,"enabled":false})",
                           R"({"id":"u","createdBy":""})"})
    EXPECT_FALSE(parse_user(body, profile)->tells_an_empty_field) << body;
}

class GivenAReading : public testing::Test {
 protected:
  GivenAReading() {
    settings.user = "svc@example.com";
    for (auto const& [id, name] : std::vector<std::pair<std::string, std::string>>{
             {"u2", "bob@x"}, {"u1", "ann@x"}, {"u9", "SVC@example.com"}}) {
      User user;
      user.id = id;
      user.name = name;
      lists.users.push_back(user);
    }
  }
  void add_group(std::string id, std::string name, std::vector<Member> members) {
    Group group;
    group.id = std::move(id);
    group.name = std::move(name);
    lists.groups.push_back(std::move(group));
    lists.members.push_back(std::move(members));
  }
  Observed observed() const { return observe(lists, "o1", profile, settings); }
  static Member member(std::string id, std::string name = {}, std::string organization = {}) {
    Member one;
    one.record = one.id = std::move(id);
    one.name = std::move(name);
    one.organization = std::move(organization);
    return one;
  }
  Profile profile = *profile_named("auto");
  Settings settings;
  Lists lists;
};

TEST_F(GivenAReading, WhenObservedThenMembersAreUsersByIndex) {
  add_group("g2", "Net", {member("u2"), member("u1"), member("u1")});
  add_group("g1", "Ops", {});
  auto const all = observed();
  EXPECT_EQ(all.users[0].id, "u1");
  EXPECT_EQ(all.groups[0].id, "g1");
  EXPECT_THAT(all.groups[1].users, ElementsAre(0U, 1U));
  EXPECT_EQ(all.users[0].source, UserSource::unknown);
}

TEST_F(GivenAReading, WhenTheUserListLacksANamedMemberThenItIsAUserToo) {
  add_group("g1", "Ops", {member("u5", "eve@x")});
  auto const all = observed();
  ASSERT_EQ(all.groups[0].users.size(), 1U);
  EXPECT_EQ(all.users[all.groups[0].users[0]].name, "eve@x");
}

TEST_F(GivenAReading, WhenAMemberIsOfAnotherOrganizationOrUnknownThenItIsAnotherMember) {
  auto nested = member("g7");
  nested.assignee_type = "GROUP";
  add_group("g1", "Ops", {member("u5", "eve@x", "o7"), member("u6"), nested});
  auto const group = observed().groups[0];
  EXPECT_TRUE(group.users.empty());
  ASSERT_EQ(group.others.size(), 3U);
  EXPECT_EQ(group.others[0].kind, OtherMember::Kind::unknown);
  EXPECT_EQ(group.others[2].kind, OtherMember::Kind::group);
}

TEST_F(GivenAReading, WhenAGroupIsDefaultNamedOrHoldsOurUserThenItIsProtected) {
  settings.protected_groups = {"break glass"};
  add_group("g1", "Organization administrators", {});
  add_group("g2", "Break Glass", {});
  add_group("g3", "Directory Sync", {member("u9")});
  add_group("g4", "Marked", {});
  lists.groups[3].is_default = true;
  add_group("g5", "Ops", {member("u1")});
  auto const all = observed();
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NE(all.groups[i].protected_because, "") << i;
  EXPECT_EQ(all.groups[4].protected_because, "");
}

TEST_F(GivenAReading, WhenTheServiceUserLivesInAnotherOrganizationThenItsGroupIsProtectedAllTheSame) {
  settings.user = "elsewhere@example.com";
  add_group("g1", "Sync", {member("u77", "ELSEWHERE@example.com", "o7")});
  EXPECT_NE(observed().groups[0].protected_because, "");
}

/// Requests name both by their ids: a namesake shields nothing.
TEST_F(GivenAReading, WhenGroupsOrUsersBearTheSameNameThenNoneIsProtectedForThat) {
  add_group("g1", "Ops", {});
  add_group("g2", "Ops", {});
  User twin;
  twin.id = "u3";
  twin.name = "ANN@x";
  lists.users.push_back(twin);
  auto const all = observed();
  for (auto const& group : all.groups) EXPECT_EQ(group.protected_because, "");
  EXPECT_EQ(all.users[0].protected_because, "");
  EXPECT_EQ(all.users[2].protected_because, "");
}

TEST_F(GivenAReading, WhenAUserIsOurOwnThenItIsProtected) {
  EXPECT_THAT(observed().users[2].protected_because, HasSubstr("dirsyncd"));
}

TEST(GivenRoles, WhenNamesFitExactlyOneThenIdsAreFound) {
  std::vector<Role> const roles = {{"r1", "Admin", ""}, {"r2", "Viewer", ""}, {"r3", "Viewer", ""}};
  EXPECT_THAT(role_ids(std::vector<std::string>{"Admin"}, roles).value(), ElementsAre("r1"));
  EXPECT_FALSE(role_ids(std::vector<std::string>{"Viewer"}, roles));
  EXPECT_FALSE(role_ids(std::vector<std::string>{"admin"}, roles));
}

}  // namespace
}  // namespace dirsync::console
