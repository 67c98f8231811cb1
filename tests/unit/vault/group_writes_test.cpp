#include "tests/unit/vault/target_fixture.hpp"

namespace dirsync::vault {
namespace {

class GivenGroupChange : public ScriptedVault {
 protected:
  static constexpr char kCreate[] = "POST /API/UserGroups/";
  static constexpr char kThis[] = "/API/UserGroups/57/";
};

TEST_F(GivenGroupChange, WhenCreatedThenIdIsKept) {
  script->on(kCreate, {{201, R"({"id":57,"groupName":"UnixAdmins"})", {}}});
  auto const applied = apply_after_read(change(Verb::create_group));
  EXPECT_EQ(applied.outcome, Outcome::done);
  EXPECT_EQ(applied.group_id, "57");
}
TEST_F(GivenGroupChange, WhenAnswerLacksIdThenItIsLookedUp) {
  script->on(kCreate, {{201, "{}", {}}});
  auto const applied = apply_after_read(change(Verb::create_group));
  EXPECT_EQ(applied.outcome, Outcome::done);
  EXPECT_EQ(applied.group_id, "57");
}
TEST_F(GivenGroupChange, WhenAnswerIsLostAndGroupOfOurMarkIsThereThenDone) {
  script->on(kCreate, {{0, "", HttpErrc::cut}});
  script->on(kGroups, {{200, groups(with_members("", "Managed by dirsyncd")), {}}});
  auto const applied = apply_after_read(change(Verb::create_group));
  EXPECT_EQ(applied.outcome, Outcome::done);
  EXPECT_EQ(applied.group_id, "57");
  EXPECT_EQ(script->count(kCreate), 1);
}
TEST_F(GivenGroupChange, WhenAnswerIsLostAndAGroupWithoutOurMarkIsThereThenItIsNotOurs) {
  script->on(kCreate, {{0, "", HttpErrc::cut}});
  auto const applied = apply_after_read(change(Verb::create_group));
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_EQ(applied.group_id, "");
  EXPECT_NE(applied.detail.find("Managed by dirsyncd"), std::string::npos) << applied.detail;
  EXPECT_EQ(script->count(kCreate), 1);
}
TEST_F(GivenGroupChange, WhenCreatedThenItIsCancelledThenUnknown) {
  script->on(kCreate, {{0, "", HttpErrc::cancelled}});
  EXPECT_EQ(apply_after_read(change(Verb::create_group)).outcome, Outcome::unknown);
  EXPECT_EQ(script->sent.size(), 1U);
}
TEST_F(GivenGroupChange, WhenTheFirstCreationArrivesLateThenTheGroupOfOurMarkIsOurs) {
  script->on(kCreate, {{0, "", HttpErrc::timed_out},
                       {409, R"({"ErrorCode":"CAWS00001E","ErrorMessage":"exists"})", {}}});
  auto const none =
      R"({"value":[{"id":11,"groupType":"Vault","groupName":"Vault Admins","location":"\\System",
      "members":[{"username":"Administrator","id":2}]}],"count":1})";
  EXPECT_TRUE(read());
  script->on(kGroups, {{200, none, {}}, {200, groups(with_members("", "Managed by dirsyncd")), {}}});
  auto const applied = apply(change(Verb::create_group));
  EXPECT_EQ(applied.outcome, Outcome::already) << applied.detail;
  EXPECT_EQ(applied.group_id, "57");
  EXPECT_EQ(script->count(kCreate), 2);
}
TEST_F(GivenGroupChange, WhenNameIsTakenThenFailedAndNotTakenOver) {
  script->on(kCreate, {{409, R"({"ErrorCode":"CAWS00001E","ErrorMessage":"exists"})", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::create_group)).outcome, Outcome::failed);
}
TEST_F(GivenGroupChange, WhenNameIsUnfitThenNotSent) {
  auto creation = change(Verb::create_group);
  creation.group = "a/b";
  EXPECT_EQ(apply_after_read(creation).outcome, Outcome::failed);
  EXPECT_TRUE(script->sent.empty());
}
TEST_F(GivenGroupChange, WhenRenamedThenNameIsSent) {
  script->on(std::string{"PUT "} + kThis, {{200, "{}", {}}});
  auto rename = change(Verb::rename_group);
  rename.new_name = "LinuxAdmins";
  auto renamed = with_members("");
  renamed.replace(renamed.find("UnixAdmins"), 10, "LinuxAdmins");
  script->on(kGroup, {{200, renamed, {}}});
  EXPECT_EQ(apply_after_read(rename).outcome, Outcome::done);
  EXPECT_EQ(script->sent.front().body, R"({"groupName":"LinuxAdmins"})");
}
TEST_F(GivenGroupChange, WhenTheNewNameIsTakenButNotKeptThenFailed) {
  script->on(std::string{"PUT "} + kThis, {{200, "{}", {}}});
  auto rename = change(Verb::rename_group);
  rename.new_name = "LinuxAdmins";
  auto const applied = apply_after_read(rename);
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("old name"), std::string::npos) << applied.detail;
}
TEST_F(GivenGroupChange, WhenSomebodyIsInTheGroupAgainThenNotDeleted) {
  script->on(kGroup, {{200, with_members(member(99, "newcomer")), {}}});
  auto const applied = apply_after_read(change(Verb::delete_group));
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("newcomer"), std::string::npos);
  EXPECT_EQ(script->count(std::string{"DELETE "} + kThis), 0);
}
TEST_F(GivenGroupChange, WhenItCannotBeSeenThenNotDeleted) {
  script->on(kGroup, {{0, "", HttpErrc::cut}});
  EXPECT_EQ(apply_after_read(change(Verb::delete_group)).outcome, Outcome::failed);
  EXPECT_EQ(script->count(std::string{"DELETE "} + kThis), 0);
}
TEST_F(GivenGroupChange, WhenDeletedThenDoneOrAlreadyGone) {
  script->on(std::string{"DELETE "} + kThis, {{204, "", {}}, {404, R"({"ErrorCode":"PASWS199E"})", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::delete_group)).outcome, Outcome::done);
  EXPECT_EQ(apply(change(Verb::delete_group)).outcome, Outcome::already);
}

class GivenGroupLook : public ScriptedVault {
 protected:
  static constexpr char kSearch[] = "GET /API/UserGroups?search=UnixAdmins&includeMembers=true";
  Result<std::optional<TargetGroup>> look() {
    auto const observed = read();
    EXPECT_TRUE(observed);
    return test::run(io, target().read_group("57", *observed));
  }
};

TEST_F(GivenGroupLook, WhenThereThenMembersAreClassified) {
  script->on(kGroup, {{200, with_members(member(26, "jsmith") + "," + member(11, "Vault Admins")), {}}});
  auto const group = look();
  ASSERT_TRUE(group && *group);
  EXPECT_EQ((*group)->users, (std::vector<std::uint32_t>{1}));
  ASSERT_EQ((*group)->others.size(), 1U);
  EXPECT_EQ((*group)->others[0].kind, OtherMember::Kind::group);
}
TEST_F(GivenGroupLook, WhenServerSaysThereIsNoneThenNothing) {
  script->on(kGroup, {{404, R"({"ErrorCode":"PASWS199E","ErrorMessage":"x"})", {}}});
  auto const group = look();
  ASSERT_TRUE(group);
  EXPECT_FALSE(*group);
}
TEST_F(GivenGroupLook, WhenNotFoundForAnotherReasonThenTheListDecides) {
  script->on(kGroup, {{404, "<html>", {}}});
  script->on(kSearch, {{200, R"({"value":[],"count":0})", {}}});
  auto const group = look();
  ASSERT_TRUE(group) << text(group.error());
  EXPECT_TRUE(*group);
}
TEST_F(GivenGroupLook, WhenServerIsTooOldForItThenSearchIsUsed) {
  version("12.2.0");
  script->on(kSearch, {{200, R"({"value":[)" + with_members(member(26, "jsmith")) + R"(],"count":1})", {}}});
  auto const group = look();
  ASSERT_TRUE(group && *group);
  EXPECT_EQ((*group)->users.size(), 1U);
  EXPECT_EQ(script->count(kGroup), 0);
  EXPECT_EQ(script->count(kGroups), 1);
}

TEST_F(GivenGroupLook, WhenMembersAreNotTheLeastMentionedThenTheListDecides) {
  auto without = with_members("");
  without.replace(without.find(R"(,"members":[])"), 13, "");
  script->on(kGroup, {{200, without, {}}});
  auto const only_this = R"({"value":[)" + without + R"(],"count":1})";
  script->on(kSearch, {{200, only_this, {}}});
  auto const group = look();
  ASSERT_TRUE(group && *group);
  EXPECT_TRUE((*group)->users.empty());
  EXPECT_EQ(script->count(kGroups), 2);
  // A server that stopped to give members leaves the question open.
  script->on(kGroups, {{200, only_this, {}}});
  auto const nobody_has_members = test::run(io, target().read_group("57", {}));
  ASSERT_FALSE(nobody_has_members);
  EXPECT_EQ(nobody_has_members.error().code, VaultErrc::incomplete_read);
}

TEST_F(GivenGroupChange, WhenANameIsReservedThenNoGroupIsToGetItBeItVisibleOrNot) {
  settings.protected_groups = {"Break Glass"};
  auto const refused = target().traits().refuse_group_name;
  for (auto const* name : {"Vault Admins", "PSMMASTER", "BREAK glass", "Administrator", "psmapp_7"})
    EXPECT_NE(refused(name).find("protected"), std::string::npos) << name;
  EXPECT_EQ(refused("UnixAdmins"), "");
}

TEST_F(GivenGroupChange, WhenANameIsReservedThenTheWriterItselfSendsNothing) {
  auto creation = change(Verb::create_group);
  creation.group = "Auditors";
  auto renaming = change(Verb::rename_group);
  renaming.new_name = "Vault Admins";
  for (auto const& reserved : {creation, renaming}) {
    auto const applied = apply_after_read(reserved);
    EXPECT_EQ(applied.outcome, Outcome::failed);
    EXPECT_NE(applied.detail.find("protected: predefined group"), std::string::npos) << applied.detail;
    EXPECT_TRUE(script->sent.empty());
  }
}

}  // namespace
}  // namespace dirsync::vault
