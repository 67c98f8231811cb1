// What a read proves beside its searches, on real servers and on one that lies.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>

#include "ldap/change_numbers.hpp"
#include "tests/integration/ldap_fixture.hpp"
#include "tests/support/scripted_ldap.hpp"

namespace dirsync::ldap {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr char kPeople[] = "ou=people,dc=example,dc=com", kGroups[] = "ou=groups,dc=example,dc=com";

CertificateClause clause_in(Certificate const& certificate, std::string const& name) {
  auto const found = std::ranges::find(certificate.clauses, name, &CertificateClause::name);
  return found == certificate.clauses.end() ? CertificateClause{name, false, "there is no such clause"}
                                            : *found;
}

struct ProofFixture : LdapFixture {
  /// Reads, and keeps what was proven.
  Result<Snapshot> prove(Settings const& settings) {
    LdapDirectory directory{settings};
    auto snapshot = run(directory.read(query()));
    proven = directory.proven();
    return snapshot;
  }
  Certificate proven;
};

// --- canaries

struct GivenCanaries : ProofFixture {
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

struct GivenChangeNumber : ProofFixture {
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

struct GivenAGoneEntry : ProofFixture {
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

TEST_F(GivenAGoneEntry, WhenACanaryIsSeenThenGone) {
  EXPECT_EQ(look({gone.id, gone.last_dn}, {test::group_dn("staff")}), Presence::gone);
}

TEST_F(GivenAGoneEntry, WhenTheContainerIsHiddenMeanwhileThenUnknown) {
  hide("dn.subtree=\"" + std::string{kPeople} + "\"");
  EXPECT_EQ(look(gone), Presence::unknown);
  EXPECT_EQ(look(gone, {test::person_dn("ann")}), Presence::unknown);
  EXPECT_EQ(look(gone, {test::group_dn("staff")}), Presence::gone);
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

// --- servers that count, played by a script

using test::ScriptedLdap;
using Answer = ScriptedLdap::Answer;
using AttributeList = std::vector<std::pair<std::string, std::vector<std::string>>>;

struct GivenCountingServer : ProofFixture {
  AttributeList root;                            // of the root DSE
  std::size_t more_groups = 0;                // that a second search for groups shows a value of
  std::string children = "1";                 // numSubordinates of people
  std::map<std::string, AttributeList> entries;  // by base, for base-scope reads
  std::function<void()> in_between = [] {};

  Answer answer(ScriptedLdap::Search const& search) {
    constexpr int kBase = 0;
    if (search.base.empty()) return {.entries = {{"", root}}, .paged = false};
    if (auto const found = entries.find(search.base); search.scope == kBase && found != entries.end())
      return {.entries = {{search.base, found->second}}, .paged = false};
    if (search.scope == kBase)
      return {.entries = {{search.base, {{"numSubordinates", {children}}}}}, .paged = false};
    return search.base == kGroups ? groups(search.nth) : people(search.nth);
  }
  /// First the search, then that of the rule, then the second count.
  Answer groups(int nth) {
    in_between();
    AttributeList attributes{{"objectClass", {"groupOfNames"}},
                          {"entryUUID", {test::uuid(100)}},
                          {"member", {test::person_dn("ann")}}};
    if (nth > 2) attributes = {};
    if (nth > 2 && more_groups > 0) attributes = {{"member;range=1-*", {test::person_dn("bob")}}};
    return {.entries = {{test::group_dn("staff"), attributes}}};
  }
  /// First the search, then what it did not ask for.
  static Answer people(int nth) {
    if (nth > 1) return {};
    return {.entries = {{test::person_dn("ann"), {{"entryUUID", {test::uuid(1)}}, {"uid", {"ann"}}}}}};
  }
  void show_csn(std::string const& csn) {
    root = {{"objectClass", {"OpenLDAProotDSE"}}, {"namingContexts", {"dc=example,dc=com"}}};
    entries["dc=example,dc=com"] = {{"contextCSN", {csn}}};
  }
  Result<Snapshot> read_it(Scope scope = Scope::sub) {
    ScriptedLdap const server{[this](ScriptedLdap::Search const& search) { return answer(search); }};
    auto settings = settings_for(server.uri());
    settings.flavour = Flavour::openldap;
    settings.users.scope = scope;
    return prove(settings);
  }
};

TEST_F(GivenCountingServer, WhenItServesNoRangesThenTheClauseSaysSo) {
  root = {{"objectClass", {"OpenLDAProotDSE"}}};
  ASSERT_TRUE(read_it());
  EXPECT_TRUE(clause_in(proven, "value-count").holds);
  EXPECT_THAT(clause_in(proven, "value-count").detail, HasSubstr("offers no second count"));
}

struct GivenServerOfRanges : GivenCountingServer {
  void SetUp() override {
    root = {{"objectClass", {"OpenLDAProotDSE"}}, {"supportedControl", {"1.2.840.113556.1.4.1948"}}};
  }
};

TEST_F(GivenServerOfRanges, WhenNoGroupHasMoreThenThatIsProven) {
  auto const snapshot = read_it();
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_THAT(clause_in(proven, "value-count").detail, HasSubstr("a value after the first 1: none"));
}

TEST_F(GivenServerOfRanges, WhenAListWasCutWithoutAWordThenAnErrorThatNamesTheGroup) {
  more_groups = 1;
  auto const snapshot = read_it();
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, SnapshotErrc::values_cut);
  EXPECT_THAT(snapshot.error().context, HasSubstr(test::group_dn("staff")));
  EXPECT_EQ(proven.failing()->name, "value-count");
}

struct GivenServerThatCountsChildren : GivenCountingServer {
  void SetUp() override { root = {{"objectClass", {"OpenLDAProotDSE"}}}; }
};

TEST_F(GivenServerThatCountsChildren, WhenAllCameThenThatIsProven) {
  auto const snapshot = read_it(Scope::one);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_THAT(clause_in(proven, "children-count").detail, HasSubstr("has 1 children, 0 of another kind"));
}

TEST_F(GivenServerThatCountsChildren, WhenOneIsHiddenThenAnErrorWithBothCounts) {
  children = "2";
  auto const snapshot = read_it(Scope::one);
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, SnapshotErrc::values_cut);
  EXPECT_THAT(snapshot.error().context, AllOf(HasSubstr("there are 2 entries"), HasSubstr("1 came")));
}

TEST_F(GivenServerThatCountsChildren, WhenASubtreeIsReadThenItsBaseIsNotCounted) {
  children = "2";
  EXPECT_TRUE(read_it());
}

TEST_F(GivenCountingServer, WhenItChangesMeanwhileThenTheCertificateSaysSo) {
  show_csn("20260107Z#000000#001#000000");
  in_between = [this] { show_csn("20260109Z#000000#001#000000"); };
  ASSERT_TRUE(read_it());
  EXPECT_THAT(clause_in(proven, "changes-meanwhile").detail, HasSubstr("20260107Z"));
  EXPECT_THAT(proven.change_numbers.values.at("001 of dc=example,dc=com"), HasSubstr("20260109Z"));
}

TEST_F(GivenCountingServer, WhenItGoesBackInTheMiddleThenIncomplete) {
  show_csn("20260107Z#000000#001#000000");
  in_between = [this] { show_csn("20260106Z#000000#001#000000"); };
  auto const snapshot = read_it();
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, SnapshotErrc::incomplete);
  EXPECT_THAT(snapshot.error().context, HasSubstr("20260106Z#000000#001#000000 now"));
}

// --- change numbers of other servers, played by a script

struct GivenServerOfAnotherKind : LdapFixture {
  std::map<std::string, AttributeList> entries;  // by base
  std::string asked;                          // bases of the searches below an entry

  ChangeNumbers numbers() {
    ScriptedLdap const server{[this](ScriptedLdap::Search const& search) -> Answer {
      auto const found = entries.find(search.base);
      if (found == entries.end()) return {.result = 32, .paged = false};
      if (search.scope == 2) asked += search.base;
      return {.entries = {{search.base, found->second}}, .paged = false};
    }};
    Stop stop;
    auto const settings = settings_for(server.uri());
    auto connection = Connection::open(settings, stop);
    EXPECT_TRUE(connection) << text(connection.error());
    auto const numbers = read_change_numbers(*connection, settings);
    EXPECT_TRUE(numbers) << text(numbers.error());
    return numbers ? *numbers : ChangeNumbers{};
  }
};

TEST_F(GivenServerOfAnotherKind, WhenItIsActiveDirectoryThenItsUsnUnderItsInvocation) {
  entries[""] = {{"highestCommittedUSN", {"4711"}}, {"dsServiceName", {"cn=NTDS,dc=example,dc=com"}}};
  EXPECT_EQ(numbers(), (ChangeNumbers{"highestCommittedUSN of cn=NTDS,dc=example,dc=com", {{"", "4711"}}}));
  entries["cn=NTDS,dc=example,dc=com"] = {{"invocationId", {std::string{"\x01\xfe", 2}}}};
  EXPECT_EQ(numbers(), (ChangeNumbers{"highestCommittedUSN of invocation 01fe", {{"", "4711"}}}));
}

TEST_F(GivenServerOfAnotherKind, WhenItIsAReplicaOf389ThenItsUpdateVector) {
  entries[""] = {{"vendorName", {"389 Project"}},
                 {"namingContexts", {"dc=com", "dc=example,dc=com", "o=other"}},
                 {"lastchangenumber", {"7"}}};
  entries["dc=example,dc=com"] = {{"nsds50ruv",
                                   {"{replicageneration} 5f00", "{replica 1 ldap://a:389} 5f01 5f0a",
                                    "{replica 2 ldap://b:389}", "{replica 3 ldap://c:389} 5f02 5f0b"}}};
  EXPECT_EQ(numbers(),
            (ChangeNumbers{"RUV of generation 5f00", {{"replica 1", "5f0a"}, {"replica 3", "5f0b"}}}));
  EXPECT_EQ(asked, "dc=example,dc=com");
}

TEST_F(GivenServerOfAnotherKind, WhenItIsA389AloneThenTheLastNumberOfItsChangelog) {
  entries[""] = {{"vendorName", {"389 Project"}},
                 {"namingContexts", {"dc=example,dc=com"}},
                 {"lastchangenumber", {"7"}},
                 {"netscapemdsuffix", {"cn=ldap://a:389"}}};
  EXPECT_EQ(numbers(), (ChangeNumbers{"lastChangeNumber of cn=ldap://a:389", {{"", "7"}}}));
  entries[""].erase(entries[""].begin() + 2);
  EXPECT_EQ(numbers(), ChangeNumbers{});
}

TEST_F(GivenServerOfAnotherKind, WhenItIsAMultiProviderSetThenANumberForEachServer) {
  entries[""] = {{"namingContexts", {"dc=example,dc=com"}}};
  entries["dc=example,dc=com"] = {
      {"contextCSN",
       {"20260101000000.000000Z#000000#001#000000", "20260102000000.000000Z#000000#002#000000", "odd"}}};
  auto const found = numbers();
  EXPECT_EQ(found.source, "contextCSN");
  ASSERT_EQ(found.values.size(), 2U);
  EXPECT_EQ(found.values.at("002 of dc=example,dc=com"), "20260102000000.000000Z#000000#002#000000");
}

}  // namespace
}  // namespace dirsync::ldap
