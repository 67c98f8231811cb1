#include "tests/support/fakes/target_contract.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "tests/support/run.hpp"

// What becomes of each change, also where somebody else was faster or an answer is lost.
namespace dirsync::fake {
namespace {

using Lost = TargetUnderTest::Lost;

}  // namespace

TEST_P(GivenATarget, WhenAddedThenAMemberByOneCallAndTheNextOneFindsItSo) {
  expect(change(Verb::add, kBob), Outcome::done, 1);
  expect_members({kBob, kLocal, kMary});
  expect(change(Verb::add, kBob), Outcome::already, 1);
  expect_members({kBob, kLocal, kMary});
}

TEST_P(GivenATarget, WhenRemovedThenNoMemberByOneCallAndTheNextOneFindsItSo) {
  expect(change(Verb::remove, kMary), Outcome::done, 1);
  expect_members({kLocal});
  expect(change(Verb::remove, kMary), Outcome::already, 1);
  expect_members({kLocal});
}

TEST_P(GivenATarget, WhenSeveralChangesComeAtOnceThenOneAnswerForEachInOrder) {
  std::vector<Change> batch{change(Verb::add, kBob), change(Verb::remove, kBob), change(Verb::remove, kBob)};
  auto const answers = test::run(vault_->io(), vault_->target().apply(batch));
  ASSERT_EQ(answers.size(), 3U);
  auto const expected = differences_.shows_members
                            ? std::vector{Outcome::done, Outcome::done, Outcome::already}
                            : std::vector(3, Outcome::skipped);
  for (std::size_t at = 0; at < answers.size(); ++at)
    EXPECT_STREQ(to_text(answers[at].outcome), to_text(expected[at])) << at;
  expect_members(initial_);
}

TEST_P(GivenATarget, WhenSomebodyElseWasFasterThenAlreadySo) {
  auto const addition = change(Verb::add, kBob);
  vault_->join(kGroup, kBob);
  expect(addition, Outcome::already, 1);
  auto const removal = change(Verb::remove, kBob);
  vault_->leave(kGroup, kBob);
  expect(removal, Outcome::already, 1);
  EXPECT_EQ(vault_->members(kGroup), initial_);
}

TEST_P(GivenATarget, WhenTheUserIsGoneThenNotAddedAndRemovedAlready) {
  vault_->create_user("shortlived");
  auto const addition = change(Verb::add, "shortlived");
  auto const removal = change(Verb::remove, "shortlived");
  vault_->delete_user("shortlived");
  expect(addition, Outcome::failed, 1);
  expect(removal, Outcome::already, 1);
  EXPECT_EQ(vault_->members(kGroup), initial_);
}

TEST_P(GivenATarget, WhenTheGroupIsGoneThenNothingCanBeChangedInIt) {
  auto const addition = change(Verb::add, kBob);
  auto const removal = change(Verb::remove, kMary);
  auto const rename = renaming("LinuxAdmins");
  auto const deletion = change(Verb::delete_group);
  vault_->delete_group(kGroup);
  expect(addition, Outcome::failed, 1);
  expect(removal, Outcome::failed, 1);
  expect(rename, Outcome::failed, 1);
  auto const before = vault_->writes();
  auto const last = apply(deletion);
  EXPECT_STREQ(to_text(last.outcome),
               to_text(differences_.shows_members ? Outcome::already : Outcome::skipped));
  EXPECT_LE(vault_->writes() - before, 1);
  EXPECT_EQ(vault_->group_id(kGroup), "");
}

TEST_P(GivenATarget, WhenNamesAreUnusualThenTheyAreAddressed) {
  std::vector<std::string> const names = {
      "john.doe@corp.example.org", "Jane Roe", "J\xC3\xBCrgen M\xC3\xBCller",
      "O'Brien \"Obi\"",           ".dots.x",  std::string(128, 'n')};
  for (auto const& name : names) {
    vault_->create_user(name);
    ASSERT_EQ(vault_->target().traits().refuse_removal(name), "") << name;
    expect(change(Verb::add, name), Outcome::done, 1);
    expect_members({kLocal, kMary, name});
    expect(change(Verb::remove, name), Outcome::done, 1);
    expect_members(initial_);
  }
}

TEST_P(GivenATarget, WhenANameCanNotBeAddressedThenItIsSaidBeforehandAndNothingIsSent) {
  std::string const name = "CORP/jsmith";
  vault_->create_user(name);
  vault_->join(kGroup, name);
  EXPECT_NE(vault_->target().traits().refuse_removal(name), "");
  expect_unsent(change(Verb::remove, name));
  EXPECT_THAT(vault_->members(kGroup), testing::Contains(name));
}

TEST_P(GivenATarget, WhenAGroupIsCreatedThenItsIdIsToldAndItIsEmpty) {
  auto const created = expect(change(Verb::create_group, "", "Fresh Group"), Outcome::done, 1);
  EXPECT_EQ(created.group_id, vault_->group_id("Fresh Group"));
  auto const all = read();
  if (!all) return;
  auto const* const fresh = group_in(*all, "Fresh Group");
  ASSERT_NE(fresh, nullptr);
  EXPECT_EQ(fresh->id, created.group_id);
  EXPECT_TRUE(fresh->users.empty() && fresh->others.empty());
  EXPECT_EQ(fresh->protected_because, "");
  EXPECT_TRUE(fresh->marked);
  EXPECT_FALSE(group_in(*all, kGroup)->marked) << "somebody else made it";
}

TEST_P(GivenATarget, WhenTheNameOfAGroupIsTakenInAnyCaseThenNotTakenOver) {
  auto const id = vault_->group_id(kGroup);
  for (auto const* name : {kGroup, "UNIXADMINS"}) {
    auto const refused = expect(change(Verb::create_group, "", name), Outcome::failed, 1);
    EXPECT_EQ(refused.group_id, "");
  }
  EXPECT_EQ(vault_->group_id(kGroup), id);
  expect_members(initial_);
}

TEST_P(GivenATarget, WhenTheNameOfAGroupIsUnfitThenItIsSaidBeforehandAndNothingIsSent) {
  EXPECT_NE(vault_->target().traits().refuse_group_name("Unix/Admins"), "");
  expect_unsent(change(Verb::create_group, "", "Unix/Admins"));
  expect_unsent(renaming("Unix/Admins"));
  EXPECT_EQ(vault_->group_id("Unix/Admins"), "");
  EXPECT_NE(vault_->group_id(kGroup), "");
}

TEST_P(GivenATarget, WhenRenamedThenTheSameGroupWithTheSameMembers) {
  auto const id = vault_->group_id(kGroup);
  expect(renaming("LinuxAdmins"), Outcome::done, 1);
  std::string const name = differences_.shows_members ? "LinuxAdmins" : kGroup;
  EXPECT_EQ(vault_->group_id(name), id);
  EXPECT_EQ(vault_->members(name), initial_);
}

TEST_P(GivenATarget, WhenTheNewNameIsTakenThenNotRenamed) {
  auto const id = vault_->group_id(kGroup);
  vault_->create_group("LinuxAdmins");
  expect(renaming("linuxadmins"), Outcome::failed, 1);
  EXPECT_EQ(vault_->group_id(kGroup), id);
}

TEST_P(GivenATarget, WhenAnEmptyGroupIsDeletedThenItIsGoneAndTheNextOneFindsItSo) {
  vault_->create_group("Empty");
  auto const deletion = change(Verb::delete_group, "", "Empty");
  expect(deletion, Outcome::done, 1);
  EXPECT_EQ(vault_->group_id("Empty").empty(), differences_.shows_members);
  auto const again = apply(deletion);
  EXPECT_STREQ(to_text(again.outcome),
               to_text(differences_.shows_members ? Outcome::already : Outcome::skipped));
}

TEST_P(GivenATarget, WhenAGroupHasGotMembersMeanwhileThenItIsNotDeleted) {
  vault_->create_group("Empty");
  auto const deletion = change(Verb::delete_group, "", "Empty");
  vault_->join("Empty", kGroup);  // a nested group counts
  apply(deletion);
  EXPECT_EQ(vault_->members("Empty"), Members{kGroup});
  vault_->leave("Empty", kGroup);
  vault_->join("Empty", kMary);
  auto const kept = apply(deletion);
  EXPECT_STREQ(to_text(kept.outcome),
               to_text(differences_.shows_members ? Outcome::failed : Outcome::skipped));
  EXPECT_EQ(vault_->members("Empty"), Members{kMary});
}

TEST_P(GivenATarget, WhenAPersonIsProvisionedThenTheVaultsNameAndIdAreTold) {
  auto const outcome = differences_.provisions ? Outcome::done : Outcome::failed;
  auto const applied = expect(provisioning(kJohn, kJohnDn), outcome, calls_to_provision());
  auto const taken = applied.outcome == Outcome::done;
  EXPECT_EQ(applied.principal, taken ? kJohn : "");
  EXPECT_EQ(applied.principal_id, vault_->user_id(kJohn));
  expect_members(taken ? Members{kJohn, kLocal, kMary} : initial_);
  auto const all = read();
  if (!all) return;
  EXPECT_EQ(std::ranges::count(all->users, std::string{kJohnDn}, &TargetUser::dn), taken ? 1 : 0);
}

TEST_P(GivenATarget, WhenAProvisionedPersonIsProvisionedAgainThenAlreadySo) {
  auto const outcome = differences_.provisions ? Outcome::done : Outcome::failed;
  expect(provisioning(kJohn, kJohnDn), outcome, calls_to_provision());
  auto const again =
      expect(provisioning(kJohn, kJohnDn), outcome == Outcome::done ? Outcome::already : Outcome::failed,
             calls_to_provision());
  EXPECT_EQ(again.principal_id, vault_->user_id(kJohn));
}

TEST_P(GivenATarget, WhenTheVaultKnowsThatNameAsSomebodyElseThenTheStrangerIsToldAndCanBeTakenOut) {
  auto const applied = apply(provisioning(kJohn, "CN=John Smith,OU=Elsewhere,DC=corp,DC=example,DC=com"));
  EXPECT_STREQ(to_text(applied.outcome),
               to_text(differences_.shows_members ? Outcome::failed : Outcome::skipped));
  EXPECT_EQ(applied.principal_id, "");
  EXPECT_EQ(applied.strangers.size(), applied.take_back ? 1U : 0U);
  if (applied.take_back) {
    // Whoever sent the addition takes the stranger out again.
    EXPECT_EQ(applied.strangers.front().name, kJohn);
    EXPECT_EQ(applied.strangers.front().id, vault_->user_id(kJohn));
    expect(change(Verb::remove, applied.strangers.front().name), Outcome::done, 1);
  }
  EXPECT_EQ(vault_->members(kGroup), initial_);
}

TEST_P(GivenATarget, WhenTheDirectoryLetsAPersonNotInThenFailed) {
  auto elsewhere = provisioning(kJohn, kJohnDn);
  elsewhere.domain = "other.example.com";
  expect(elsewhere, Outcome::failed, calls_to_provision());
  expect(provisioning("nobody", "CN=No Body,OU=People,DC=corp,DC=example,DC=com"), Outcome::failed,
         calls_to_provision());
  EXPECT_EQ(vault_->members(kGroup), initial_);
  EXPECT_EQ(vault_->user_id(kJohn), "");
}

/// A call of each verb, and whether its effect is there.
struct LossyCall {
  Change change;
  std::function<bool()> is_done;
};

TEST_P(GivenATarget, WhenAnAnswerOrARequestIsLostThenNothingIsDoneTwiceOrForgotten) {
  for (auto const lost : {Lost::answer, Lost::request}) {
    std::string const mark = lost == Lost::answer ? "a" : "r";
    vault_->create_user("joiner" + mark);
    vault_->create_user("leaver" + mark);
    vault_->join(kGroup, "leaver" + mark);
    for (auto const* group : {"old", "spent"}) vault_->create_group(group + mark);
    auto rename = change(Verb::rename_group, "", "old" + mark);
    rename.new_name = "new" + mark;
    auto const there = [this](std::string const& group) { return !vault_->group_id(group).empty(); };
    auto const member = [this](std::string const& name) { return vault_->members(kGroup).contains(name); };
    std::vector<LossyCall> const calls = {
        {change(Verb::add, "joiner" + mark), [member, mark] { return member("joiner" + mark); }},
        {change(Verb::remove, "leaver" + mark), [member, mark] { return !member("leaver" + mark); }},
        {change(Verb::create_group, "", "made" + mark), [there, mark] { return there("made" + mark); }},
        {rename, [there, mark] { return there("new" + mark) && !there("old" + mark); }},
        {change(Verb::delete_group, "", "spent" + mark), [there, mark] { return !there("spent" + mark); }}};
    for (auto const& [made, is_done] : calls) {
      auto const wanted = lost == Lost::answer ? differences_.answer_lost : differences_.request_lost;
      // Sent once more only where a look showed that nothing was done.
      auto const sent = lost == Lost::request && wanted == Outcome::done ? 2 : 1;
      vault_->lose_next_write(lost);
      expect(made, wanted, sent);
      auto const may_be_done = lost == Lost::answer || wanted == Outcome::done;
      EXPECT_EQ(is_done(), may_be_done && differences_.shows_members) << to_text(made.verb);
      vault_->mend();
    }
  }
}

}  // namespace dirsync::fake
