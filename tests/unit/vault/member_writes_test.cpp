#include "tests/unit/vault/target_fixture.hpp"

namespace dirsync::vault {
namespace {

class GivenMembershipChange : public ScriptedVault {
 protected:
  static ScriptedAnswer with_john() { return {200, with_members(member(26, "jsmith")), {}}; }
  static ScriptedAnswer without_john() { return {200, with_members(""), {}}; }
};

TEST_F(GivenMembershipChange, WhenAddedThenDoneWhateverTheBody) {
  for (auto const& body :
       {std::string{}, std::string{R"({"id":42,"memberType":"Vault"})"}, std::string{"<>"}}) {
    script->on(kAdd, {{201, body, {}}});
    EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
    EXPECT_EQ(script->sent.size(), 1U);
  }
}
TEST_F(GivenMembershipChange, WhenAlreadyMemberThenAlready) {
  for (auto const* body :
       {R"({"ErrorCode":"PASWS213E","ErrorMessage":"x"})",
        R"({"ErrorCode":"CAWS00001E","ErrorMessage":"ITATS262E d\u00e9j\u00e0 membre"})"}) {
    script->on(kAdd, {{409, body, {}}});
    EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::already);
  }
}
TEST_F(GivenMembershipChange, WhenAnotherConflictThenFailed) {
  script->on(kAdd, {{409, R"({"ErrorCode":"CAWS00001E","ErrorMessage":"x"})", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::failed);
}
TEST_F(GivenMembershipChange, WhenAnswerIsLostAndLookShowsItThenDoneWithoutSecondSending) {
  script->on(kAdd, {{0, "", HttpErrc::cut}});
  script->on(kGroup, {with_john()});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
  EXPECT_EQ(script->count(kAdd), 1);
}
TEST_F(GivenMembershipChange, WhenAnswerIsLostAndLookShowsNothingThenSentOnceMore) {
  script->on(kAdd, {{0, "", HttpErrc::timed_out}, {201, "", {}}});
  script->on(kGroup, {without_john()});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
  EXPECT_EQ(script->count(kAdd), 2);
}
TEST_F(GivenMembershipChange, WhenTwoAnswersAreLostAndNothingWasDoneThenFailed) {
  script->on(kAdd, {{503, "<html>", {}}});
  script->on(kGroup, {without_john()});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::failed);
  EXPECT_EQ(script->count(kAdd), 2);
}
TEST_F(GivenMembershipChange, WhenAnswerIsLostAndLookFailsThenUnknown) {
  script->on(kAdd, {{0, "", HttpErrc::cut}});
  script->on(kGroup, {{0, "", HttpErrc::cut}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::unknown);
  EXPECT_EQ(script->count(kAdd), 1);
}
TEST_F(GivenMembershipChange, WhenServerCannotBeReachedThenFailedAndTargetIsDown) {
  script->on(kAdd, {{0, "", HttpErrc::connect_failed}});
  auto const applied = apply_after_read(change(Verb::add));
  EXPECT_EQ(applied.outcome, Outcome::failed);
  ASSERT_TRUE(applied.target_down);
  EXPECT_EQ(applied.target_down->code, HttpErrc::connect_failed);
  EXPECT_EQ(script->count(kGroup), 0);
}
TEST_F(GivenMembershipChange, WhenAskedToWaitTooLongThenTargetIsDown) {
  script->on(kAdd, {{0, "", HttpErrc::retry_after_too_long}});
  EXPECT_TRUE(apply_after_read(change(Verb::add)).target_down);
}
TEST_F(GivenMembershipChange, WhenCancelledThenUnknownAndNothingElseIsSent) {
  script->on(kAdd, {{0, "", HttpErrc::cancelled}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::unknown);
  EXPECT_EQ(script->sent.size(), 1U);
}
TEST_F(GivenMembershipChange, WhenTheAnswerCannotBeTakenThenALookDecides) {
  for (auto const error : {HttpErrc::too_large, HttpErrc::bad_redirect, HttpErrc::body_refused}) {
    script->on(kAdd, {{0, "", error}});
    script->on(kGroup, {with_john()});
    EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
    EXPECT_EQ(script->count(kAdd), 1);
  }
}
TEST_F(GivenMembershipChange, WhenTheMemberIsCalledAsAFolderThenNothingIsSent) {
  for (auto const* name : {".", ".."})
    for (auto const verb : {Verb::add, Verb::remove}) {
      auto one = change(verb);
      one.principal = name;
      auto const applied = apply_after_read(one);
      EXPECT_EQ(applied.outcome, Outcome::failed);
      EXPECT_FALSE(applied.target_down);
      EXPECT_TRUE(script->sent.empty());
    }
}
TEST_F(GivenMembershipChange, WhenTheServerRepeatsThePasswordInEscapesThenItIsHidden) {
  script->on(kAdd,
             {{400, R"({"ErrorCode":"PASWS167E","ErrorMessage":"who is \u0068unter2? TOKEN\u0031"})", {}}});
  auto const applied = apply_after_read(change(Verb::add));
  EXPECT_NE(applied.detail.find("who is ***? ***"), std::string::npos) << applied.detail;
}
TEST_F(GivenMembershipChange, WhenTheNewLogonIsNotAnsweredThenTheWriteCountsAsNotSent) {
  ASSERT_TRUE(read());
  script->on(kAdd, {{401, R"({"ErrorCode":"PASWS006E"})", {}}});
  script->on(kLogon, {{0, "", HttpErrc::timed_out}});
  auto const applied = apply(change(Verb::add));
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_TRUE(applied.target_down);
  EXPECT_EQ(script->count(kGroup), 0);
}
TEST_F(GivenMembershipChange, WhenForbiddenThriceInARowThenTargetIsDown) {
  script->on(kAdd, {{403, R"({"ErrorCode":"PASWS041E","ErrorMessage":"no"})", {}}});
  EXPECT_FALSE(apply_after_read(change(Verb::add)).target_down);
  EXPECT_FALSE(apply(change(Verb::add)).target_down);
  EXPECT_TRUE(apply(change(Verb::add)).target_down);
}
TEST_F(GivenMembershipChange, WhenServerInsistsOnDomainNameThenAnEmptyOneIsSent) {
  script->on(kAdd,
             {{400, R"({"ErrorCode":"PASWS167E","Details":[{"ErrorMessage":"domainName is required"}]})", {}},
              {201, "", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
  EXPECT_NE(script->sent.back().body.find(R"("domainName":"")"), std::string::npos);
}
TEST_F(GivenMembershipChange, WhenTheBackEndOfTheCloudStumblesThenLookedUpAndSentOnceMore) {
  for (auto const* code : {"ITADM111E", "SRAPIE0006"}) {
    script->on(kAdd, {{400, R"({"ErrorCode":")" + std::string{code} + "\"}", {}}, {201, "", {}}});
    script->on(kGroup, {without_john()});
    EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
    EXPECT_EQ(script->count(kAdd), 2);
  }
}
TEST_F(GivenMembershipChange, WhenANewRunBeginsThenTheVerbIsTriedAgain) {
  script->on(kRemove, {{405, "<html>", {}}, {204, "", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::failed);
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::done);
}
TEST_F(GivenMembershipChange, WhenTheBuiltInAdministratorIsRefusedThenAUserOfItsOwnIsAdvised) {
  script->on(kAdd, {{403, R"({"ErrorCode":"PASWS291E","ErrorMessage":"no"})", {}}});
  EXPECT_NE(apply_after_read(change(Verb::add)).detail.find("a user of its own"), std::string::npos);
}
TEST_F(GivenMembershipChange, WhenRemovedThenDone) {
  for (auto const status : {200, 204}) {
    script->on(kRemove, {{status, "", {}}});
    EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::done);
  }
}
TEST_F(GivenMembershipChange, WhenNotFoundAndLookAgreesThenAlreadyGone) {
  script->on(kRemove, {{404, R"({"ErrorCode":"ITATS003E","ErrorMessage":"x"})", {}}});
  script->on(kGroup, {without_john()});
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::already);
}
TEST_F(GivenMembershipChange, WhenNotFoundButStillMemberThenFailed) {
  script->on(kRemove, {{404, R"({"ErrorCode":"CAWS00001E","ErrorMessage":"x"})", {}}});
  script->on(kGroup, {with_john()});
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::failed);
  EXPECT_EQ(script->count(kRemove), 1);
}
TEST_F(GivenMembershipChange, WhenWebServerHasNoSuchPageThenFailedAndNotTakenForGone) {
  script->on(kRemove, {{404, "<html>404</html>", {}}});
  script->on(kGroup, {without_john()});
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::failed);
}
TEST_F(GivenMembershipChange, WhenTheMembersCannotBeReadThenTheRemovalIsNotTakenForDone) {
  for (auto const* members : {R"([{"id":26}])", R"({"id":26,"username":"jsmith"})", R"("jsmith")"}) {
    script->on(kRemove, {{0, "", HttpErrc::cut}});
    auto body = with_members("");
    script->on(kGroup, {{200, body.replace(body.find("[]"), 2, members), {}}});
    EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::unknown) << members;
    EXPECT_FALSE(test::run(io, target().read_group("57", {})));
  }
}
TEST_F(GivenMembershipChange, WhenNameCannotStandInPathThenNotSentAndRemedyIsNamed) {
  auto removal = change(Verb::remove);
  removal.principal = "a+b";
  auto const applied = apply_after_read(removal);
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("by hand"), std::string::npos);
  EXPECT_TRUE(script->sent.empty());
}
TEST_F(GivenMembershipChange, WhenVerbIsNotAllowedThenNotTriedAgain) {
  script->on(kRemove, {{405, "<html>", {}}});
  auto const first = apply_after_read(change(Verb::remove));
  EXPECT_EQ(first.outcome, Outcome::failed);
  EXPECT_NE(first.detail.find("WebDAV"), std::string::npos);
  EXPECT_EQ(apply(change(Verb::remove)).outcome, Outcome::skipped);
  EXPECT_EQ(script->count(kRemove), 1);
}

}  // namespace
}  // namespace dirsync::vault
