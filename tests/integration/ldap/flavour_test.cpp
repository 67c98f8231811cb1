#include <gmock/gmock.h>

#include "ldap/flavour.hpp"
#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/ldap/scripted_server.hpp"

namespace dirsync::ldap {
namespace {

using test::ScriptedLdap;
using testing::HasSubstr;
using Answer = ScriptedLdap::Answer;
using Entry = ScriptedLdap::Entry;
using Search = ScriptedLdap::Search;

/// "00000064-00000064-00000064-00000064" for 100.
std::string ns_unique_id(unsigned number) {
  char text[36];
  std::snprintf(text, sizeof text, "%08x-%08x-%08x-%08x", number, number, number, number);
  return text;
}

Entry root_dse(std::vector<std::pair<std::string, std::string>> const& marks) {
  Entry entry{"", {{"objectClass", {"top"}}}};
  for (auto const& [name, value] : marks) entry.attributes.push_back({name, {value}});
  return entry;
}

struct RootDse {
  std::vector<std::pair<std::string, std::string>> marks;
  Flavour configured;
  Flavour found;  // automatic: an error with `words`
  std::string words{};
};
struct GivenARootDse : LdapFixture, testing::WithParamInterface<RootDse> {};

TEST_P(GivenARootDse, WhenReadThenTheFlavourIsFoundOrTheContradictionNamed) {
  ScriptedLdap const server{[](Search const& search) -> Answer {
    if (search.base.empty()) return {.entries = {root_dse(GetParam().marks)}, .paged = false};
    if (search.scope == ScriptedLdap::kBase) return {.entries = {{search.base, {}}}, .paged = false};
    return {};
  }};
  auto settings = settings_for(server.uri());
  settings.flavour = GetParam().configured;
  auto const snapshot = read(settings);
  if (GetParam().found == Flavour::automatic) {
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().code, LdapErrc::wrong_flavour) << text(snapshot.error());
    EXPECT_THAT(snapshot.error().context, HasSubstr(GetParam().words));
    return;
  }
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  std::string ids;
  for (auto const& clause : snapshot->certificate().clauses)
    if (clause.name == "ids") ids = clause.detail;
  EXPECT_THAT(ids, HasSubstr(std::string{traits_of(GetParam().found).id_attribute}));
}

INSTANTIATE_TEST_SUITE_P(
    Marks, GivenARootDse,
    testing::Values(
        RootDse{{{"objectClass", "OpenLDAProotDSE"}}, Flavour::automatic, Flavour::openldap},
        RootDse{{{"vendorName", "389 Project"}}, Flavour::automatic, Flavour::ds389},
        RootDse{{{"vendorVersion", "389-Directory/2.3.1 B2023.016"}}, Flavour::automatic, Flavour::ds389},
        RootDse{{{"rootDomainNamingContext", "dc=x"}}, Flavour::automatic, Flavour::active_directory},
        RootDse{{{"supportedCapabilities", "1.2.840.113556.1.4.800"}},
                Flavour::automatic,
                Flavour::active_directory},
        RootDse{{{"objectClass", "OpenLDAProotDSE"}}, Flavour::openldap, Flavour::openldap},
        RootDse{{{"vendorName", "Another Maker"}}, Flavour::ds389, Flavour::ds389},
        RootDse{{}, Flavour::active_directory, Flavour::active_directory},
        RootDse{{{"vendorName", "Another Maker"}},
                Flavour::automatic,
                Flavour::automatic,
                "set the directory's flavour"},
        RootDse{{{"vendorName", "389 Project"}, {"rootDomainNamingContext", "dc=x"}},
                Flavour::automatic,
                Flavour::automatic,
                "set the directory's flavour"},
        RootDse{{{"vendorName", "389 Project"}},
                Flavour::openldap,
                Flavour::automatic,
                "flavour = \"openldap\" is configured, but the root DSE is that of \"389ds\""},
        RootDse{{{"objectClass", "OpenLDAProotDSE"}},
                Flavour::active_directory,
                Flavour::automatic,
                "flavour = \"ad\" is configured, but the root DSE is that of \"openldap\""}));

struct GivenAHiddenRootDse : LdapFixture {
  Result<Snapshot> read_as(Flavour flavour) {
    ScriptedLdap const server{[](Search const& search) -> Answer {
      if (search.base.empty()) return {.result = 50, .paged = false};
      if (search.scope == ScriptedLdap::kBase) return {.entries = {{search.base, {}}}, .paged = false};
      return {};
    }};
    auto settings = settings_for(server.uri());
    settings.flavour = flavour;
    return read(settings);
  }
};

TEST_F(GivenAHiddenRootDse, WhenTheFlavourIsConfiguredThenItHolds) {
  auto const snapshot = read_as(Flavour::ds389);
  EXPECT_TRUE(snapshot) << text(snapshot.error());
  auto const unknown = read_as(Flavour::automatic);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, LdapErrc::not_readable);
}

struct GivenA389Server : LdapFixture {
  static Entry group(unsigned number, std::vector<std::string> const& members) {
    return {test::group_dn("g" + std::to_string(number)),
            {{"objectClass", {"top", "groupOfUniqueNames"}},
             {"nsUniqueId", {ns_unique_id(number)}},
             {"uniqueMember", members}}};
  }

  /// `groups`: answers of the search for all groups, page by page; the last one for ever.
  Result<Snapshot> read_pages(std::vector<Answer> groups) {
    ScriptedLdap const server{[pages = std::move(groups)](Search const& search) -> Answer {
      if (search.base.empty())
        return {.entries = {root_dse({{"vendorName", "389 Project"}})}, .paged = false};
      if (search.scope == ScriptedLdap::kBase) return {.entries = {{search.base, {}}}, .paged = false};
      if (search.base == kGroups && search.filter.find("(cn=*)") == std::string::npos)
        return pages[std::min<std::size_t>(static_cast<std::size_t>(search.nth), pages.size()) - 1];
      if (search.base == kGroups) return {};
      return {.entries = {{test::person_dn("ann"), {{"nsUniqueId", {ns_unique_id(1)}}, {"uid", {"ann"}}}}}};
    }};
    return read(settings_for(server.uri()));
  }
};

TEST_F(GivenA389Server, WhenPagesShareACookieThenAllAreRead) {
  auto const snapshot =
      read_pages({{.entries = {group(100, {test::person_dn("ann") + "#'01'B"})}, .cookie = "0"},
                  {.entries = {group(101, {})}, .cookie = "0"},
                  {.entries = {group(102, {test::group_dn("g100")})}}});
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->groups().size(), 3U);
  auto const first = snapshot->group_by_id(EntryId{ns_unique_id(100)});
  ASSERT_TRUE(first);
  EXPECT_EQ(snapshot->members(*first).people.size(), 1U);
  EXPECT_TRUE(snapshot->group_by_id(EntryId{ns_unique_id(101)}));  // empty, which its schema allows
}

TEST_F(GivenA389Server, WhenAPageComesForEverThenBadAnswer) {
  auto const snapshot = read_pages({{.entries = {group(100, {})}, .cookie = "0"}});
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, LdapErrc::bad_answer) << text(snapshot.error());
}

TEST_F(GivenA389Server, WhenEmptyPagesComeForEverThenBadAnswer) {
  auto const snapshot = read_pages({{.entries = {group(100, {})}, .cookie = "0"}, {.cookie = "0"}});
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, LdapErrc::bad_answer) << text(snapshot.error());
}

TEST_F(GivenA389Server, WhenAnEntryHasAnIdOfAnotherKindThenBadAnswer) {
  auto other = group(100, {});
  other.attributes[1].second = {test::uuid(100)};
  auto const snapshot = read_pages({{.entries = {other}}});
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code, LdapErrc::bad_answer);
  EXPECT_THAT(snapshot.error().context, HasSubstr("malformed nsUniqueId"));
}

}  // namespace
}  // namespace dirsync::ldap
