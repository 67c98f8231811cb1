// What becomes known of Directory groups and LDAP users whose DN is no longer that of their entry.
#include "sync/plan/diff/object_dns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kFormer[] = "cn=linux,ou=former,dc=x";
AbsenceKey const kFormerKey{"former:vault/g-linux/cn=linux,ou=former,dc=x"};

/// The Vault has the directory's group linux as a Directory group.
struct GivenDirectoryGroup : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.corp().group("linux");
    scene.rule().selection = MatchingGroups{"(cn=none)"};
    vault.directory_group("Linux", fake::dn_of_group("linux"));
  }
  void dn_in_vault(std::string const& dn) { vault.find_group("Linux")->dn = dn; }
  void known_before(std::string const& dn, std::string const& id) {
    scene.facts.known["corp"][dn] = {EntryId{id}, dn, true};
  }
  std::vector<std::string> notices() {
    planned = scene.plan();
    EXPECT_THAT(planned->changes(), IsEmpty());
    return planned->notices();
  }
  std::string text_of(std::string const& code) const {
    for (auto const& notice : planned->plan().targets.at("vault").notices)
      if (notice.code == code) return notice.text;
    return {};
  }
};

TEST_F(GivenDirectoryGroup, WhenItsEntryIsThereThenNothingIsSaid) {
  dn_in_vault("CN=Linux, OU=Groups,DC=X");
  EXPECT_THAT(notices(), IsEmpty());
  EXPECT_TRUE(planned->draft.questions.empty());
}

TEST_F(GivenDirectoryGroup, WhenItsEntryIsElsewhereThenMovedAndKeptInMind) {
  dn_in_vault(kFormer);
  known_before(kFormer, "g-linux");
  EXPECT_THAT(notices(), ElementsAre("dn-check", "stale-dn Linux"));
  EXPECT_THAT(text_of("stale-dn"), HasSubstr("has that entry at cn=linux,ou=groups,dc=x now"));
  EXPECT_THAT(text_of("dn-check"), HasSubstr("0 ok, 1 moved, 0 gone, 0 not read here, 0 of no configured"));
  EXPECT_THAT(planned->draft.absent.at("corp"), ElementsAre(kFormerKey));
}

TEST_F(GivenDirectoryGroup, WhenOnlyAnEarlierRunKnewTheDnThenStillMoved) {
  dn_in_vault(kFormer);
  scene.absent_before(kFormerKey, 3);
  EXPECT_THAT(notices(), ElementsAre("dn-check", "stale-dn Linux"));
  EXPECT_THAT(planned->draft.absent.at("corp"), ElementsAre(kFormerKey));
  dn_in_vault(fake::dn_of_group("linux"));
  EXPECT_THAT(notices(), IsEmpty());
  EXPECT_THAT(planned->draft.absent.at("corp"), IsEmpty());
}

TEST_F(GivenDirectoryGroup, WhenAnotherEntryHadTheDnLastThenThatOneCounts) {
  scene.corp().group("unix");
  dn_in_vault(kFormer);
  scene.absent_before(kFormerKey, 1);
  known_before(kFormer, "g-unix");
  EXPECT_THAT(notices(), Contains("stale-dn Linux"));
  EXPECT_THAT(text_of("stale-dn"), HasSubstr("cn=unix,ou=groups,dc=x now"));
}

TEST_F(GivenDirectoryGroup, WhenItsEntryIsNowhereThenGoneAndNothingIsRemoved) {
  dn_in_vault(kFormer);
  known_before(kFormer, "g-other");
  EXPECT_THAT(notices(), ElementsAre("dn-check", "gone-dn Linux"));
}

TEST_F(GivenDirectoryGroup, WhenNoReadEverShowedTheDnThenAskedAndNotCalledGone) {
  dn_in_vault(kFormer);
  EXPECT_THAT(notices(), IsEmpty());
  EXPECT_THAT(planned->draft.questions.dns.at("corp"), ElementsAre(kFormer));
}

TEST_F(GivenDirectoryGroup, WhenItBelongsToNoConfiguredDirectoryThenQuiet) {
  dn_in_vault("cn=linux,dc=elsewhere");
  scene.facts.known["corp"]["cn=linux,dc=elsewhere"] = {EntryId{"g-x"}, "cn=linux,dc=elsewhere", true};
  EXPECT_THAT(notices(), IsEmpty());
  EXPECT_TRUE(planned->draft.questions.empty());
}

TEST_F(GivenDirectoryGroup, WhenADirectoryFeedsAnotherTargetThenItSaysNothingHere) {
  dn_in_vault(kFormer);
  known_before(kFormer, "g-linux");
  scene.console();
  scene.rule("console").selection = MatchingGroups{"(cn=none)"};
  scene.rules.erase(scene.rules.begin());
  EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(GivenDirectoryGroup, WhenAnLdapUserMovedThenReportedByNameAndKeepsWhatTheyHave) {
  scene.rule().selection = MatchingGroups{"(cn=ops)"};
  scene.in_sync("ops", {"ann"});
  auto const former = "uid=ann,ou=former,dc=x";
  vault.find_user("ann")->dn = former;
  scene.vault().managed.grants[0].dn = former;
  EXPECT_THAT(notices(), Contains("stale-dn ann"));
}

TEST_F(GivenDirectoryGroup, WhenItsTargetIsNotReadThenWhatIsKnownIsKept) {
  scene.absent_before(AbsenceKey{"former:other/g-linux/cn=linux,ou=former,dc=x"}, 2);
  scene.unread_targets = {"other"};
  notices();
  EXPECT_THAT(planned->draft.absent.at("corp"),
              ElementsAre(AbsenceKey{"former:other/g-linux/cn=linux,ou=former,dc=x"}));
}

}  // namespace
}  // namespace dirsync::plan
