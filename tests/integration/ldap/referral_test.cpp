// Parts of a tree on other servers: real slapds that refer to each other.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/net/free_port.hpp"
#include "tests/support/process/process.hpp"

namespace dirsync::ldap {
namespace {

using Mode = ReferralSettings::Mode;
using testing::HasSubstr;

std::string referral_entry(std::string const& name, std::vector<std::string> const& urls) {
  auto text =
      "dn: ou=" + name +
      ",ou=people,dc=example,dc=com\nobjectClass: referral\nobjectClass: extensibleObject\nou: " + name +
      "\n";
  for (auto const& url : urls) text += "ref: " + url + "\n";
  return text + "\n";
}

/// The server that is read has ann; the other has bob, below ou=far.
struct GivenAPartElsewhere : LdapFixture {
  std::optional<test::Slapd> other;

  static std::string far_ldif() {
    return test::ldif_tree() +
           "dn: ou=far,ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\nou: far\n\n" +
           test::ldif_person("bob", 2, "uid=bob,ou=far,ou=people,dc=example,dc=com");
  }
  void start(std::string const& more_there = {}) {
    other.emplace(test::Slapd::Options{.ldif = far_ldif() + more_there});
  }
  void refer_to(std::vector<std::string> const& urls) {
    slapd.emplace(test::Slapd::Options{.ldif = small_ldif() + referral_entry("far", urls)});
  }
  std::string far_url(std::string const& rest = "??sub") const {
    return other->uri() + "/ou=far,ou=people,dc=example,dc=com" + rest;
  }
  static std::string host(test::Slapd const& server) { return "127.0.0.1:" + std::to_string(server.port()); }
  /// While it runs; referral entries as such (RFC 3296).
  static void add(test::Slapd const& server, std::string const& ldif) {
    TempFolder const folder;
    auto const file = folder.path() / "more.ldif";
    std::ofstream{file} << ldif;
    test::output_of({"ldapadd", "-x", "-MM", "-H", server.uri(), "-D", "cn=admin,dc=example,dc=com", "-w",
                     "secret", "-f", file},
                    folder.path());
  }
  Settings with(Mode mode) const {
    auto changed = settings();
    changed.referrals.mode = mode;
    if (mode == Mode::follow) changed.referrals.hosts = {host(*other), host(*slapd)};
    return changed;
  }
  static std::string referrals_clause(Snapshot const& snapshot) {
    for (auto const& clause : snapshot.certificate().clauses)
      if (clause.name == "referrals") return clause.detail;
    return "no such clause";
  }
};

TEST_F(GivenAPartElsewhere, WhenReferralsAreErrorsThenNoShortList) {
  start();
  refer_to({far_url()});
  expect_failure(with(Mode::error), LdapErrc::referral, {"search for people", other->uri(), "referrals"});
}

TEST_F(GivenAPartElsewhere, WhenTheyAreIgnoredThenTheCertificateCountsThem) {
  start();
  refer_to({far_url()});
  auto const snapshot = read(with(Mode::ignore));
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 1U);
  EXPECT_THAT(referrals_clause(*snapshot), HasSubstr("1 ignored"));
  EXPECT_EQ(snapshot->certificate().ignored_referrals, 1);
}

// People and groups below one base: each search comes upon the same part.
TEST_F(GivenAPartElsewhere, WhenSeveralSearchesComeUponItThenItCountsOnce) {
  start();
  refer_to({far_url()});
  auto settings = with(Mode::ignore);
  settings.groups.base = settings.users.base = settings.base;
  auto const snapshot = read(settings);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->certificate().ignored_referrals, 1);
}

TEST_F(GivenAPartElsewhere, WhenALookComesUponItThenItCannotTell) {
  start();
  refer_to({far_url()});
  LdapDirectory directory{with(Mode::ignore)};
  EntryProbe const gone{EntryId{test::uuid(9)}, test::person_dn("gone"), {test::person_dn("ann")}};
  EntryProbe const here{EntryId{test::uuid(1)}, test::person_dn("gone"), {}};
  auto const answers = run(directory.look_for({gone, here}));
  ASSERT_TRUE(answers) << text(answers.error());
  EXPECT_THAT(*answers, testing::ElementsAre(Presence::unknown, Presence::present));
}

TEST_F(GivenAPartElsewhere, WhenTheyAreFollowedThenBothPartsAreRead) {
  start();
  refer_to({far_url()});
  auto const snapshot = read(with(Mode::follow));
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 2U);
  EXPECT_EQ(referrals_clause(*snapshot), "1 followed");
}

TEST_F(GivenAPartElsewhere, WhenTheUrlHasItsOwnFilterAndScopeThenTheyCount) {
  start();
  refer_to({far_url("??sub?(uid=nobody)")});
  auto const filtered = read(with(Mode::follow));
  ASSERT_TRUE(filtered) << text(filtered.error());
  EXPECT_EQ(filtered->people().size(), 1U);
  slapd.reset();
  refer_to({far_url("??base")});
  auto const base = read(with(Mode::follow));
  ASSERT_TRUE(base) << text(base.error());
  EXPECT_EQ(base->people().size(), 1U);
}

TEST_F(GivenAPartElsewhere, WhenThereAreManyPagesThenAllAreRead) {
  std::string many;
  for (unsigned n = 0; n < 25; ++n)
    many += test::ldif_person("u" + std::to_string(n), 100 + n,
                              "uid=u" + std::to_string(n) + ",ou=far,ou=people,dc=example,dc=com");
  start(many);
  refer_to({far_url()});
  auto small = with(Mode::follow);
  small.page_size = 7;
  auto const snapshot = read(small);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 27U);
}

TEST_F(GivenAPartElsewhere, WhenTheHostIsNotListedThenItIsNotAskedAndAnError) {
  start();
  refer_to({far_url()});
  auto unlisted = with(Mode::follow);
  unlisted.referrals.hosts = {host(*slapd)};
  expect_failure(unlisted, LdapErrc::referral, {other->uri(), "not in referral_hosts"});
}

TEST_F(GivenAPartElsewhere, WhenTheOtherServerIsDownThenAnErrorThatMayPass) {
  start();
  refer_to({far_url()});
  other->stop();
  auto const failed = read(with(Mode::follow));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Failure::transient) << text(failed.error());
  EXPECT_THAT(failed.error().context, HasSubstr("no connection"));
}

TEST_F(GivenAPartElsewhere, WhenTheFirstOfTwoUrlsIsDownThenTheSecondIsUsed) {
  start();
  refer_to({"ldap://127.0.0.1:" + std::to_string(test::free_port()) + "/", far_url()});
  auto const snapshot = read(with(Mode::follow));
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 2U);
}

TEST_F(GivenAPartElsewhere, WhenAServerRefersToItselfThenTheLoopIsFound) {
  start();
  auto const itself = other->uri() + "/ou=people,dc=example,dc=com??sub";
  add(*other, referral_entry("loop", {itself}));
  refer_to({itself});
  expect_failure(with(Mode::follow), LdapErrc::referral, {"followed already", itself});
}

TEST_F(GivenAPartElsewhere, WhenReferralsLeadOnAndOnThenTheFifthIsRefused) {
  start();
  std::string chain;
  for (int n = 1; n <= 4; ++n) {
    auto const box = "ou=box" + std::to_string(n) + ",dc=example,dc=com";
    chain += "dn: " + box + "\nobjectClass: organizationalUnit\nou: box" + std::to_string(n) + "\n\n" +
             "dn: ou=on," + box +
             "\nobjectClass: referral\nobjectClass: extensibleObject\nou: on\nref: " + other->uri() +
             "/ou=" + (n == 4 ? "far,ou=people" : "box" + std::to_string(n + 1)) +
             ",dc=example,dc=com??sub\n\n";
  }
  add(*other, chain);
  refer_to({other->uri() + "/ou=box2,dc=example,dc=com??sub"});
  auto const four = read(with(Mode::follow));
  ASSERT_TRUE(four) << text(four.error());
  EXPECT_EQ(four->people().size(), 2U);
  EXPECT_EQ(referrals_clause(*four), "4 followed");
  slapd.reset();
  refer_to({other->uri() + "/ou=box1,dc=example,dc=com??sub"});
  expect_failure(with(Mode::follow), LdapErrc::referral, {"lead on after 4 servers"});
}

TEST_F(GivenAPartElsewhere, WhenTheOtherServerCutsItsAnswerThenNoShortList) {
  start(test::ldif_person("eve", 3, "uid=eve,ou=far,ou=people,dc=example,dc=com"));
  other->reconfigure({.database_lines = {"sizelimit 1"}});
  refer_to({far_url()});
  expect_failure(with(Mode::follow), LdapErrc::size_limit, {other->uri(), "result 4"});
}

TEST_F(GivenAPartElsewhere, WhenTheWholeBaseIsElsewhereThenIgnoringItIsAnError) {
  start();
  refer_to({far_url("")});
  auto moved = with(Mode::ignore);
  moved.users.base = "ou=far,ou=people,dc=example,dc=com";
  expect_failure(moved, LdapErrc::referral, {"result 10"});
  moved = with(Mode::follow);
  moved.users.base = "ou=far,ou=people,dc=example,dc=com";
  auto const snapshot = read(moved);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 1U);
}

}  // namespace
}  // namespace dirsync::ldap
