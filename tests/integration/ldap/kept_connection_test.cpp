// Looks at single entries of a real slapd, one after another on one connection.
#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <iterator>

#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/net/tcp_proxy.hpp"
#include "tests/support/process/process.hpp"

namespace dirsync::ldap {
namespace {

using test::TcpProxy;
using testing::ElementsAre;

EntryId const kKeptAnn{test::uuid(1)};
EntryId const kKeptStaff{test::uuid(100)};

struct GivenLooksInARow : LdapFixture {
  void start(std::vector<std::string> global_lines = {}) {
    slapd.emplace(test::Slapd::Options{.ldif = small_ldif(), .global_lines = std::move(global_lines)});
    proxy.emplace(slapd->port(), TcpProxy::Fault::none, 0);
  }
  /// Through the proxy, which counts connections; searches of the schema are counted as well.
  Settings counted() {
    auto settings = settings_for("ldap://127.0.0.1:" + std::to_string(proxy->port()));
    settings.connections = 1;
    settings.on_search = [this](SearchEvent const& event) {
      if (event.filter.find("subschema") != std::string::npos) ++schema_searches;
    };
    return settings;
  }
  void expect_ann(LdapDirectory& directory) {
    auto const some = run(directory.read_people(query(), {kKeptAnn}));
    ASSERT_TRUE(some) << text(some.error());
    EXPECT_EQ(some->people().size(), 1U);
  }
  /// Open files of slapd: each connection is one.
  std::ptrdiff_t open_files() const {
    auto const folder = "/proc/" + std::to_string(slapd->pid()) + "/fd";
    return std::distance(std::filesystem::directory_iterator{folder}, std::filesystem::directory_iterator{});
  }

  std::optional<TcpProxy> proxy;
  std::atomic<int> schema_searches = 0;
};

TEST_F(GivenLooksInARow, WhenOneFollowsAnotherThenOverOneConnectionAndTheSchemaIsNotAskedForAgain) {
  start();
  LdapDirectory directory{counted()};
  expect_ann(directory);
  auto const searches = schema_searches.load();
  EXPECT_GT(searches, 0);
  expect_ann(directory);
  auto const groups = run(directory.read_groups(query(), {kKeptStaff}));
  ASSERT_TRUE(groups) << text(groups.error());
  EXPECT_EQ(groups->groups().size(), 1U);
  auto const naming = run(directory.groups_naming(query(), {.dns = {test::person_dn("ann")}, .uids = {}}));
  ASSERT_TRUE(naming) << text(naming.error());
  EXPECT_THAT(*naming, ElementsAre(kKeptStaff));
  auto const presences = run(directory.look_for({{kKeptAnn, test::person_dn("ann"), {}}}));
  ASSERT_TRUE(presences) << text(presences.error());
  EXPECT_THAT(*presences, ElementsAre(Presence::present));
  EXPECT_EQ(proxy->connections(), 1);
  EXPECT_EQ(schema_searches, searches);
}

TEST_F(GivenLooksInARow, WhenAnEntryChangesBetweenThemThenTheNextOneSeesIt) {
  start();
  LdapDirectory directory{counted()};
  expect_ann(directory);
  slapd->modify("dn: " + test::person_dn("ann") +
                "\nchangetype: modify\nreplace: mail\nmail: other@example.com\n");
  auto const some = run(directory.read_people(query(), {kKeptAnn}));
  ASSERT_TRUE(some) << text(some.error());
  ASSERT_EQ(some->people().size(), 1U);
  EXPECT_EQ(some->people().front().values("mail").front(), "other@example.com");
}

TEST_F(GivenLooksInARow, WhenAWholeReadComesBetweenThemThenTheConnectionStays) {
  start();
  LdapDirectory directory{counted()};
  expect_ann(directory);
  auto const whole = run(directory.read(query()));
  ASSERT_TRUE(whole) << text(whole.error());
  expect_ann(directory);
  EXPECT_EQ(proxy->connections(), 2) << "of the looks, and of the read";
}

TEST_F(GivenLooksInARow, WhenTheServerWasStartedAgainThenTheNextOneOpensAnother) {
  start();
  LdapDirectory directory{counted()};
  expect_ann(directory);
  slapd->stop();
  slapd->start();
  expect_ann(directory);
  EXPECT_EQ(proxy->connections(), 2);
  expect_ann(directory);
  EXPECT_EQ(proxy->connections(), 2);
}

TEST_F(GivenLooksInARow, WhenTheServerDropsIdleConnectionsThenTheNextOneOpensAnother) {
  start({"idletimeout 1"});
  LdapDirectory directory{settings()};
  expect_ann(directory);
  auto const files = open_files();
  ASSERT_TRUE(test::eventually([this, files] { return open_files() < files; })) << "slapd keeps it";
  expect_ann(directory);
}

TEST_F(GivenLooksInARow, WhenTheServerIsGoneThenAnErrorAndNotAnAbsence) {
  start();
  LdapDirectory directory{counted()};
  expect_ann(directory);
  slapd->stop();
  EXPECT_FALSE(run(directory.read_people(query(), {kKeptAnn})));
  EXPECT_FALSE(run(directory.groups_naming(query(), {.dns = {test::person_dn("ann")}, .uids = {}})));
  slapd->start();
  expect_ann(directory);
}

TEST_F(GivenLooksInARow, WhenTheServerIsGoneThenTheEndIsQuiet) {
  start();
  {
    LdapDirectory directory{settings()};
    expect_ann(directory);
    slapd->stop();
  }
  slapd->start();
  LdapDirectory directory{settings()};
  expect_ann(directory);
}

}  // namespace
}  // namespace dirsync::ldap
