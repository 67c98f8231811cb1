#include "sync/vault/lists.hpp"

#include <gtest/gtest.h>

#include "sync/vault/protection.hpp"

namespace dirsync::vault {
namespace {

/// Feeds the text in pieces of every length up to 5, which must make no difference.
template <class Page, class Make>
std::optional<Page> parse(std::string_view text, Make make, std::string* problem = nullptr) {
  std::optional<Page> last;
  for (std::size_t length = 1; length <= 5; ++length) {
    auto const sink = make();
    for (std::size_t at = 0; at < text.size(); at += length)
      EXPECT_TRUE(sink->write(text.substr(at, length)));
    last = sink->finish();
    if (problem != nullptr) *problem = sink->problem();
  }
  return last;
}

class GivenUserList : public testing::Test {
 protected:
  static std::optional<UserPage> page(std::string_view text) {
    return parse<UserPage>(text, [] { return make_user_sink(); });
  }
};

TEST_F(GivenUserList, WhenWholeThenUsersAndTotal) {
  auto const users = page(R"({"Users":[
    {"id":2,"username":"Administrator","source":"CyberArk","userType":"Built-InAdmins","componentUser":false,
     "groupsMembership":[{"groupID":11,"groupName":"Vault Admins","groupType":"Vault"}],
     "vaultAuthorization":["AddSafes"],"personalDetails":{"id":99,"username":"x"}},
    {"id":"345","UserName":"User\u00e94545@domain88","source":"LDAP","userDN":"CN=U\\,x,DC=d","componentUser":true}],
    "Total":2})");
  ASSERT_TRUE(users);
  EXPECT_EQ(users->total, 2);
  EXPECT_FALSE(users->bare_array);
  ASSERT_EQ(users->users.size(), 2U);
  EXPECT_EQ(users->users[0].id, "2");
  EXPECT_EQ(users->users[0].name, "Administrator");
  EXPECT_EQ(users->users[0].source, UserSource::local);
  EXPECT_FALSE(users->users[0].protected_because.empty());
  EXPECT_EQ(users->users[1].id, "345");
  EXPECT_EQ(users->users[1].name,
            "User\xC3\xA9"
            "4545@domain88");
  EXPECT_EQ(users->users[1].dn, "CN=U\\,x,DC=d");
  EXPECT_EQ(users->users[1].source, UserSource::directory);
  EXPECT_EQ(users->users[1].protected_because, "component user");
}
TEST_F(GivenUserList, WhenAFirstNameIsHalfAnEmojiThenTheListIsRead) {
  auto const users = page(R"([{"id":2,"username":"ann","personalDetails":{"firstName":"A\ud83d"}},
    {"id":3,"username":"bob"}])");
  ASSERT_TRUE(users);
  ASSERT_EQ(users->users.size(), 2U);
  EXPECT_EQ(users->users[0].protected_because, "");
}
TEST_F(GivenUserList, WhenAUserNameIsNoUnicodeThenThatUserIsSetAside) {
  for (auto const* const name : {R"(an\ud83d)", "an\xfc"}) {
    auto const users =
        page(std::string{R"([{"id":2,"username":")"} + name + R"("},{"id":3,"username":"bob"}])");
    ASSERT_TRUE(users);
    EXPECT_EQ(users->users[0].id, "2");
    EXPECT_EQ(users->users[0].left_alone, LeftAlone::damaged);
    EXPECT_NE(users->users[0].protected_because, "");
    EXPECT_EQ(users->users[1].protected_because, "");
  }
}
TEST_F(GivenUserList, WhenBareArrayThenUsersWithoutTotal) {
  auto const users = page(R"([{"id":2,"username":"a"}])");
  ASSERT_TRUE(users);
  EXPECT_TRUE(users->bare_array);
  EXPECT_EQ(users->users.size(), 1U);
}
TEST_F(GivenUserList, WhenCutOrOtherThenNothing) {
  for (auto const* text :
       {"", "{\"Users\":[{\"id\":2,\"username\":\"a\"}", "<html></html>", "\"token\"", "null",
        R"({"Users":[{"source":"LDAP"}],"Total":1})", R"({"Users":["a"],"Total":1})"})
    EXPECT_FALSE(page(text)) << text;
}

TEST_F(GivenUserList, WhenAnotherDocumentFollowsThenNothing) {
  for (auto const* text :
       {"[] []", "[]7", "7[]", "{\"Users\":[],\"Total\":0}<html>", "[],", "1234 [{\"id\":2}]"})
    EXPECT_FALSE(page(text)) << text;
  EXPECT_TRUE(page(" [] \r\n\t "));
}

TEST_F(GivenUserList, WhenAUserHasNoNameThenThatUserIsSetAside) {
  for (auto const* const name : {"", R"(,"username":"")", R"(,"username":7)", R"(,"username":null)"}) {
    auto const users = page(std::string{R"([{"id":2)"} + name + R"(},{"id":3,"username":"bob"}])");
    ASSERT_TRUE(users) << name;
    EXPECT_EQ(users->users[0].id, "2");
    EXPECT_EQ(users->users[0].left_alone, LeftAlone::damaged) << name;
    EXPECT_NE(users->users[0].protected_because, "");
    EXPECT_EQ(users->users[1].protected_because, "");
  }
}

TEST_F(GivenUserList, WhenAnIdIsNoNumberThenThatUserIsSetAside) {
  for (auto const* id :
       {"99999999999999999999", "\"99999999999999999999\"", "1e3", "\"26x\"", "\"\"", "null"}) {
    auto const users = page(R"({"Users":[{"id":)" + std::string{id} + R"(,"username":"a"}],"Total":1})");
    ASSERT_TRUE(users) << id;
    EXPECT_EQ(users->users[0].id, "") << id;
    EXPECT_EQ(users->users[0].name, "a");
    EXPECT_EQ(users->users[0].left_alone, LeftAlone::damaged) << id;
    EXPECT_NE(users->users[0].protected_because, "");
  }
}

class GivenGroupList : public testing::Test {
 protected:
  std::optional<GroupPage> page(std::string_view text) {
    return parse<GroupPage>(
        text, [this] { return make_group_sink(index_); }, &problem_);
  }
  static TargetUser user(std::string id, std::string name) {
    TargetUser made;
    made.id = std::move(id);
    made.name = std::move(name);
    return made;
  }
  std::vector<TargetUser> users_{user("2", "Administrator"), user("26", "J\xC3\xB6rg"), user("27", "b")};
  UserIndex index_{users_};
  std::string problem_;
};

TEST_F(GivenGroupList, WhenWholeThenGroupsWithMembers) {
  auto const groups = page(R"({"value":[
    {"id":57,"groupType":"Vault","groupName":"UnixAdmins","location":"\\","createdTime":1,
     "members":[{"username":"b","id":27},{"UserName":"J\u00d6RG","id":26},{"userName":"b","id":27}]},
    {"id":30,"groupType":"Directory","groupName":"D","directory":"d","dn":"CN=D,DC=x","members":null},
    {"id":58,"groupType":"Vault","groupName":"Empty","location":"\\"}],"count":3,"nextLink":"api/x"})");
  ASSERT_TRUE(groups);
  EXPECT_EQ(groups->count, 3);
  EXPECT_EQ(groups->next_link, "api/x");
  EXPECT_EQ(groups->members, 3U);
  ASSERT_EQ(groups->groups.size(), 3U);
  EXPECT_EQ(groups->groups[0].users, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_TRUE(groups->groups[0].protected_because.empty());
  EXPECT_TRUE(groups->groups[1].directory_group);
  EXPECT_EQ(groups->groups[1].dn, "CN=D,DC=x");
  EXPECT_FALSE(groups->groups[1].protected_because.empty());
  EXPECT_TRUE(groups->groups[2].users.empty());
}
TEST_F(GivenGroupList, WhenAUserIsToldInPartThenWhatIsToldNamesTheMember) {
  std::vector<TargetUser> const users{user("2", "Administrator"), user("", "Carl"), user("9", ""),
                                      user("5", "anna"), user("5", "bert")};
  UserIndex const index{users};
  auto const groups = parse<GroupPage>(
      R"({"value":[{"id":57,"groupType":"Vault","groupName":"G","members":[
      {"username":"carl","id":31},{"username":"x","id":9},{"username":"bert","id":5},{"username":"emil","id":5}]}],
      "count":1})",
      [&index] { return make_group_sink(index); });
  ASSERT_TRUE(groups);
  EXPECT_EQ(groups->groups[0].users, (std::vector<std::uint32_t>{1, 2, 4}));
  ASSERT_EQ(groups->groups[0].others.size(), 1U);
  EXPECT_EQ(groups->groups[0].others[0].name, "emil");
}
TEST_F(GivenGroupList, WhenAGroupHasNoIdOrNoNameThenItIsSetAside) {
  auto const groups = page(R"({"value":[{"id":57,"groupType":"Vault"},{"groupName":"H","groupType":"Vault"},
    {"id":59,"groupType":"Vault","groupName":"I"}],"count":3})");
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->groups.size(), 3U);
  EXPECT_EQ(groups->groups[0].left_alone, LeftAlone::damaged);
  EXPECT_EQ(groups->groups[1].left_alone, LeftAlone::damaged);
  EXPECT_EQ(groups->groups[1].id, "");
  EXPECT_EQ(groups->groups[2].protected_because, "");
}
TEST_F(GivenGroupList, WhenIdAndNameOfMemberDisagreeThenNotThatUser) {
  auto const groups = page(R"({"value":[{"id":57,"groupType":"Vault","groupName":"G","members":[
    {"username":"b","id":2},{"username":"c","id":27},{"username":"b"},{"memberName":"Administrator","id":2}]}],"count":1})");
  ASSERT_TRUE(groups);
  EXPECT_EQ(groups->groups[0].users, (std::vector<std::uint32_t>{0}));
  ASSERT_EQ(groups->groups[0].others.size(), 3U);
  EXPECT_EQ(groups->groups[0].others[0].id, "2");
  EXPECT_EQ(groups->groups[0].others[0].name, "b");
}
TEST_F(GivenGroupList, WhenMemberHasNoNameThenGroupIsProtected) {
  for (auto const* members : {R"([{"id":27}])", R"("none")", "7", R"({"username":"b","id":27})", "{}"}) {
    auto const groups = page(R"({"value":[{"id":57,"groupType":"Vault","groupName":"G","members":)" +
                             std::string{members} + "}],\"count\":1}");
    ASSERT_TRUE(groups) << members;
    EXPECT_FALSE(groups->groups[0].protected_because.empty()) << members;
    EXPECT_TRUE(groups->unreadable.contains("57")) << members;
  }
}
TEST_F(GivenGroupList, WhenAnEntryIsAListThenNothing) {
  EXPECT_FALSE(page(R"({"value":[[{"id":57,"groupType":"Vault","groupName":"G"}]],"count":0})"));
  EXPECT_FALSE(page(
      R"({"value":[{"id":57,"groupType":"Vault","groupName":"G","members":[[{"username":"b","id":27}]]}],"count":1})"));
}
TEST_F(GivenGroupList, WhenGroupIsInSystemOrOfUnknownTypeThenProtected) {
  auto const groups = page(R"({"value":[
    {"id":1,"groupType":"Vault","groupName":"A","location":"\\System"},
    {"id":2,"groupType":"Vault","groupName":"B","location":"\\SYSTEM\\x"},
    {"id":3,"groupType":"Vault","groupName":"C","location":"\\Systems"},
    {"id":4,"groupName":"D"}],"count":4})");
  ASSERT_TRUE(groups);
  EXPECT_FALSE(groups->groups[0].protected_because.empty());
  EXPECT_FALSE(groups->groups[1].protected_because.empty());
  EXPECT_TRUE(groups->groups[2].protected_because.empty());
  EXPECT_FALSE(groups->groups[3].protected_because.empty());
}
TEST_F(GivenGroupList, WhenEveryEmptyListIsLeftOutThenThoseGroupsAreEmpty) {
  for (auto const* form : {"", R"(,"members":null)"}) {
    auto const groups =
        page(R"({"value":[{"id":57,"groupType":"Vault","groupName":"G","members":[{"username":"a","id":26}]},
      {"id":58,"groupType":"Vault","groupName":"H")" +
             std::string{form} + R"(}],"count":2})");
    ASSERT_TRUE(groups);
    EXPECT_EQ(groups->groups[1].protected_because, "");
    EXPECT_TRUE(groups->unreadable.empty());
  }
}
TEST_F(GivenGroupList, WhenSomeEmptyListsAreToldThenAGroupWithoutAListIsLeftAlone) {
  for (auto const* form : {"", R"(,"members":null)"}) {
    auto const groups =
        page(R"({"value":[{"id":57,"groupType":"Vault","groupName":"G","members":[]},
      {"id":58,"groupType":"Vault","groupName":"H")" +
             std::string{form} + R"(},{"id":59,"groupType":"Directory","groupName":"D"}],"count":3})");
    ASSERT_TRUE(groups);
    EXPECT_EQ(groups->groups[0].protected_because, "");
    EXPECT_NE(groups->groups[1].protected_because, "");
    EXPECT_EQ(groups->unreadable, std::set<std::string>{"58"});
  }
}
TEST_F(GivenGroupList, WhenNothingSaysWhichGroupItIsThenNothingAndReason) {
  EXPECT_FALSE(page(R"({"value":[{"groupType":"Vault"}],"count":1})"));
  EXPECT_NE(problem_.find("neither an id nor a groupName"), std::string::npos);
}
TEST_F(GivenGroupList, WhenAloneThenOneGroup) {
  auto const sink = make_single_group_sink(index_);
  sink->write(R"({"id":57,"groupType":"Vault","groupName":"G","members":[{"UserName":"b","id":27}]})");
  auto const groups = sink->finish();
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->groups.size(), 1U);
  EXPECT_EQ(groups->groups[0].users, (std::vector<std::uint32_t>{2}));
}

class GivenProtectionLists : public testing::Test {};

TEST_F(GivenProtectionLists, WhenPredefinedThenProtectedInAnySpelling) {
  for (auto const* name : {"Vault Admins", " vault ADMINS ", "Auditors", "PSMMaster", "PTAAppUsers"})
    EXPECT_FALSE(why_group_is_protected(name, {}).empty()) << name;
  for (auto const* name :
       {"Master", "Batch", "administrator", "PVWAAppUser6", "PSMApp_srv1", "PasswordManager", "Export"})
    EXPECT_FALSE(why_user_is_protected(name, "svc").empty()) << name;
}
TEST_F(GivenProtectionLists, WhenConfiguredOrOwnThenProtected) {
  std::vector<std::string> const more{"Break Glass"};
  EXPECT_FALSE(why_group_is_protected("break glass", more).empty());
  EXPECT_FALSE(why_user_is_protected("SVC-dirsyncd", "svc-dirsyncd").empty());
}
TEST_F(GivenProtectionLists, WhenOrdinaryThenFree) {
  EXPECT_EQ(why_group_is_protected("UnixAdmins", {}), "");
  EXPECT_EQ(why_user_is_protected("jsmith", "svc"), "");
  EXPECT_EQ(why_user_is_protected("drake", "svc"), "");
}

}  // namespace
}  // namespace dirsync::vault
