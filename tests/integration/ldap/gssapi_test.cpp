// Kerberos: a real KDC and a real slapd.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/ldap/kdc.hpp"
#include "tests/support/net/loopback.hpp"
#include "tests/support/process/process.hpp"
#include "tests/support/process/with_environment.hpp"

namespace dirsync::ldap {
namespace {

using test::Environment;
using testing::HasSubstr;

struct GivenGssapi : LdapFixture {
  void SetUp() override {
    slapd.emplace(options({}));
    client.emplace(kdc.client_environment());
    keytab = kdc.add_principal("dirsyncd");
  }
  test::Slapd::Options options(std::vector<std::string> const& more) const {
    auto lines = test::Kdc::server_lines();
    lines.insert(lines.end(), more.begin(), more.end());
    return {.ldif = small_ldif(),
            .global_lines = lines,
            .access =
                {"access to * by dn.exact=\"uid=dirsyncd,cn=example.test,cn=gssapi,cn=auth\" read by * none"},
            .environment = kdc.server_environment()};
  }
  Settings gssapi(std::string const& uri) const {
    auto changed = settings();
    changed.uris = {uri};
    changed.bind.method = Bind::Method::gssapi;
    changed.bind.keytab = keytab;
    return changed;
  }
  Settings gssapi() const { return gssapi(slapd->uri()); }

  test::Kdc kdc;
  std::optional<test::WithEnvironment> client;
  std::string keytab;
};

TEST_F(GivenGssapi, WhenAKeytabIsGivenThenItReadsAndLeavesNoTicketBehind) {
  auto const snapshot = read(gssapi());
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_EQ(snapshot->people().size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(kdc.cache_file()));
}

TEST_F(GivenGssapi, WhenTheServerWantsEncryptionThenSaslGivesIt) {
  slapd->reconfigure(options({"security ssf=128"}));
  auto const snapshot = read(gssapi());
  EXPECT_TRUE(snapshot) << text(snapshot.error());
}

TEST_F(GivenGssapi, WhenTheServerOffersNoEncryptionThenNothingIsReadInTheClear) {
  slapd->reconfigure(options({"sasl-secprops maxssf=0"}));
  expect_failure(gssapi(), LdapErrc::bind_refused, {"GSSAPI"});
}

TEST_F(GivenGssapi, WhenOverTlsThenNoSecondEncryptionIsAskedFor) {
  slapd->reconfigure(options({"sasl-secprops maxssf=0", "sasl-cbinding tls-endpoint"}));
  auto starttls = gssapi();
  starttls.starttls = true;
  for (auto const& settings : {gssapi(slapd->tls_uri()), starttls}) {
    auto const snapshot = read(settings);
    EXPECT_TRUE(snapshot) << text(snapshot.error());
  }
}

TEST_F(GivenGssapi, WhenThePrincipalIsNamedThenThatOneOfTheKeytabIsUsed) {
  auto named = gssapi();
  named.bind.principal = "dirsyncd@EXAMPLE.TEST";
  EXPECT_TRUE(read(named));
  named.bind.principal = "other@EXAMPLE.TEST";
  expect_failure(named, LdapErrc::bind_refused, {"Kerberos", "other@EXAMPLE.TEST", keytab});
}

TEST_F(GivenGssapi, WhenTwoDirectoriesHaveDifferentKeytabsThenEachIsItself) {
  auto second = gssapi();
  second.bind.keytab = kdc.add_principal("stranger");
  LdapDirectory first{gssapi()}, other{second};
  std::optional<Result<Snapshot>> good, bad;
  boost::asio::co_spawn(io, keep_result(first.read(query()), good), boost::asio::detached);
  boost::asio::co_spawn(io, keep_result(other.read(query()), bad), boost::asio::detached);
  io.restart();
  io.run();
  EXPECT_TRUE(*good) << text(good->error());
  ASSERT_FALSE(*bad);
  EXPECT_EQ(bad->error().code, LdapErrc::base_missing)
      << text(bad->error());  // it is logged on and may not read
}

TEST_F(GivenGssapi, WhenNoKeytabIsGivenThenTheEnvironmentsTicketIsUsed) {
  auto environment = gssapi();
  environment.bind.keytab.clear();
  expect_failure(environment, LdapErrc::bind_refused, {"Kerberos", "bind.keytab"});
  TempFolder const folder;
  test::output_of({"kinit", "-k", "-t", keytab, "dirsyncd"}, folder.path(), kdc.client_environment());
  auto const snapshot = read(environment);
  EXPECT_TRUE(snapshot) << text(snapshot.error());
}

TEST_F(GivenGssapi, WhenTheKeytabIsMissingOrNoKeytabThenItIsNamed) {
  auto missing = gssapi();
  missing.bind.keytab = "/nonexistent/dirsyncd.keytab";
  expect_failure(missing, LdapErrc::bind_refused, {"Kerberos", "/nonexistent/dirsyncd.keytab"});
  TempFolder const folder;
  missing.bind.keytab = folder.path() / "no.keytab";
  std::ofstream{missing.bind.keytab} << "not a keytab";
  expect_failure(missing, LdapErrc::bind_refused, {"Kerberos", missing.bind.keytab});
}

TEST_F(GivenGssapi, WhenThePrincipalsKeyWasChangedThenTheKeytabIsCalledOld) {
  auto const copy = keytab + ".old";
  std::filesystem::copy_file(keytab, copy);
  kdc.add_principal("dirsyncd");  // new keys
  auto old = gssapi();
  old.bind.keytab = copy;
  expect_failure(old, LdapErrc::bind_refused, {"Kerberos", "extract the keytab again"});
}

TEST_F(GivenGssapi, WhenTheServerHasNoPrincipalThenItsHostIsNamed) {
  expect_failure(gssapi("ldap://127.0.0.2:" + std::to_string(slapd->port())), LdapErrc::bad_setup,
                 {"Kerberos", "ldap@127.0.0.2", "principal"});
}

TEST_F(GivenGssapi, WhenNoKdcRunsThenConnectFailed) {
  kdc.stop();
  expect_failure(gssapi(), LdapErrc::connect_failed, {"Kerberos", "KDC"});
  kdc.start();
  EXPECT_TRUE(read(gssapi()));
}

TEST_F(GivenGssapi, WhenTheKdcIsSilentThenTheReadEndsInTime) {
  auto const silent = test::LoopbackSocket::listening();
  TempFolder const folder;
  auto const file = folder.path() / "krb5.conf";
  std::ofstream{file} << "[libdefaults]\n default_realm = EXAMPLE.TEST\n dns_lookup_kdc = false\n"
                      << " dns_canonicalize_hostname = false\n rdns = false\n udp_preference_limit = 1\n"
                      << "[realms]\n EXAMPLE.TEST = {\n  kdc = 127.0.0.1:" << silent.port() << "\n }\n";
  Environment const changed{{"KRB5_CONFIG", file.string()}};
  test::WithEnvironment const silent_realm{changed};
  auto impatient = gssapi();
  impatient.timeouts.connect = std::chrono::milliseconds{300};
  expect_failure(impatient, LdapErrc::timed_out, {"KDC did not answer in time"});
}

TEST_F(GivenGssapi, WhenTheSocketIsUsedThenExternalIsNamedInstead) {
  expect_failure(gssapi(slapd->socket_uri()), LdapErrc::bad_setup, {"use method external"});
}

}  // namespace
}  // namespace dirsync::ldap
