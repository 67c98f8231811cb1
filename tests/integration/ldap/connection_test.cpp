// Ways of logging on and of choosing a server, at a real slapd.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/net/free_port.hpp"
#include "tests/support/net/tcp_proxy.hpp"

namespace dirsync::ldap {
namespace {

using test::TcpProxy;

/// Nobody reads anything but who is known by `identity`.
std::vector<std::string> only_for(std::string const& identity) {
  return {"access to * by dn.exact=\"" + identity + "\" read by * none"};
}

struct GivenExternal : LdapFixture {
  void start(std::string const& identity) {
    slapd.emplace(test::Slapd::Options{.ldif = small_ldif(),
                                       .global_lines = {"TLSVerifyClient try"},
                                       .access = only_for(identity),
                                       .certificate = {.client = "dirsyncd"}});
  }
  Settings external(std::string const& uri) const {
    auto changed = settings();
    changed.uris = {uri};
    changed.bind.method = Bind::Method::external;
    return changed;
  }
  Settings with_certificate(std::string const& uri) const {
    auto changed = external(uri);
    changed.tls.cert_file = slapd->certificates().client_cert_file;
    changed.tls.key_file = slapd->certificates().client_key_file;
    return changed;
  }
  static std::string own_identity() {
    return "gidNumber=" + std::to_string(::getegid()) + "+uidNumber=" + std::to_string(::geteuid()) +
           ",cn=peercred,cn=external,cn=auth";
  }
};

TEST_F(GivenExternal, WhenACertificateIsShownThenItsSubjectReads) {
  start("cn=dirsyncd");
  auto starttls = with_certificate(slapd->uri());
  starttls.starttls = true;
  for (auto const& settings : {with_certificate(slapd->tls_uri()), starttls}) {
    auto const snapshot = read(settings);
    ASSERT_TRUE(snapshot) << text(snapshot.error());
    EXPECT_EQ(snapshot->people().size(), 1U);
  }
}

TEST_F(GivenExternal, WhenTheCertificateIsOfAnotherCaThenAnErrorAndNoAnonymousRead) {
  start("cn=dirsyncd");
  TempFolder const folder;
  auto const other = test::make_certificates(folder.path(), {.client = "dirsyncd"});
  auto strange = with_certificate(slapd->tls_uri());
  strange.tls.cert_file = other.client_cert_file;
  strange.tls.key_file = other.client_key_file;
  EXPECT_FALSE(read(strange));
}

TEST_F(GivenExternal, WhenNoCertificateIsGivenThenBadSetupBeforeConnecting) {
  start("cn=dirsyncd");
  expect_failure(external(slapd->tls_uri()), LdapErrc::bad_setup, {"tls.cert_file", slapd->tls_uri()});
  expect_failure(with_certificate(slapd->uri()), LdapErrc::bad_setup,
                 {"needs TLS with a client certificate"});
}

TEST_F(GivenExternal, WhenKeyAndCertificateDoNotFitThenBadSetup) {
  start("cn=dirsyncd");
  auto mixed = with_certificate(slapd->tls_uri());
  mixed.tls.key_file = slapd->certificates().key_file;
  expect_failure(mixed, LdapErrc::bad_setup, {"fit together"});
}

TEST_F(GivenExternal, WhenTheSocketIsUsedThenTheUserReads) {
  start(own_identity());
  auto const snapshot = read(external(slapd->socket_uri()));
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->certificate().server, slapd->socket_uri());
}

TEST_F(GivenExternal, WhenTheSocketIsNotThereThenConnectFailed) {
  start(own_identity());
  expect_failure(external("ldapi://%2Fnonexistent%2Fldapi"), LdapErrc::connect_failed, {"No such file"});
  expect_failure(external("ldapi://%2F" + std::string(200, 'x')), LdapErrc::bad_setup, {"at most 107 bytes"});
  expect_failure(external("ldapi://"), LdapErrc::bad_setup, {"not an LDAP URI"});
}

TEST_F(GivenExternal, WhenAPasswordGoesOverTheSocketThenItCountsAsProtected) {
  start("cn=admin,dc=example,dc=com");
  auto simple = external(slapd->socket_uri());
  simple.bind = {Bind::Method::simple, "cn=admin,dc=example,dc=com", Secret{"secret"}, {}, {}};
  auto const snapshot = read(simple);
  EXPECT_TRUE(snapshot) << text(snapshot.error());
}

struct GivenTls : LdapFixture {
  void start(std::vector<std::string> const& lines) {
    slapd.emplace(test::Slapd::Options{.ldif = small_ldif(), .global_lines = lines});
  }
  Settings over_tls() const {
    auto changed = settings();
    changed.uris = {slapd->tls_uri()};
    return changed;
  }
};

TEST_F(GivenTls, WhenTheServerIsOlderThanTheLeastVersionThenTlsFails) {
  start({"TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS1.2"});
  auto newest = over_tls();
  EXPECT_TRUE(read(newest));
  newest.tls.min_version = "1.3";
  expect_failure(newest, LdapErrc::tls_failed, {"TLS handshake"});
}

TEST_F(GivenTls, WhenTheServerKnowsOnlyOldVersionsThenTlsFails) {
  start({"TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0:%COMPAT"});
  expect_failure(over_tls(), LdapErrc::tls_failed, {"TLS handshake"});
}

TEST_F(GivenTls, WhenTheCaIsInAFolderThenItCounts) {
  start({});
  TempFolder const folder;
  auto in_folder = over_tls();
  in_folder.tls.ca_file.clear();
  in_folder.tls.ca_dir = folder.path();
  expect_failure(in_folder, LdapErrc::tls_failed, {"TLS handshake"});
  auto const other = test::make_certificates(folder.path());  // ca.pem of somebody else
  expect_failure(in_folder, LdapErrc::tls_failed, {"TLS handshake"});
  std::filesystem::copy_file(slapd->ca_file(), folder.path() / "0a1b2c3d.0");
  auto const snapshot = read(in_folder);
  EXPECT_TRUE(snapshot) << text(snapshot.error());
}

TEST_F(GivenTls, WhenTheCaFolderIsMissingThenBadSetup) {
  start({});
  auto missing = over_tls();
  missing.tls.ca_file.clear();
  missing.tls.ca_dir = "/nonexistent/cas";
  expect_failure(missing, LdapErrc::bad_setup, {"/nonexistent/cas"});
}

struct GivenTwoServers : LdapFixture {
  void SetUp() override { slapd.emplace(test::Slapd::Options{.ldif = small_ldif()}); }
  static std::string at(std::uint16_t port) { return "ldap://127.0.0.1:" + std::to_string(port); }
};

TEST_F(GivenTwoServers, WhenTheFirstIsDownThenItIsNotAskedAgainAtOnceButNotForgotten) {
  auto two = settings();
  auto const closed = at(test::free_port());
  two.uris = {closed, slapd->uri()};
  two.retry = {1, std::chrono::hours{1}, std::chrono::hours{2}};
  LdapDirectory directory{two};
  EXPECT_TRUE(run(directory.read(query())));
  auto const snapshot = run(directory.read(query()));
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->certificate().clauses.back().name, "passed-over");
  EXPECT_THAT(snapshot->certificate().clauses.back().detail, testing::HasSubstr("not tried again yet"));
  EXPECT_THAT(snapshot->certificate().clauses.back().detail, testing::HasSubstr(closed));
}

TEST_F(GivenTwoServers, WhenReadThenEntriesAreCountedAsTheyComeOverAllReads) {
  LdapDirectory directory{settings()};
  EXPECT_EQ(directory.entries_so_far(), 0U);
  auto const snapshot = run(directory.read(query()));
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  auto const first = directory.entries_so_far();
  EXPECT_GE(first, snapshot->people().size() + snapshot->groups().size());
  EXPECT_TRUE(run(directory.read(query())));
  EXPECT_GT(directory.entries_so_far(), first);
}

TEST_F(GivenTwoServers, WhenTheFirstBreaksInMidReadThenTheNextAttemptAsksTheSecond) {
  TcpProxy const broken{slapd->port(), TcpProxy::Fault::cut, 200};
  auto two = settings();
  two.uris = {at(broken.port()), slapd->uri()};
  two.retry = {2, std::chrono::milliseconds{20}, std::chrono::seconds{60}};
  auto const snapshot = read(two);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->certificate().server, slapd->uri());
  EXPECT_EQ(broken.connections(), 1);
}

TEST_F(GivenTwoServers, WhenAllAreInTheirPauseThenAllAreStillTried) {
  auto const port = test::free_port();
  auto two = settings();
  two.uris = {at(test::free_port()), at(port)};
  two.retry = {1, std::chrono::hours{1}, std::chrono::hours{2}};
  LdapDirectory directory{two};
  EXPECT_FALSE(run(directory.read(query())));
  auto const again = run(directory.read(query()));
  ASSERT_FALSE(again);
  for (auto const& uri : two.uris) EXPECT_THAT(again.error().context, testing::HasSubstr(uri));
}

}  // namespace
}  // namespace dirsync::ldap
