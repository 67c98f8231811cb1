// What a read proves beside its searches, on a real slapd.
#include "tests/integration/ldap/completeness_fixture.hpp"

namespace dirsync::ldap {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// --- canaries

struct GivenCanaries : CompletenessFixture {
  void SetUp() override { slapd.emplace(options()); }
  static test::Slapd::Options options() {
    return {.ldif = small_ldif() + test::ldif_person("canary", 2) +
                    "dn: cn=lamp,dc=example,dc=com\nobjectClass: device\ncn: lamp\n\n"};
  }
  Settings with_canaries(std::vector<std::string> dns) const {
    auto settings = this->settings();
    settings.canaries = std::move(dns);
    return settings;
  }
  Settings all() const {
    return with_canaries({test::person_dn("canary"), test::group_dn("staff"), "CN=Lamp, dc=example,dc=com"});
  }
  void hide(std::string const& rule) {
    auto hiding = options();
    hiding.access.insert(hiding.access.begin(), rule);
    slapd->reconfigure(hiding);
  }
  void expect_missing(Settings const& settings, std::string const& dn, std::string const& how) {
    auto const snapshot = prove(settings);
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().code, SnapshotErrc::canary) << text(snapshot.error());
    EXPECT_THAT(snapshot.error().context,
                AllOf(HasSubstr(dn), HasSubstr(how), HasSubstr("[directory.corp]")));
    ASSERT_NE(proven.failing(), nullptr);
    EXPECT_EQ(proven.failing()->name, "canary");
    EXPECT_EQ(proven.server, slapd->uri());
  }
};

TEST_F(GivenCanaries, WhenAllAreSeenThenAClauseOfTheCertificate) {
  auto const snapshot = prove(all());
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_TRUE(snapshot->certificate().complete());
  EXPECT_THAT(clause_in(snapshot->certificate(), "canary").detail, HasSubstr("3 seen"));
}

TEST_F(GivenCanaries, WhenNoneAreConfiguredThenNoClause) {
  auto const snapshot = prove(settings());
  ASSERT_TRUE(snapshot);
  EXPECT_FALSE(clause_in(snapshot->certificate(), "canary").holds);
}

TEST_F(GivenCanaries, WhenARuleHidesOneThenItIsNamedAndTheRestWasProven) {
  hide("access to dn.exact=\"" + test::person_dn("canary") + "\" by * none");
  expect_missing(all(), test::person_dn("canary"), "by a read of its own entry");
  EXPECT_TRUE(clause_in(proven, "result-codes").holds);
  EXPECT_TRUE(clause_in(proven, "base-readable").holds);
}

TEST_F(GivenCanaries, WhenARuleHidesAnEntryOfAnotherKindThenItIsNamed) {
  hide("access to dn.exact=\"cn=lamp,dc=example,dc=com\" by * none");
  expect_missing(all(), "CN=Lamp, dc=example,dc=com", "by a read of its own entry");
}

TEST_F(GivenCanaries, WhenItDoesNotExistThenItIsNamed) {
  expect_missing(with_canaries({test::person_dn("nobody")}), test::person_dn("nobody"), "canaries");
}

TEST_F(GivenCanaries, WhenTheServerFailsTheReadOfOneThenThatErrorAndNotAMissingCanary) {
  auto const broken = with_canaries({"no dn"});
  auto const snapshot = prove(broken);
  ASSERT_FALSE(snapshot);
  EXPECT_NE(snapshot.error().code, SnapshotErrc::canary) << text(snapshot.error());
}

// --- change numbers of a real slapd

struct GivenChangeNumber : CompletenessFixture {
  void SetUp() override { slapd.emplace(options(small_ldif())); }
  static test::Slapd::Options options(std::string ldif) {
    return {.ldif = std::move(ldif),
            .global_lines = {"moduleload syncprov"},
            .database_lines = {"overlay syncprov", "syncprov-checkpoint 1 1"}};
  }
  ChangeNumbers numbers(Settings const& settings) {
    auto const snapshot = prove(settings);
    EXPECT_TRUE(snapshot) << text(snapshot.error());
    return snapshot ? snapshot->certificate().change_numbers : ChangeNumbers{};
  }
  void change(test::Slapd& server, std::string const& text) {
    server.modify("dn: " + test::person_dn("ann") +
                  "\nchangetype: modify\nreplace: description\ndescription: " + text + "\n");
  }
};

TEST_F(GivenChangeNumber, WhenNothingChangesThenEqualAndAfterAChangeLarger) {
  auto const first = numbers(settings());
  EXPECT_EQ(first.source, "contextCSN");
  ASSERT_EQ(first.values.size(), 1U);
  EXPECT_EQ(first.values.begin()->first, "000 of dc=example,dc=com");
  EXPECT_EQ(numbers(settings()), first);
  change(*slapd, "one");
  auto const second = numbers(settings());
  EXPECT_NE(second, first);
  EXPECT_EQ(went_back(first, second), "");
}

TEST_F(GivenChangeNumber, WhenAnOlderBackupIsRestoredThenItWentBack) {
  change(*slapd, "before the backup");
  auto const backup = slapd->backup();
  change(*slapd, "after it");
  auto const latest = numbers(settings());
  slapd->restore(backup);
  EXPECT_THAT(went_back(latest, numbers(settings())), HasSubstr("000 of dc=example,dc=com"));
}

TEST_F(GivenChangeNumber, WhenAnotherServerLagsBehindThenItWentBackAndOnceItCaughtUpNoMore) {
  change(*slapd, "before the copy");
  test::Slapd lagging{options(slapd->backup())};
  change(*slapd, "not yet there");
  auto const ahead = numbers(settings());
  auto behind = settings();
  behind.uris = {lagging.uri()};
  EXPECT_NE(went_back(ahead, numbers(behind)), "");
  lagging.restore(slapd->backup());
  EXPECT_EQ(went_back(ahead, numbers(behind)), "");
}

TEST_F(GivenChangeNumber, WhenTheServerHidesItThenNotOffered) {
  auto hiding = options({});
  hiding.access.insert(hiding.access.begin(), "access to attrs=contextCSN by * none");
  slapd->reconfigure(hiding);
  EXPECT_EQ(numbers(settings()), ChangeNumbers{});
}

// --- the closer look

struct GivenAGoneEntry : CompletenessFixture {
  EntryProbe const gone{EntryId{test::uuid(9)}, test::person_dn("gone"), {test::person_dn("ann")}};
  void SetUp() override { slapd.emplace(test::Slapd::Options{.ldif = small_ldif()}); }
  Presence look(EntryProbe const& probe, std::vector<std::string> canaries = {}) {
    auto settings = this->settings();
    settings.canaries = std::move(canaries);
    LdapDirectory directory{settings};
    auto const answers = run(directory.look_for({probe}));
    EXPECT_TRUE(answers) << text(answers.error());
    return answers ? answers->at(0) : Presence::unknown;
  }
  void hide(std::string const& what) {
    slapd->reconfigure({.access = {"access to " + what + " by * none", "access to * by * read"}});
  }
};

TEST_F(GivenAGoneEntry, WhenANeighbourIsSeenThenGone) { EXPECT_EQ(look(gone), Presence::gone); }

TEST_F(GivenAGoneEntry, WhenNobodyVouchesThenUnknown) {
  EXPECT_EQ(look({gone.id, gone.last_dn}), Presence::unknown);
}

TEST_F(GivenAGoneEntry, WhenACanaryOfItsContainerIsSeenThenGone) {
  EXPECT_EQ(look({gone.id, gone.last_dn}, {"UID=ann, " + std::string{kPeople}}), Presence::gone);
}

TEST_F(GivenAGoneEntry, WhenACanaryOfAnotherContainerIsSeenThenUnknown) {
  EXPECT_EQ(look({gone.id, gone.last_dn}, {test::group_dn("staff")}), Presence::unknown);
}

TEST_F(GivenAGoneEntry, WhenTheContainerIsHiddenMeanwhileThenUnknown) {
  hide("dn.subtree=\"" + std::string{kPeople} + "\"");
  EXPECT_EQ(look(gone), Presence::unknown);
  EXPECT_EQ(look(gone, {test::person_dn("ann")}), Presence::unknown);
  EXPECT_EQ(look(gone, {test::group_dn("staff")}), Presence::unknown);
}

TEST_F(GivenAGoneEntry, WhenThatNeighbourIsHiddenThenAnotherMaySpeak) {
  hide("dn.exact=\"" + test::person_dn("ann") + "\"");
  EXPECT_EQ(look(gone), Presence::unknown);
  auto probe = gone;
  probe.beside.push_back(kPeople);
  EXPECT_EQ(look(probe), Presence::gone);
}

TEST_F(GivenAGoneEntry, WhenARuleHidesAnEntryThatIsThereThenALookAloneCanNotTell) {
  // What an access rule hides is answered like what is gone; that is why looks serve a few entries of a run.
  hide("dn.exact=\"" + test::person_dn("ann") + "\"");
  EXPECT_EQ(look({EntryId{test::uuid(1)}, test::person_dn("ann"), {kPeople}}), Presence::gone);
}

}  // namespace
}  // namespace dirsync::ldap
