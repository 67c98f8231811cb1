#include "daemon/doctor/show.hpp"

#include <gmock/gmock.h>

namespace dirsync::doctor {
namespace {
using testing::HasSubstr;
using testing::Not;

ldap::Settings simple() {
  ldap::Settings settings;
  settings.bind.method = ldap::Bind::Method::simple;
  settings.bind.dn = "cn=dirsyncd, o=x";
  settings.bind.password = Secret{"hunter2"};
  settings.tls.ca_file = "/etc/ca.pem";
  return settings;
}

TEST(GivenADirectory, WhenALineIsMadeThenThePasswordComesFromItsFile) {
  auto const settings = simple();
  auto const line =
      ldapsearch({settings, "ldaps://a:636", "/run/it's"}, "ou=p,dc=x", ldap::Scope::sub, "(uid=*)", {"uid"});
  EXPECT_EQ(line,
            "tr -d '\\n' < '/run/it'\\''s' | LDAPTLS_CACERT=/etc/ca.pem ldapsearch -LLL -H ldaps://a:636 -x "
            "-D 'cn=dirsyncd, o=x' -y /dev/stdin -E pr=1000/noprompt -b ou=p,dc=x -s sub '(uid=*)' uid");
}

TEST(GivenADirectoryWhoseSecretIsInNoFile, WhenALineIsMadeThenItAsks) {
  auto const settings = simple();
  auto const line = ldapsearch({settings, "ldaps://a", ""}, "", ldap::Scope::base, "(objectClass=*)", {"+"});
  EXPECT_THAT(line, HasSubstr(" -W "));
  EXPECT_THAT(line, HasSubstr("-b '' -s base"));
  EXPECT_THAT(line, Not(HasSubstr("hunter2")));
}

TEST(GivenOtherWaysToLogOn, WhenALineIsMadeThenItLogsOnSo) {
  auto settings = simple();
  settings.starttls = true;
  settings.bind.method = ldap::Bind::Method::gssapi;
  EXPECT_THAT(ldapsearch({settings, "ldap://a", ""}, "", ldap::Scope::base, "(a=b)", {}),
              HasSubstr("-ZZ -H ldap://a -Y GSSAPI"));
  settings.bind.method = ldap::Bind::Method::external;
  EXPECT_THAT(ldapsearch({settings, "ldapi://%2Fx", ""}, "", ldap::Scope::one, "(a=b)", {}),
              HasSubstr("-Y EXTERNAL"));
  settings.bind.method = ldap::Bind::Method::anonymous;
  EXPECT_THAT(ldapsearch({settings, "ldap://a", ""}, "", ldap::Scope::one, "(a=b)", {}), HasSubstr(" -x -b"));
}

TEST(GivenUrls, WhenTakenApartThenHostAndPort) {
  auto const spelt = [](char const* url) {
    auto const [host, port] = host_and_port(url);
    return host + " " + port;
  };
  EXPECT_EQ(spelt("https://pvwa.example.com/PasswordVault"), "pvwa.example.com 443");
  EXPECT_EQ(spelt("https://pvwa.example.com:8443/x?y"), "pvwa.example.com 8443");
  EXPECT_EQ(spelt("ldap://a"), "a 389");
  EXPECT_EQ(spelt("ldaps://[2001:db8::1]:1636"), "2001:db8::1 1636");
  EXPECT_EQ(spelt("ldaps://[2001:db8::1]"), "2001:db8::1 636");
}

TEST(GivenAServer, WhenLinesAreMadeThenAShellReadsThemAsMeant) {
  Tls tls;
  tls.ca_file = "/my ca";
  EXPECT_EQ(handshake("ldaps://a b", tls, false),
            "openssl s_client -connect 'a b:636' -servername 'a b' -CAfile '/my ca' -verify_hostname 'a b' "
            "-partial_chain -verify_return_error -brief </dev/null");
  EXPECT_THAT(handshake("ldap://a", Tls{}, true), HasSubstr("-starttls ldap"));
  EXPECT_THAT(
      certificate_dates("https://a", tls, false),
      testing::AllOf(HasSubstr("-verify_return_error </dev/null | openssl x509 "), HasSubstr("-dates")));
  EXPECT_EQ(curl("https://a/b", Tls{}), "curl -sSI https://a/b/");
  EXPECT_EQ(name_look_up("https://a/b"), "getent ahosts a");
  EXPECT_EQ(port_look("https://a/b"), "nc -vz a 443");
}

TEST(GivenAnAddress, WhenAHandshakeIsShownThenTheAddressIsVerifiedAndNoNameAskedFor) {
  for (std::string const url : {"ldaps://192.0.2.1", "ldaps://[2001:db8::1]"}) {
    auto const line = handshake(url, Tls{}, false);
    EXPECT_THAT(line, testing::AllOf(HasSubstr(" -verify_ip "), Not(HasSubstr("-verify_hostname")),
                                     Not(HasSubstr("-servername"))));
  }
  EXPECT_THAT(
      handshake("ldaps://[2001:db8::1]", Tls{}, false),
      testing::AllOf(HasSubstr("-connect '[2001:db8::1]:636'"), HasSubstr("-verify_ip 2001:db8::1 ")));
}

TEST(GivenOtherSettingsOfTls, WhenAHandshakeIsShownThenItIsLikeOurs) {
  Tls tls;
  tls.ca_dir = "/cas";
  tls.cert_file = "/c.pem";
  tls.key_file = "/k.pem";
  EXPECT_THAT(handshake("https://a", tls, false),
              testing::AllOf(HasSubstr("-cert /c.pem -key /k.pem"), HasSubstr("-CApath /cas")));
  tls.verify = false;
  EXPECT_THAT(handshake("https://a", tls, false), Not(HasSubstr("verify")));
}

TEST(GivenAConfiguration, WhenASecretIsInAFileThenItsPathIsKnown) {
  config::Config config;
  config.effective = {{"directory.corp.bind.password.file", "\"/etc/secret\""},
                      {"directory.hq.bind.password.env", "\"PASSWORD\""}};
  EXPECT_EQ(secret_file(config, "directory.corp.bind.password"), "/etc/secret");
  EXPECT_EQ(secret_file(config, "directory.hq.bind.password"), "");
}

}  // namespace
}  // namespace dirsync::doctor
