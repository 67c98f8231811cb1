#include "tests/support/fakes/target_contract.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/support/run.hpp"

// What a read shows, of all, of one group and of some of it.
namespace dirsync::fake {
namespace {

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
