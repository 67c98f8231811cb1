// The last check before a write.
#include "sync/ports/guarded_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/fake_target.hpp"
#include "tests/support/run.hpp"

namespace dirsync {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// ops is open to all; Safes is protected, root too; Staff belongs to the directory.
struct GivenAGuardedTarget : testing::Test {
  boost::asio::io_context io;
  fake::FakeTarget* fake = nullptr;
  std::unique_ptr<GuardedTarget> guarded;

  void SetUp() override {
    auto inner = std::make_unique<fake::FakeTarget>(fake::vault_traits());
    fake = inner.get();
    for (auto const* name : {"ann", "root"}) fake->world.ldap_user(name);
    fake->world.find_user("root")->protected_because = "it is built in";
    fake->world.group("ops", {"ann"});
    fake->world.group("Safes").protected_because = "it is predefined";
    fake->world.directory_group("Staff", "cn=staff,dc=x");
    fake->world.find_group("ops")->others.push_back({"77", "thing", OtherMember::Kind::unknown});
    guarded = std::make_unique<GuardedTarget>(std::move(inner));
  }
  void read() { ASSERT_TRUE(test::run(io, guarded->read())); }
  Change change(Verb verb, std::string const& group, std::string const& user = "") const {
    Change change;
    change.target = "vault";
    change.verb = verb;
    change.group = group;
    if (auto const* known = fake->world.find_group(group); known != nullptr && verb != Verb::create_group)
      change.group_id = known->id;
    change.principal = user;
    if (!user.empty()) change.principal_id = fake->world.find_user(user)->id;
    return change;
  }
  std::vector<Applied> apply(std::vector<Change> batch) {
    return test::run(io, guarded->apply(std::move(batch)));
  }
  void expect_refused(Change const& change, std::string const& why) {
    auto const answers = apply({change});
    ASSERT_THAT(answers, SizeIs(1));
    EXPECT_EQ(answers[0].outcome, Outcome::skipped) << fake::in_words(change);
    EXPECT_THAT(answers[0].detail, HasSubstr(why));
    EXPECT_THAT(fake->sent(), IsEmpty());
  }
};

TEST_F(GivenAGuardedTarget, WhenAChangeWaitsOrIsBlockedThenItIsNotSentWhoeverAsks) {
  read();
  auto waits = change(Verb::remove, "ops", "ann");
  waits.unconfirmed = true;
  expect_refused(waits, "the absence behind it is not confirmed");
  auto blocked = change(Verb::remove, "ops", "ann");
  blocked.blocked = Obstacle{"protected", "ann is protected: built in"};
  expect_refused(blocked, "ann is protected: built in");
}

TEST_F(GivenAGuardedTarget, WhenItWasNotReadThenNothingIsSent) {
  expect_refused(change(Verb::add, "ops", "ann"), "was not read");
  read();
  fake->read_failure = Error{make_error_code(boost::system::errc::timed_out), "down"};
  EXPECT_FALSE(test::run(io, guarded->read()));
  expect_refused(change(Verb::add, "ops", "ann"), "was not read");
}

/// What else is protected nobody knows then.
TEST_F(GivenAGuardedTarget, WhenOnlySomeWasReadThenOnlyMembershipsOfThatPass) {
  fake->world.group("web", {"ann", "root"});
  SomeOfTarget wanted;
  wanted.groups = {fake->world.find_group("ops")->id, fake->world.find_group("Safes")->id};
  wanted.users = {fake->world.find_user("ann")->id};
  ASSERT_TRUE(test::run(io, guarded->read_some(wanted)));
  expect_refused(change(Verb::remove, "web", "ann"), "only some of the target was read");
  expect_refused(change(Verb::remove, "ops", "root"), "only some of the target was read");
  expect_refused(change(Verb::add, "web", "ann"), "only some of the target was read");
  expect_refused(change(Verb::add, "ops", "root"), "only some of the target was read");
  auto newcomer = change(Verb::add, "ops", "ann");
  newcomer.principal_id.clear();
  expect_refused(newcomer, "only some of the target was read");
  expect_refused(change(Verb::create_group, "new"), "only some of the target was read");
  expect_refused(change(Verb::remove, "Safes", "ann"), "predefined");
  expect_refused(change(Verb::add, "Safes", "ann"), "predefined");
  EXPECT_EQ(apply({change(Verb::remove, "ops", "ann")}).at(0).outcome, Outcome::done);
  EXPECT_EQ(apply({change(Verb::add, "ops", "ann")}).at(0).outcome, Outcome::done);
}

TEST_F(GivenAGuardedTarget, WhenTheReadIsForgottenThenNothingIsSentBeforeTheNextOne) {
  read();
  guarded->forget_read();
  expect_refused(change(Verb::add, "ops", "ann"), "was not read");
  read();
  EXPECT_EQ(apply({change(Verb::remove, "ops", "ann")})[0].outcome, Outcome::done);
}

TEST_F(GivenAGuardedTarget, WhenAGroupIsProtectedThenNothingOfItChanges) {
  read();
  for (auto const verb : {Verb::add, Verb::remove})
    expect_refused(change(verb, "Safes", "ann"), "group Safes is protected: it is predefined");
  auto renaming = change(Verb::rename_group, "Safes");
  renaming.new_name = "Vaults";
  expect_refused(renaming, "it is predefined");
  expect_refused(change(Verb::delete_group, "Safes"), "it is predefined");
  expect_refused(change(Verb::add, "Staff", "ann"), "belongs to the directory");
}

TEST_F(GivenAGuardedTarget, WhenItsNameIsWantedThenNoSecondGroupGetsIt) {
  read();
  expect_refused(change(Verb::create_group, "safes"), "the name safes belongs to a protected group");
  auto renaming = change(Verb::rename_group, "ops");
  renaming.new_name = "SAFES";
  expect_refused(renaming, "belongs to a protected group");
}

TEST_F(GivenAGuardedTarget, WhenAMemberIsProtectedOrUnknownThenItStays) {
  read();
  expect_refused(change(Verb::remove, "ops", "root"), "user root is protected: it is built in");
  expect_refused(change(Verb::add, "ops", "root"), "user root is protected");
  auto unknown = change(Verb::remove, "ops");
  unknown.principal = "thing";
  unknown.principal_id = "77";
  expect_refused(unknown, "neither a known user nor a known group");
}

TEST_F(GivenAGuardedTarget, WhenOnlySomeAreRefusedThenTheOthersAreSentAndAnswersKeepTheirPlaces) {
  read();
  auto const answers = apply({change(Verb::remove, "Safes", "ann"), change(Verb::remove, "ops", "ann")});
  ASSERT_THAT(answers, SizeIs(2));
  EXPECT_EQ(answers[0].outcome, Outcome::skipped);
  EXPECT_EQ(answers[1].outcome, Outcome::done);
  EXPECT_THAT(fake->sent(), testing::ElementsAre("remove ops ann"));
}

}  // namespace
}  // namespace dirsync
