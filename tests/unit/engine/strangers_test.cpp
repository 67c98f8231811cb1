// Whom a target let in while it was to provision somebody else.
#include "sync/engine/apply/strangers.hpp"

#include "tests/unit/engine/given_vault.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// dan is in the directory and not in the Vault, which provisions people; the run dies, or its answer is
/// lost, while dan is.
struct GivenAnInterruptedProvisioning : GivenVault {
  void SetUp() override {
    GivenVault::SetUp();
    plant.setup.targets[0].domains = {{"", "example.com"}};
    plant.corp.world.person("dan");
    plant.corp.world.join("ops", "dan");
  }
  void interrupt(Fate fate) {
    fate_of("add ops dan", fate);
    EXPECT_THAT(outcomes(plant.run()), ElementsAre("vault add ops dan: unknown"));
    all_work();
  }
  std::vector<Blocked> strangers() {
    auto all = plant.journal.blocked("vault").value();
    std::erase_if(all, [](Blocked const& one) { return one.code != kStranger; });
    return all;
  }
  std::vector<Blocked> that_stay() {
    return strangers_that_stay(strangers(), vault.world.observed, plant.journal.managed("vault").value());
  }
  std::vector<Grant> grants_of_dan() {
    auto all = plant.journal.managed("vault").value().grants;
    std::erase_if(all, [](Grant const& grant) { return grant.id != EntryId{"p-dan"}; });
    return all;
  }
};

TEST_F(GivenAnInterruptedProvisioning, WhenTheVaultGaveAnotherNameThenTheGrantIsThatUsers) {
  interrupt(Fate::lost_but_done);
  vault.world.find_user("dan")->name = "dan@example.com";
  auto const id = vault.world.find_user("dan@example.com")->id;
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault add ops dan@example.com done"));
  ASSERT_THAT(grants_of_dan(), SizeIs(1));
  EXPECT_EQ(grants_of_dan()[0].principal_id, id);
  plant.corp.world.leave("ops", "dan");
  EXPECT_THAT(outcomes(plant.run()), ElementsAre("vault remove ops dan@example.com: done"));
}

TEST_F(GivenAnInterruptedProvisioning, WhenTheVaultTookANamesakeThenThatOneIsNotOurs) {
  interrupt(Fate::lost_but_done);
  vault.world.find_user("dan")->dn = "uid=dan,ou=elsewhere,dc=x";
  EXPECT_EQ(plant.run().exit, Exit::failed);
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault add ops dan failed"));
  EXPECT_THAT(grants_of_dan(), IsEmpty());
  ASSERT_THAT(strangers(), SizeIs(1));
  EXPECT_EQ(strangers()[0].change.principal_id, vault.world.find_user("dan")->id);
  EXPECT_EQ(strangers()[0].change.verb, Verb::remove);
  EXPECT_EQ(strangers()[0].reason,
            "dan (uid=dan,ou=elsewhere,dc=x) is in ops, perhaps let in for the name dan of " +
                fake::dn_of_person("dan") +
                "; take that member out by hand, or give them the group in the directory");
  plant.corp.world.leave("ops", "dan");
  EXPECT_THAT(outcomes(plant.run()), ElementsAre("vault remove ops dan: blocked"));
  vault.world.remove("ops", "dan");
  plant.clock.time += std::chrono::minutes{5};
  EXPECT_THAT(outcomes(plant.run()), IsEmpty());
  EXPECT_THAT(strangers(), IsEmpty());
}

TEST_F(GivenAnInterruptedProvisioning, WhenTheDirectoryGivesTheNamesakeTheGroupThenNobodyHasToLookAnyMore) {
  interrupt(Fate::lost_but_done);
  vault.world.find_user("dan")->dn = "uid=dan,ou=elsewhere,dc=x";
  EXPECT_EQ(plant.run().exit, Exit::failed);
  plant.corp.world.drop_person("dan");
  auto& other = plant.corp.world.person("other");
  other.dn = "uid=dan,ou=elsewhere,dc=x";
  other.attributes["uid"] = "dan";
  plant.corp.world.leave("ops", "dan");
  plant.corp.world.groups.at("ops").values.push_back(other.dn);
  plant.clock.time += std::chrono::minutes{5};
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(strangers(), IsEmpty());
  EXPECT_THAT(vault.world.members("ops"), testing::Contains("dan"));
}

TEST_F(GivenAnInterruptedProvisioning, WhenNothingWasDoneThenTheNextRunDoesIt) {
  interrupt(Fate::lost_not_done);
  EXPECT_THAT(outcomes(plant.run()), ElementsAre("vault add ops dan: done"));
  EXPECT_THAT(grants_of_dan(), SizeIs(1));
}

TEST_F(GivenAnInterruptedProvisioning, WhenTheNamesakeIsTakenOutByHandThenNobodyHasToLookAnyMore) {
  interrupt(Fate::lost_but_done);
  vault.world.find_user("dan")->dn = "uid=dan,ou=elsewhere,dc=x";
  plant.run();
  EXPECT_THAT(that_stay(), SizeIs(1));
  vault.world.remove("ops", "dan");
  EXPECT_THAT(that_stay(), IsEmpty());
}

TEST_F(GivenAnInterruptedProvisioning, WhenTheGroupIsNotListedThenTheStrangerStays) {
  interrupt(Fate::lost_but_done);
  vault.world.find_user("dan")->dn = "uid=dan,ou=elsewhere,dc=x";
  plant.run();
  auto const blocked = strangers();
  EXPECT_THAT(strangers_that_stay(blocked, Observed{}, Managed{}), SizeIs(1));
}

TEST_F(GivenAnInterruptedProvisioning, WhenALocalUserHasThatNameThenItIsNoStranger) {
  auto const local = vault.world.user("dan-admin", "");
  vault.world.observed.users[local].source = UserSource::local;
  vault.world.add("ops", "dan-admin");
  interrupt(Fate::lost_not_done);
  plant.run();
  EXPECT_THAT(strangers(), IsEmpty());
}

TEST_F(GivenAnInterruptedProvisioning, WhenAnotherIsLetInThenTakenOutWithAnIntentAndARowOfItsOwn) {
  fate_of("add ops dan", Fate::takes_another);
  std::size_t intents = 0;
  vault.on_send = [this, &intents](Change const& change) {
    if (change.verb == Verb::remove) intents = open().size();
  };
  auto const report = plant.run();
  EXPECT_THAT(outcomes(report), ElementsAre("vault add ops dan: failed"));
  EXPECT_THAT(report.outcomes[0].detail, HasSubstr("dan@other was taken out again"));
  EXPECT_EQ(intents, 2U);
  EXPECT_THAT(plant.audit("change"),
              ElementsAre("vault remove ops dan@other done", "vault add ops dan failed"));
  EXPECT_THAT(vault.world.members("ops"), Not(Contains("dan@other")));
  EXPECT_THAT(strangers(), IsEmpty());
  EXPECT_THAT(open(), IsEmpty());
}

TEST_F(GivenAnInterruptedProvisioning, WhenTheStrangerCannotBeTakenOutThenItIsListed) {
  vault.fate = [](Change const& change) {
    return change.verb == Verb::remove ? Fate::fails : Fate::takes_another;
  };
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_THAT(report.outcomes[0].detail, HasSubstr("taking dan@other out failed: refused by the fake"));
  ASSERT_THAT(strangers(), SizeIs(1));
  EXPECT_EQ(strangers()[0].change.principal, "dan@other");
}

TEST_F(GivenAnInterruptedProvisioning, WhenItDiesBeforeTheStrangerIsTakenOutThenItIsListed) {
  vault.fate = [this](Change const&) {
    plant.journal.fail_from(1);
    return Fate::takes_another;
  };
  EXPECT_FALSE(plant.run_once());
  plant.journal.fail_from(0);
  all_work();
  vault.domains.emplace();  // nobody is let in any more
  plant.run();
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault add ops dan failed"));
  ASSERT_THAT(strangers(), SizeIs(1));
  EXPECT_EQ(strangers()[0].change.principal, "dan@other");
}

}  // namespace
}  // namespace dirsync::engine
