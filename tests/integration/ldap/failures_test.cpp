#include <gmock/gmock.h>

#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/net/free_port.hpp"
#include "tests/support/net/tcp_proxy.hpp"

namespace dirsync::ldap {
namespace {

using test::TcpProxy;

std::string loopback(std::string const& scheme, std::uint16_t port) {
  return scheme + "://127.0.0.1:" + std::to_string(port);
}

struct GivenServer : LdapFixture {
  void SetUp() override { slapd.emplace(test::Slapd::Options{.ldif = small_ldif()}); }
  Settings with_uri(std::string const& uri) const {
    auto changed = settings();
    changed.uris = {uri};
    return changed;
  }
  Settings with_password(std::string const& uri, std::string const& password) const {
    auto changed = with_uri(uri);
    changed.bind.method = Bind::Method::simple;
    changed.bind.dn = "cn=admin,dc=example,dc=com";
    changed.bind.password = Secret{password};
    return changed;
  }
};

TEST_F(GivenServer, WhenReadOverLdapsThenComplete) {
  auto const snapshot = read(with_password(slapd->tls_uri(), "secret"));
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 1U);
}

TEST_F(GivenServer, WhenReadOverStartTlsThenComplete) {
  auto starttls = with_password(slapd->uri(), "secret");
  starttls.starttls = true;
  starttls.tls.min_version = "1.3";
  auto const snapshot = read(starttls);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
}

TEST_F(GivenServer, WhenTheCaIsAnotherThenTlsFails) {
  TempFolder const folder;
  auto const other = test::make_certificates(folder.path());
  for (auto const starttls : {false, true}) {
    auto strange = with_uri(starttls ? slapd->uri() : slapd->tls_uri());
    strange.tls.ca_file = other.ca_file;
    strange.starttls = starttls;
    expect_failure(strange, LdapErrc::tls_failed, {strange.uris[0], "TLS handshake", "tls.ca_file"});
  }
}

TEST_F(GivenServer, WhenTheSystemsCasAreUsedThenTlsFails) {
  auto strange = with_uri(slapd->tls_uri());
  strange.tls.ca_file.clear();
  expect_failure(strange, LdapErrc::tls_failed, {"TLS handshake"});
}

TEST_F(GivenServer, WhenTheCertificateIsForAnotherNameThenTlsFails) {
  slapd.emplace(
      test::Slapd::Options{.ldif = small_ldif(), .certificate = {.subject_names = "DNS:ldap.example.com"}});
  for (auto const starttls : {false, true}) {
    auto other = with_uri(starttls ? slapd->uri() : slapd->tls_uri());
    other.starttls = starttls;
    expect_failure(other, LdapErrc::tls_failed, {"TLS handshake"});
  }
}

TEST_F(GivenServer, WhenVerificationIsOffThenTheCertificateOfTheReadSaysSo) {
  auto unverified = with_uri(slapd->tls_uri());
  unverified.tls.ca_file.clear();
  unverified.tls.verify = false;
  auto const snapshot = read(unverified);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->certificate().clauses.back().name, "tls");
}

TEST_F(GivenServer, WhenTheCaFileIsMissingThenBadSetup) {
  auto missing = with_uri(slapd->tls_uri());
  missing.tls.ca_file = "/nonexistent/ca.pem";
  expect_failure(missing, LdapErrc::bad_setup, {"/nonexistent/ca.pem"});
}

TEST_F(GivenServer, WhenThePasswordIsWrongThenNoOtherServerIsAsked) {
  auto wrong = with_password(slapd->tls_uri(), "wrong-password");
  TcpProxy const second{slapd->tls_port(), TcpProxy::Fault::none, 0};
  wrong.uris.push_back(loopback("ldaps", second.port()));
  expect_failure(wrong, LdapErrc::bind_refused, {"result 49", "cn=admin"});
  EXPECT_EQ(second.connections(), 0);
  EXPECT_EQ(read(wrong).error().context.find("wrong-password"), std::string::npos);
}

TEST_F(GivenServer, WhenThePasswordWouldGoInTheClearThenRefusedBeforeConnecting) {
  TcpProxy const proxy{slapd->port(), TcpProxy::Fault::none, 0};
  auto const clear = with_password(loopback("ldap", proxy.port()), "secret");
  expect_failure(clear, LdapErrc::bad_setup, {"readable on the wire"});
  EXPECT_EQ(proxy.connections(), 0);
  auto accepted = clear;
  accepted.tls.plaintext = true;
  EXPECT_TRUE(read(accepted));
}

TEST_F(GivenServer, WhenThePasswordIsEmptyThenRefused) {
  expect_failure(with_password(slapd->tls_uri(), ""), LdapErrc::bad_setup, {"bind.password"});
}

TEST_F(GivenServer, WhenNothingListensThenTheNextServerIsUsedAndTheReasonKept) {
  auto const closed = loopback("ldap", test::free_port());
  auto two = settings();
  two.uris.insert(two.uris.begin(), closed);
  auto const snapshot = read(two);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->certificate().server, slapd->uri());
  EXPECT_EQ(snapshot->certificate().clauses.back().name, "passed-over");
  EXPECT_NE(snapshot->certificate().clauses.back().detail.find(closed), std::string::npos);
}

TEST_F(GivenServer, WhenNoServerAnswersThenEveryOneIsNamed) {
  auto const first = loopback("ldap", test::free_port()), second = loopback("ldaps", test::free_port());
  auto none = settings();
  none.uris = {first, second};
  expect_failure(none, LdapErrc::connect_failed, {first, second, "Connection refused"});
  EXPECT_EQ(read(none).error().code, Failure::transient);
}

TEST_F(GivenServer, WhenTheHandshakeStallsThenTimedOut) {
  TcpProxy const tls{slapd->tls_port(), TcpProxy::Fault::stall, 0};
  TcpProxy const plain{slapd->port(), TcpProxy::Fault::stall, 14};  // StartTLS is agreed, then silence
  for (auto const starttls : {false, true}) {
    auto stalled = with_uri(starttls ? loopback("ldap", plain.port()) : loopback("ldaps", tls.port()));
    stalled.starttls = starttls;
    stalled.timeouts.connect = std::chrono::milliseconds{1'000};
    expect_failure(stalled, LdapErrc::timed_out, {stalled.uris[0], "TLS handshake"});
  }
  EXPECT_TRUE(tls.faulted());
  EXPECT_TRUE(plain.faulted());
}

TEST_F(GivenServer, WhenABaseIsMissingThenItIsNamed) {
  auto other = settings();
  other.groups.base = "ou=teams,dc=example,dc=com";
  expect_failure(other, LdapErrc::base_missing, {"ou=teams,dc=example,dc=com", "result 32"});
}

TEST_F(GivenServer, WhenItIsBackAfterAFailureThenTheRetrySucceeds) {
  auto retried = settings();
  TcpProxy proxy{slapd->port(), TcpProxy::Fault::cut, 200};
  retried.uris = {loopback("ldap", proxy.port())};
  EXPECT_EQ(read(retried).error().code, LdapErrc::cut);
  EXPECT_EQ(proxy.connections(), 1);
  retried.retry.attempts = 3;
  EXPECT_EQ(read(retried).error().code, LdapErrc::cut);
  EXPECT_EQ(proxy.connections(), 4);
  proxy.heal();
  EXPECT_TRUE(read(retried));
}

TEST_F(GivenServer, WhenARunIsCancelledThenTheReadEnds) {
  TcpProxy const proxy{slapd->port(), TcpProxy::Fault::stall, 300};
  auto stalled = with_uri(loopback("ldap", proxy.port()));
  stalled.timeouts.idle = std::chrono::hours{1};
  stalled.timeouts.total = std::chrono::hours{1};
  auto const result = read_and_cancel(stalled, [&proxy] { return proxy.faulted(); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, LdapErrc::cancelled);
}

struct GivenFortyGroups : LdapFixture {
  void start(std::vector<std::string> const& database_lines, std::vector<std::string> const& access) {
    auto ldif = test::ldif_tree();
    for (unsigned n = 0; n < 200; ++n) ldif += test::ldif_person("user" + std::to_string(n), 1 + n);
    for (unsigned n = 0; n < 40; ++n) {
      std::vector<std::string> members;
      for (unsigned m = 0; m < 50; ++m)
        members.push_back(member(test::person_dn("user" + std::to_string(n + m))));
      ldif += test::ldif_group("group" + std::to_string(n), 1000 + n, members);
    }
    slapd.emplace(test::Slapd::Options{.ldif = ldif, .database_lines = database_lines, .access = access});
  }
  void start() { start({}, {"access to * by * read"}); }
};

TEST_F(GivenFortyGroups, WhenTheSizeLimitIsTenThenNoShortList) {
  start({"sizelimit 10"}, {"access to * by * read"});
  auto in_turn = settings();
  in_turn.connections = 1;
  expect_failure(in_turn, LdapErrc::size_limit, {"search for groups", slapd->uri(), "result 4", "limits"});
}

TEST_F(GivenFortyGroups, WhenOnlyPagesAreLimitedInAllThenNoShortList) {
  start({"limits anonymous size=unlimited size.prtotal=25"}, {"access to * by * read"});
  auto small = settings();
  small.page_size = 7;
  small.connections = 1;
  expect_failure(small, LdapErrc::size_limit, {"search for groups", "result 4"});
}

TEST_F(GivenFortyGroups, WhenABaseIsHiddenByAnAclThenItIsNamed) {
  start({}, {"access to dn.exact=\"ou=people,dc=example,dc=com\" by * none", "access to * by * read"});
  expect_failure(settings(), LdapErrc::base_missing, {"ou=people,dc=example,dc=com"});
}

TEST_F(GivenFortyGroups, WhenMembersOfAGroupAreHiddenThenItIsNotTakenForEmpty) {
  start({}, {"access to dn.exact=\"cn=group7,ou=groups,dc=example,dc=com\" attrs=member by * none",
             "access to * by * read"});
  expect_failure(settings(), LdapErrc::not_readable, {"cn=group7,ou=groups", "member"});
}

TEST_F(GivenFortyGroups, WhenEntryIdsAreHiddenThenNotReadable) {
  start({}, {"access to dn.subtree=\"ou=people,dc=example,dc=com\" attrs=entryUUID by * none",
             "access to * by * read"});
  expect_failure(settings(), LdapErrc::not_readable, {"entryUUID"});
}

TEST_F(GivenFortyGroups, WhenTheServerRefersElsewhereThenNoShortList) {
  auto const ldif =
      small_ldif() +
      "dn: ou=far,ou=groups,dc=example,dc=com\nobjectClass: referral\nobjectClass: extensibleObject\n"
      "ou: far\nref: ldap://elsewhere.example.com/ou=far,dc=example,dc=com\n\n";
  slapd.emplace(test::Slapd::Options{.ldif = ldif});
  expect_failure(settings(), LdapErrc::referral, {"search for groups", "ldap://elsewhere.example.com"});
}

TEST_F(GivenFortyGroups, WhenTheConnectionIsCutAnywhereThenAnErrorAndNeverAShortList) {
  start();
  for (std::size_t after = 20;; after = after * 3 / 2) {
    TcpProxy const proxy{slapd->port(), TcpProxy::Fault::cut, after};
    auto cut = settings();
    cut.uris = {loopback("ldap", proxy.port())};
    auto const snapshot = read(cut);
    if (!proxy.faulted()) {
      ASSERT_TRUE(snapshot) << text(snapshot.error());
      EXPECT_EQ(snapshot->people().size(), 200U);
      EXPECT_GT(after, 30'000U);
      break;
    }
    ASSERT_FALSE(snapshot) << after;
    EXPECT_EQ(snapshot.error().code, LdapErrc::cut) << after << " " << text(snapshot.error());
  }
}

/// The schema, which comes first, has some 60,000 bytes.
TEST_F(GivenFortyGroups, WhenTheAnswerStallsThenTimedOut) {
  start();
  TcpProxy const proxy{slapd->port(), TcpProxy::Fault::stall, 80'000};
  auto stalled = settings();
  stalled.uris = {loopback("ldap", proxy.port())};
  stalled.timeouts.idle = std::chrono::milliseconds{300};
  expect_failure(stalled, LdapErrc::timed_out, {"search for ", "no answer within"});
}

TEST_F(GivenFortyGroups, WhenTheAnswerStallsInsideTlsThenTimedOut) {
  start();
  TcpProxy const proxy{slapd->tls_port(), TcpProxy::Fault::stall, 80'000};
  auto stalled = settings();
  stalled.uris = {loopback("ldaps", proxy.port())};
  stalled.timeouts.idle = std::chrono::milliseconds{300};
  expect_failure(stalled, LdapErrc::timed_out, {"search for ", "no answer within"});
}

}  // namespace
}  // namespace dirsync::ldap
