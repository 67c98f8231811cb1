#include "tests/support/fakes/target_contract.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>

#include "tests/support/run.hpp"

namespace dirsync::fake {
namespace {

using testing::HasSubstr;
using Lost = TargetUnderTest::Lost;
using Kind = OtherMember::Kind;

bool whole(Certificate const& certificate) { return !certificate.clauses.empty() && certificate.complete(); }

SomeOfTarget that_member(std::string const& group, std::string const& user) {
  SomeOfTarget wanted;
  wanted.groups.insert(group);
  wanted.users.insert(user);
  wanted.members[group].insert(user);
  return wanted;
}

}  // namespace

void PrintTo(VaultToTest const& vault, std::ostream* out) { *out << vault.name; }

void GivenATarget::SetUp() {
  vault_ = GetParam().make();
  vault_->create_group(kGroup);
  for (auto const& name : initial_) vault_->join(kGroup, name);
  read();
}

std::optional<Observed> GivenATarget::read() {
  auto all = test::run(vault_->io(), vault_->target().read());
  if (differences_.shows_members) {
    EXPECT_TRUE(all) << (all ? "" : text(all.error()));
    if (all) return *std::move(all);
    return std::nullopt;
  }
  EXPECT_FALSE(all);
  EXPECT_THAT(all ? "" : text(all.error()),
              testing::AllOf(HasSubstr("version"), HasSubstr("includeMembers")));
  EXPECT_EQ(vault_->writes(), 0);
  return std::nullopt;
}

std::optional<Observed> GivenATarget::read_some(std::string const& group_id, std::string const& user_id) {
  SomeOfTarget wanted;
  wanted.groups.insert(group_id);
  wanted.users.insert(user_id);
  auto some = test::run(vault_->io(), vault_->target().read_some(std::move(wanted)));
  EXPECT_EQ(some.has_value(), differences_.gives_one_group) << (some ? "" : text(some.error()));
  if (!some) return std::nullopt;
  EXPECT_TRUE(some->is_partial);
  return *std::move(some);
}

TargetGroup const* GivenATarget::group_in(Observed const& all, std::string_view name) {
  auto const found = std::ranges::find(all.groups, name, &TargetGroup::name);
  return found == all.groups.end() ? nullptr : &*found;
}

GivenATarget::Members GivenATarget::names(Observed const& all, TargetGroup const& group) {
  Members members;
  for (auto const user : group.users) members.insert(all.users.at(user).name);
  return members;
}

std::optional<Kind> GivenATarget::kind_of(TargetGroup const& group, std::string_view member) {
  auto const found = std::ranges::find(group.others, member, &OtherMember::name);
  return found == group.others.end() ? std::nullopt : std::optional{found->kind};
}

Change GivenATarget::change(Verb verb, std::string const& principal, std::string const& group) const {
  Change made;
  made.target = "vault";
  made.verb = verb;
  made.group = group;
  made.group_id = verb == Verb::create_group ? "" : vault_->group_id(group);
  made.principal = principal;
  made.principal_id = principal.empty() ? "" : vault_->user_id(principal);
  return made;
}

Change GivenATarget::renaming(std::string const& name) const {
  auto made = change(Verb::rename_group);
  made.new_name = name;
  return made;
}

Change GivenATarget::provisioning(std::string const& name, std::string const& dn) const {
  auto made = change(Verb::add, name);
  made.principal_id.clear();
  made.domain = kDomain;
  made.dn = dn;
  return made;
}

Applied GivenATarget::apply(Change change) {
  std::vector<Change> batch{std::move(change)};
  return test::run(vault_->io(), vault_->target().apply(std::move(batch))).at(0);
}

Applied GivenATarget::expect(Change change, Outcome outcome, int writes) {
  if (!differences_.shows_members) {
    outcome = Outcome::skipped;
    writes = 0;
  }
  auto const before = vault_->writes();
  auto const what = std::string{to_text(change.verb)} + " " + change.principal;
  auto applied = apply(std::move(change));
  EXPECT_STREQ(to_text(applied.outcome), to_text(outcome)) << what << ": " << applied.detail;
  EXPECT_EQ(vault_->writes() - before, writes) << what;
  auto const needs_reason = outcome != Outcome::done && outcome != Outcome::already;
  EXPECT_TRUE(!needs_reason || !applied.detail.empty()) << what;
  return applied;
}

Applied GivenATarget::expect_unsent(Change change) { return expect(std::move(change), Outcome::failed, 0); }

void GivenATarget::expect_members(Members after, std::string const& group) const {
  EXPECT_EQ(vault_->members(group), differences_.shows_members ? after : initial_);
}

Result<std::optional<TargetGroup>> GivenATarget::look_at(std::string const& group_id, Observed const& users) {
  return test::run(vault_->io(), vault_->target().read_group(group_id, users));
}

TEST_P(GivenATarget, WhenReadThenUsersGroupsAndMembersAreAsTheyAre) {
  vault_->create_group("Nobody");
  auto const all = read();
  if (!all) return;
  auto const* const group = group_in(*all, kGroup);
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->id, vault_->group_id(kGroup));
  EXPECT_EQ(names(*all, *group), initial_);
  EXPECT_TRUE(group->others.empty());
  EXPECT_TRUE(std::ranges::is_sorted(group->users));
  ASSERT_NE(group_in(*all, "Nobody"), nullptr);
  EXPECT_TRUE(group_in(*all, "Nobody")->users.empty());
  auto const mary = std::ranges::find(all->users, kMary, &TargetUser::name);
  ASSERT_NE(mary, all->users.end());
  EXPECT_EQ(mary->id, vault_->user_id(kMary));
  EXPECT_EQ(mary->dn, kMaryDn);
  EXPECT_EQ(mary->source, UserSource::directory);
  auto const lara = std::ranges::find(all->users, kLocal, &TargetUser::name);
  ASSERT_NE(lara, all->users.end());
  EXPECT_EQ(lara->dn, "");
  EXPECT_EQ(lara->source, UserSource::local);
}

TEST_P(GivenATarget, WhenReadThenTheProofIsWholeAndCountsWhatIsThere) {
  auto const all = read();
  if (!all) return;
  EXPECT_TRUE(whole(all->certificate));
  EXPECT_EQ(all->certificate.entries, all->users.size() + all->groups.size());
  std::size_t memberships = 0;
  for (auto const& group : all->groups) memberships += group.users.size() + group.others.size();
  EXPECT_EQ(all->certificate.values, memberships);
}

TEST_P(GivenATarget, WhenReadThenWhatMustNotBeTouchedSaysWhy) {
  auto const all = read();
  if (!all) return;
  auto const* const admins = group_in(*all, "Vault Admins");
  EXPECT_EQ(admins != nullptr, differences_.shows_predefined);
  EXPECT_TRUE(admins == nullptr || !admins->protected_because.empty());
  auto const* const of_ldap = group_in(*all, "CyberArk Admins");
  ASSERT_NE(of_ldap, nullptr);
  EXPECT_TRUE(of_ldap->directory_group);
  EXPECT_NE(of_ldap->protected_because, "");
  EXPECT_EQ(group_in(*all, kGroup)->protected_because, "");
  auto const user = [&all](std::string_view name) {
    return std::ranges::find(all->users, name, &TargetUser::name);
  };
  EXPECT_NE(user("Administrator")->protected_because, "");
  EXPECT_EQ(user(kMary)->protected_because, "");
}

TEST_P(GivenATarget, WhenStrangersAndNestedGroupsAreMembersThenToldApart) {
  vault_->create_group("Nested");
  vault_->join(kGroup, "Nested");
  vault_->add_stray(kGroup, "9999", "ghost");
  vault_->add_stray(kGroup, vault_->user_id(kBob), "not Bob");
  auto const all = read();
  if (!all) return;
  auto const& group = *group_in(*all, kGroup);
  EXPECT_EQ(names(*all, group), initial_);
  EXPECT_EQ(group.others.size(), 3U);
  EXPECT_EQ(kind_of(group, "Nested"), Kind::group);
  EXPECT_EQ(kind_of(group, "ghost"), Kind::unknown);
  EXPECT_EQ(kind_of(group, "not Bob"), Kind::unknown);
}

TEST_P(GivenATarget, WhenListsComeInPagesThenTheSameIsRead) {
  auto const at_once = read();
  vault_->serve_pages_of(3);
  auto const in_pages = read();
  if (!at_once || !in_pages) return;
  EXPECT_EQ(in_pages->certificate.pages > at_once->certificate.pages, differences_.pages);
  ASSERT_EQ(in_pages->groups.size(), at_once->groups.size());
  for (auto const& group : at_once->groups) {
    auto const* const again = group_in(*in_pages, group.name);
    ASSERT_NE(again, nullptr) << group.name;
    EXPECT_EQ(again->id, group.id);
    EXPECT_EQ(names(*in_pages, *again), names(*at_once, group)) << group.name;
  }
}

TEST_P(GivenATarget, WhenAReadIsNotWholeThenItIsAnErrorUntilItIsWhole) {
  auto const ways = vault_->ways_to_spoil();
  ASSERT_FALSE(ways.empty());
  for (auto const& way : ways) {
    vault_->spoil(way);
    auto const spoilt = test::run(vault_->io(), vault_->target().read());
    EXPECT_FALSE(spoilt) << way;
    EXPECT_TRUE(spoilt || !text(spoilt.error()).empty()) << way;
    vault_->mend();
    if (auto const mended = read()) {
      EXPECT_EQ(names(*mended, *group_in(*mended, kGroup)), initial_) << way;
    }
  }
  EXPECT_EQ(vault_->writes(), 0);
}

TEST_P(GivenATarget, WhenSomebodyElseChangesMembersThenTheNextReadShowsIt) {
  vault_->join(kGroup, kBob);
  vault_->leave(kGroup, kMary);
  auto const all = read();
  if (!all) return;
  EXPECT_EQ(names(*all, *group_in(*all, kGroup)), (Members{kBob, kLocal}));
}

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

TEST_P(GivenATarget, WhenOneGroupIsReadThenAsInTheWholeRead) {
  vault_->create_group("Nested");
  vault_->join(kGroup, "Nested");
  auto const all = read();
  if (!all) return;
  vault_->create_user("newcomer");
  vault_->join(kGroup, "newcomer");
  auto const alone = look_at(vault_->group_id(kGroup), *all);
  ASSERT_TRUE(alone && *alone) << (alone ? "gone" : text(alone.error()));
  EXPECT_EQ((*alone)->id, vault_->group_id(kGroup));
  EXPECT_EQ((*alone)->name, kGroup);
  EXPECT_EQ((*alone)->users, group_in(*all, kGroup)->users);
  EXPECT_EQ(kind_of(**alone, "Nested"), Kind::group);
  EXPECT_EQ(kind_of(**alone, "newcomer"), Kind::unknown);  // the caller has not read them yet
}

TEST_P(GivenATarget, WhenAGroupThatIsGoneIsReadThenNothing) {
  auto const all = read();
  if (!all) return;
  auto const id = vault_->group_id(kGroup);
  vault_->create_group("Other");
  vault_->join("Other", kMary);
  vault_->delete_group(kGroup);
  auto const gone = look_at(id, *all);
  ASSERT_TRUE(gone) << text(gone.error());
  EXPECT_FALSE(*gone);
}

TEST_P(GivenATarget, WhenAGroupCanNotBeReadThenAnErrorAndNotAnAbsence) {
  auto const all = read();
  vault_->fail_all_reads();
  auto const id = vault_->group_id(kGroup);
  auto const look = look_at(id, all.value_or(Observed{}));
  EXPECT_FALSE(look);
  vault_->mend();
  if (!all) return;
  auto const again = look_at(id, *all);
  EXPECT_TRUE(again && *again);
}

TEST_P(GivenATarget, WhenSomeOfItIsReadThenThatAsInAWholeReadAndNothingElse) {
  vault_->create_group("Other");
  vault_->join("Other", kMary);
  auto const all = read();
  auto const some = read_some(vault_->group_id(kGroup), vault_->user_id(kMary));
  if (!all || !some) return;
  ASSERT_EQ(some->users.size(), 1U);
  auto const& mary = some->users.front();
  auto const whole = std::ranges::find(all->users, mary.id, &TargetUser::id);
  ASSERT_NE(whole, all->users.end());
  EXPECT_EQ(mary.name, kMary);
  EXPECT_EQ(mary.dn, whole->dn);
  EXPECT_EQ(mary.source, whole->source);
  EXPECT_EQ(mary.protected_because, whole->protected_because);
  ASSERT_EQ(some->groups.size(), 1U);
  auto const& group = some->groups.front();
  EXPECT_EQ(group.name, kGroup);
  EXPECT_EQ(group.protected_because, group_in(*all, kGroup)->protected_because);
  EXPECT_EQ(group.users, std::vector<std::uint32_t>{0});
  EXPECT_EQ(kind_of(group, kLocal), OtherMember::Kind::unknown) << "nobody asked who that is";
}

TEST_P(GivenATarget, WhenOneMemberAloneMattersThenThatOneIsShownAndCanBeTakenOut) {
  if (!differences_.gives_one_group) return;
  auto const all = read();
  if (!all) return;
  auto const group = vault_->group_id(kGroup), user = vault_->user_id(kMary);
  auto const some = test::run(vault_->io(), vault_->target().read_some(that_member(group, user)));
  ASSERT_TRUE(some) << text(some.error());
  ASSERT_EQ(some->users.size(), 1U);
  EXPECT_EQ(some->users.front().name, kMary);
  ASSERT_EQ(some->groups.size(), 1U);
  EXPECT_EQ(some->groups.front().name, kGroup);
  EXPECT_EQ(some->groups.front().protected_because, group_in(*all, kGroup)->protected_because);
  EXPECT_EQ(some->groups.front().users, std::vector<std::uint32_t>{0});
  expect(change(Verb::remove, kMary), Outcome::done, 1);
  expect_members({kLocal});
}

TEST_P(GivenATarget, WhenOneMemberMattersAndIsInItNoMoreThenNobodyIsShown) {
  if (!differences_.gives_one_group || !read()) return;
  auto const group = vault_->group_id(kGroup), user = vault_->user_id(kMary);
  vault_->leave(kGroup, kMary);
  auto const some = test::run(vault_->io(), vault_->target().read_some(that_member(group, user)));
  ASSERT_TRUE(some) << text(some.error());
  ASSERT_EQ(some->groups.size(), 1U);
  EXPECT_TRUE(some->groups.front().users.empty());
}

TEST_P(GivenATarget, WhenSomeOfItIsProtectedThenThatIsSeen) {
  if (!differences_.shows_predefined) return;
  auto const all = read();
  auto const some = read_some(vault_->group_id("Vault Admins"), vault_->user_id("Administrator"));
  if (!all || !some) return;
  ASSERT_EQ(some->groups.size(), 1U);
  EXPECT_NE(some->groups.front().protected_because, "");
  ASSERT_EQ(some->users.size(), 1U);
  EXPECT_NE(some->users.front().protected_because, "");
}

TEST_P(GivenATarget, WhenSomeOfItIsGoneThenItIsLeftOut) {
  auto const group = vault_->group_id(kGroup), user = vault_->user_id(kMary);
  vault_->delete_group(kGroup);
  vault_->delete_user(kMary);
  auto const some = read_some(group, user);
  if (!some) return;
  EXPECT_THAT(some->groups, testing::IsEmpty());
  EXPECT_THAT(some->users, testing::IsEmpty());
}

TEST_P(GivenATarget, WhenSomeOfItWasReadThenAMemberCanBeTakenOut) {
  if (!read_some(vault_->group_id(kGroup), vault_->user_id(kMary))) return;
  expect(change(Verb::remove, kMary), Outcome::done, 1);
  expect_members({kLocal});
}

TEST_P(GivenATarget, WhenSomeOfItCanNotBeReadThenAnErrorAndNotAnAbsence) {
  auto const group = vault_->group_id(kGroup), user = vault_->user_id(kMary);
  vault_->fail_all_reads();
  SomeOfTarget wanted;
  wanted.groups.insert(group);
  wanted.users.insert(user);
  EXPECT_FALSE(test::run(vault_->io(), vault_->target().read_some(std::move(wanted))));
}

}  // namespace dirsync::fake
