// Servers that count for themselves, played by a script.
#include "ldap/read/change_numbers.hpp"
#include "tests/integration/ldap/completeness_fixture.hpp"
#include "tests/support/ldap/scripted_server.hpp"

namespace dirsync::ldap {
namespace {

using testing::AllOf;
using testing::HasSubstr;

using test::ScriptedLdap;
using Answer = ScriptedLdap::Answer;
using AttributeList = std::vector<std::pair<std::string, std::vector<std::string>>>;

struct GivenCountingServer : CompletenessFixture {
  AttributeList root;                            // of the root DSE
  std::size_t more_groups = 0;                   // that a second search for groups shows a value of
  std::string children = "1";                    // numSubordinates of people
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
  EXPECT_THAT(clause_in(proven, "value-count").detail, HasSubstr("a value after the first 1: 0 have one"));
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
  EXPECT_EQ(snapshot.error().code, SnapshotErrc::entries_cut);
  EXPECT_EQ(proven.failing()->name, "children-count");
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
  std::string asked;                             // bases of the searches below an entry

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
