// What becomes of changes whose outcome nobody recorded.
#include "tests/unit/engine/given_vault.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST_F(GivenVault, WhenACreationIsInterruptedAndAGroupOfThatNameIsAnothersThenItIsNotOurs) {
  plant.corp.world.group("web", {"cid"});
  fate_of("create-group web", Fate::lost_not_done);
  plant.run();
  all_work();
  vault.world.group("web");  // by somebody else, without our mark
  EXPECT_THAT(outcomes(plant.run()), ElementsAre("vault create-group web: blocked"));
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault create-group web failed"));
  EXPECT_THAT(plant.journal.audit.back().detail, Not(HasSubstr("it was done")));
  for (auto const& group : plant.journal.managed("vault").value().groups) EXPECT_NE(group.group, "web");
  EXPECT_THAT(vault.world.members("web"), IsEmpty());
  EXPECT_THAT(open(), IsEmpty());
}

/// Bob left, and nobody knows whether the removal was done.
struct GivenAnInterruptedRemoval : GivenVault {
  void SetUp() override {
    GivenVault::SetUp();
    plant.corp.world.leave("ops", "bob");
    fate_of("remove ops bob", Fate::lost_not_done);
    vault.look_failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
    plant.run();
    ASSERT_THAT(open(), SizeIs(1));
    all_work();
  }
  void expect_still_open() {
    plant.run();
    EXPECT_THAT(open(), SizeIs(1));
    EXPECT_THAT(plant.audit("recovered"), IsEmpty());
    EXPECT_EQ(grants(), 2U);
  }
};

TEST_F(GivenAnInterruptedRemoval, WhenTheGroupIsHiddenAndCannotBeReadThenItStaysOpen) {
  vault.hidden.insert("ops");
  expect_still_open();
}

TEST_F(GivenAnInterruptedRemoval, WhenTheHiddenGroupCanBeReadByItselfThenThatTells) {
  vault.look_failure.reset();
  vault.hidden.insert("ops");
  plant.run();
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault remove ops bob failed"));
  EXPECT_EQ(grants(), 2U);
}

/// What a Vault says of a group out of sight it says of a deleted one: nothing is settled by that.
TEST_F(GivenAnInterruptedRemoval, WhenTheGroupIsOutOfSightThenItStaysOpenUntilItIsSeen) {
  vault.look_failure.reset();
  vault.out_of_sight.insert("ops");
  expect_still_open();
  vault.out_of_sight.clear();
  plant.run();
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault remove ops bob failed"));
  EXPECT_THAT(open(), IsEmpty());
}

TEST_F(GivenAnInterruptedRemoval, WhenAnotherGroupBearsTheNameThenTheGroupWasDeletedAndNobodyIsInIt) {
  vault.look_failure.reset();
  std::erase_if(vault.world.observed.groups, [](TargetGroup const& group) { return group.name == "ops"; });
  vault.world.group("OPS");
  plant.run();
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault remove ops bob done"));
  EXPECT_THAT(open(), IsEmpty());
}

/// A page that changed while it was read, a server that lags behind: the list lacks who is there.
TEST_F(GivenVault, WhenTheListLacksTheMemberOfAnInterruptedAdditionThenALookFindsThatItIsOurs) {
  plant.corp.world.join("ops", "cid");
  fate_of("add ops cid", Fate::lost_but_done);
  vault.look_failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  plant.run();
  ASSERT_THAT(open(), SizeIs(1));
  all_work();
  vault.look_failure.reset();
  vault.on_read = [](Observed& observed) { observed.groups.at(0).users.pop_back(); };
  plant.run();
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault add ops cid done"));
  vault.on_read = [](Observed&) {};
  plant.corp.world.leave("ops", "cid");
  plant.run();
  EXPECT_THAT(vault.world.members("ops"), Not(Contains("cid")));
}

TEST_F(GivenAnInterruptedRemoval, WhenTheListLacksTheMemberThenALookFindsThatTheyAreStillThere) {
  vault.look_failure.reset();
  vault.on_read = [](Observed& observed) { observed.groups.at(0).users.pop_back(); };
  plant.run();
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault remove ops bob failed"));
  vault.on_read = [](Observed&) {};
  plant.run();
  EXPECT_THAT(vault.world.members("ops"), Not(Contains("bob")));
}

struct GivenBrokenJournal : GivenVault {
  void SetUp() override {
    GivenVault::SetUp();
    plant.corp.world.group("web", {"cid"});
    plant.corp.world.join("ops", "cid");
    plant.corp.world.leave("ops", "bob");
  }
};

TEST_F(GivenBrokenJournal, WhenItFailsAtAnyStepThenNoCallIsSentAfterIt) {
  auto const start = plant.journal;
  auto const world = vault.world;
  int steps = 0;
  for (int step = 1;; ++step) {
    plant.forget_calls();
    std::size_t sent_after_failure = 0;
    vault.on_send = [this, &sent_after_failure](Change const&) {
      sent_after_failure += plant.journal.failed();
    };
    plant.journal.fail_from(step);
    auto const result = plant.run_once();
    if (!plant.journal.failed()) {
      EXPECT_TRUE(result.has_value());
      break;
    }
    steps = step;
    EXPECT_FALSE(result.has_value()) << "step " << step;
    EXPECT_EQ(sent_after_failure, 0U) << "step " << step;

    // P5: from here the next run comes to the same end, and the one after it writes nothing.
    plant.journal.fail_from(0);
    EXPECT_EQ(plant.run().exit, Exit::done) << "step " << step;
    EXPECT_EQ(vault.world.members("ops"), (std::set<std::string>{"ann", "cid"})) << "step " << step;
    EXPECT_EQ(vault.world.members("web"), (std::set<std::string>{"cid"})) << "step " << step;
    EXPECT_EQ(grants(), 3U) << "step " << step;
    EXPECT_THAT(open(), IsEmpty()) << "step " << step;
    plant.forget_calls();
    EXPECT_EQ(plant.run().exit, Exit::done) << "step " << step;
    EXPECT_EQ(plant.writes(), 0U) << "step " << step;

    plant.journal = start;
    vault.world = world;
  }
  EXPECT_GT(steps, 15);
}

TEST_F(GivenVault, WhenTheProcessDiedBetweenCallAndOutcomeThenTheNextStartRecordsIt) {
  plant.corp.world.join("ops", "cid");
  plant.corp.world.leave("ops", "bob");
  // The journal dies when the first outcome is due: nobody writes anything down any more.
  bool first = true;
  vault.on_send = [this, &first](Change const&) {
    if (std::exchange(first, false)) plant.journal.fail_from(1);
  };
  EXPECT_FALSE(plant.run_once().has_value());
  EXPECT_THAT(vault.sent(), ElementsAre("add ops cid"));
  plant.journal.fail_from(0);
  vault.on_send = [](Change const&) {};
  ASSERT_THAT(open(), SizeIs(1));
  auto const sender = open()[0].run;
  plant.forget_calls();

  auto const planned = plant.plan_only();
  EXPECT_THAT(outcomes(planned), ElementsAre("vault remove ops bob: planned"));
  EXPECT_THAT(open(), SizeIs(1));
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(vault.sent(), ElementsAre("remove ops bob"));
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault add ops cid done"));
  auto const row = std::ranges::find(plant.journal.audit, "recovered", &AuditRow::phase);
  EXPECT_EQ(row->run, sender);
  EXPECT_EQ(grants(), 2U);
  EXPECT_EQ(plant.monitor.count("change_recovered"), 1);
}

TEST_F(GivenVault, WhenItDiedBeforeTheCallArrivedThenTheNextRunSendsIt) {
  plant.corp.world.join("ops", "cid");
  vault.on_send = [this](Change const&) { plant.journal.fail_from(1); };
  fate_of("add ops cid", Fate::lost_not_done);
  EXPECT_FALSE(plant.run_once().has_value());
  plant.journal.fail_from(0);
  vault.on_send = [](Change const&) {};
  all_work();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault add ops cid failed"));
  EXPECT_THAT(vault.world.members("ops"), Contains("cid"));
}

TEST_F(GivenVault, WhenItDiedInARenameThenTheNewNameTells) {
  plant.corp.world.groups.at("ops").attributes["cn"] = "operations";
  vault.on_send = [this](Change const&) { plant.journal.fail_from(1); };
  EXPECT_FALSE(plant.run_once().has_value());
  plant.journal.fail_from(0);
  vault.on_send = [](Change const&) {};
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault rename-group ops done"));
}

TEST_F(GivenVault, WhenChangesByHandWereInterruptedThenTheNextRunLooksThemUpAndNoneBecomesOurs) {
  vault.world.group("handmade");
  Change made;
  made.target = "vault";
  made.verb = Verb::create_group;
  made.group = "handmade";
  Change edited = made;
  edited.verb = Verb::update_group;
  edited.group_id = vault.world.find_group("handmade")->id;
  Change lost = made;
  lost.group = "nowhere";
  auto const by_hand = plant.journal.begin_run({plant.clock.time, "console", "uid:1 (ann)", ""}).value();
  std::vector<Change> const batch{made, edited, lost};
  ASSERT_TRUE(plant.journal.intend(by_hand, PlanDigest{""}, "uid:1 (ann)", batch));
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.audit("recovered"),
              ElementsAre("vault create-group handmade done", "vault update-group handmade unknown",
                          "vault create-group nowhere failed"));
  EXPECT_THAT(open(), IsEmpty());
  EXPECT_THAT(vault.sent(), IsEmpty());
  for (auto const& group : plant.journal.managed("vault").value().groups) EXPECT_NE(group.group, "handmade");
}

TEST_F(GivenVault, WhenTheMakingOfAUserWasInterruptedThenTheGrantHasTheirId) {
  Change made;
  made.target = "vault";
  made.verb = Verb::add;
  made.group = "ops";
  made.group_id = vault.world.find_group("ops")->id;
  made.principal = "cid";
  made.id = EntryId{"p-cid"};
  made.rule = "vault";
  plant.corp.world.join("ops", "cid");
  vault.world.add("ops", "cid");
  auto const earlier = plant.journal.begin_run({plant.clock.time, "sync", "uid:1 (ann)", ""}).value();
  ASSERT_TRUE(plant.journal.intend(earlier, PlanDigest{""}, "uid:1 (ann)", std::vector<Change>{made}));
  plant.run();
  auto const grants = plant.journal.managed("vault").value().grants;
  auto const cids = std::ranges::find(grants, EntryId{"p-cid"}, &Grant::id);
  ASSERT_NE(cids, grants.end());
  EXPECT_EQ(cids->principal_id, vault.world.find_user("cid")->id);
}

/// The LDAP group linux itself is in the Vault group linux, and has just moved.
struct GivenAReplacement : GivenVault {
  void SetUp() override {
    GivenVault::SetUp();
    auto& rule = plant.rule("vault");
    rule.selection = MatchingGroups{"(cn=linux)"};
    rule.as = MembersAs::group;
    rule.adopt = true;
    plant.accept_settings();
    rule.limits.empty_group = Limits::OnEmpty::hold;
    plant.setup.targets[0].replace_stale_groups = true;
    plant.corp.world.group("linux", {"ann"});
    vault.world.group("linux");
    vault.world.directory_group("LDAP linux", fake::dn_of_group("linux"));
    EXPECT_EQ(plant.run().exit, Exit::done);
    rule.adopt = false;  // from now on only what a run did is ours
    plant.accept_settings();
    auto const moved = "cn=linux,ou=moved,dc=x";
    plant.corp.world.groups.at("linux").dn = moved;
    vault.world.directory_group("LDAP linux 2", moved);
    plant.forget_calls();
    plant.journal.audit.clear();
  }
  std::vector<std::string> nested() {
    std::vector<std::string> ids;
    for (auto const& grant : plant.journal.managed("vault").value().grants)
      if (is_group_principal(grant.principal_id)) ids.push_back(grant.principal);
    return ids;
  }
  void die_after_the_call() {
    vault.on_send = [this](Change const&) { plant.journal.fail_from(1); };
    EXPECT_FALSE(plant.run_once().has_value());
    plant.journal.fail_from(0);
    vault.on_send = [](Change const&) {};
  }
  static std::vector<std::string> foreign(Report const& report) {
    std::vector<std::string> names;
    for (auto const& notice : report.plan.targets.at("vault").notices)
      if (notice.code == "foreign") names.push_back(notice.principal);
    return names;
  }
};

TEST_F(GivenAReplacement, WhenItDiedAfterTheSuccessorThenBothAreOursAndTheOldOneGoes) {
  die_after_the_call();
  EXPECT_THAT(vault.sent(), ElementsAre("add linux LDAP linux 2"));
  auto const next = plant.run();
  EXPECT_THAT(outcomes(next), ElementsAre("vault remove linux LDAP linux: done"));
  EXPECT_THAT(foreign(next), IsEmpty());
  EXPECT_THAT(nested(), ElementsAre("LDAP linux 2"));
}

TEST_F(GivenAReplacement, WhenItDiedAfterTheOldOneThenTheSuccessorIsStillOurs) {
  EXPECT_THAT(outcomes(plant.run()), ElementsAre("vault add linux LDAP linux 2: done"));
  die_after_the_call();
  auto const next = plant.run();
  EXPECT_THAT(outcomes(next), IsEmpty());
  EXPECT_THAT(foreign(next), IsEmpty());
  EXPECT_THAT(nested(), ElementsAre("LDAP linux 2"));
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault remove linux LDAP linux done"));
}

TEST_F(GivenAReplacement, WhenGroupsWereProvisionedAsItDiedThenEachIsKnownByItsNumber) {
  vault.world.find_group("LDAP linux 2")->dn = "cn=another,dc=elsewhere";
  plant.corp.world.groups.at("linux").attributes["sAMAccountName"] = "unix";
  plant.setup.targets[0].domains = {{"", "example.com"}};
  die_after_the_call();
  EXPECT_THAT(vault.sent(), ElementsAre("add linux unix"));
  plant.run();
  auto const made =
      std::ranges::find(vault.world.observed.groups, "cn=linux,ou=moved,dc=x", &TargetGroup::dn);
  ASSERT_NE(made, vault.world.observed.groups.end());
  auto const grants = plant.journal.managed("vault").value().grants;
  EXPECT_EQ(std::ranges::count(grants, group_principal_id(made->id), &Grant::principal_id), 1);
}

TEST_F(GivenVault, WhenTheTargetIsUnreadThenOpenIntentsStayOpen) {
  plant.corp.world.join("ops", "cid");
  vault.on_send = [this](Change const&) { plant.journal.fail_from(1); };
  EXPECT_FALSE(plant.run_once().has_value());
  plant.journal.fail_from(0);
  vault.read_failure = Error{make_error_code(boost::system::errc::connection_refused), "down"};
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_THAT(open(), SizeIs(1));
}

}  // namespace
}  // namespace dirsync::engine
