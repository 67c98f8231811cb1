// dirsyncd doctor: how far a connection comes, and whether the lines that it shows come as far.
#include "tests/system/doctor_fixture.hpp"

namespace dirsync::test {
namespace {
using testing::AllOf;
using testing::HasSubstr;

TEST_F(GivenACompanyToLookAt, WhenTheCaIsAnotherThenTlsFailsForAnUnknownIssuer) {
  configuration.ldap_ca = certificates_.ca_file;  // that of the simulators
  configuration.vault_ca = slapd_->ca_file();
  configure();
  auto const made = checks(6);
  auto const check = failed(made, "corp", "tls");
  EXPECT_THAT(text_at(check, "text"),
              AllOf(HasSubstr("its issuer is unknown"), HasSubstr(configuration.ldap_ca)));
  EXPECT_THAT(text_at(check, "remedy"), HasSubstr("tls.ca_file"));
  EXPECT_THAT(text_at(check, "show"),
              AllOf(HasSubstr("openssl s_client"), HasSubstr("-verify_ip 127.0.0.1")));
  EXPECT_NE(shell(text_at(check, "show")).exit, 0);
  EXPECT_THAT(text_at(failed(made, "vault", "tls"), "remedy"), HasSubstr("tls.ca_file"));
}

TEST_F(GivenACompanyToLookAt, WhenTheCaFileHoldsNoCertificateThenTheFileFails) {
  configuration.ldap_ca = configuration.ldap_password_file;
  configure();
  auto const check = failed(checks(6, {"--side", "corp"}), "", "files");
  EXPECT_THAT(text_at(check, "text"),
              AllOf(HasSubstr(configuration.ldap_ca), HasSubstr("holds no certificate in PEM")));
}

TEST_F(GivenACompanyToLookAt, WhenShownLinesAreRunThenTheySeeTheSame) {
  auto const made = checks(0, {"--side", "corp"});
  std::set<std::string> ran;
  for (auto const& check : made) {
    auto const line = text_at(check, "show");
    // Its password file ends with a line end.
    if (line.find("ldapsearch") == std::string::npos || text_at(check, "state") != "ok") continue;
    auto const finished = shell(line);
    EXPECT_EQ(finished.exit, 0) << line << finished.err;
    ran.insert(text_at(check, "id"));
  }
  EXPECT_THAT(ran, testing::IsSupersetOf({"log-on", "people", "groups", "rules"}));
  for (auto const& check : made)
    if (text_at(check, "id") == "tls" || text_at(check, "id") == "certificate") {
      auto const finished = shell(text_at(check, "show"));
      EXPECT_EQ(finished.exit, 0) << text_at(check, "show") << finished.err;
    }
}

class GivenAnExpiredCertificate : public GivenACompanyToLookAt {
 protected:
  GivenAnExpiredCertificate() { slapd_options_.certificate.expired = true; }
};

TEST_F(GivenAnExpiredCertificate, WhenLookedAtThenItHasExpired) {
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "tls");
  EXPECT_THAT(text_at(check, "text"), HasSubstr("has expired"));
  EXPECT_THAT(text_at(check, "remedy"), HasSubstr("renew it on the server"));
  EXPECT_THAT(shell(text_at(check, "show")).err, HasSubstr("expired"));
}

class GivenACertificateOfAnotherName : public GivenACompanyToLookAt {
 protected:
  GivenACertificateOfAnotherName() { slapd_options_.certificate.subject_names = "DNS:ldap.example.com"; }
};

TEST_F(GivenACertificateOfAnotherName, WhenLookedAtThenBothNamesAreTold) {
  auto const check = failed(checks(6, {"--side", "corp"}), "corp", "tls");
  EXPECT_THAT(text_at(check, "text"), HasSubstr("another name than 127.0.0.1: ldap.example.com"));
  EXPECT_THAT(shell(text_at(check, "show")).err, HasSubstr("mismatch"));
}

TEST_F(GivenACompanyToLookAt, WhenNobodyListensThenTheConnectionFails) {
  slapd_->stop();
  configuration.console_url = "https://127.0.0.1:1";
  configure();
  auto const made = checks(6);
  EXPECT_THAT(text_at(failed(made, "corp", "connection"), "show"), HasSubstr("nc -vz 127.0.0.1"));
  failed(made, "console", "connection");
  EXPECT_THAT(in_state(made, "skip"), testing::IsSupersetOf({"corp tls", "corp log-on", "console log-on"}));
}

TEST_F(GivenACompanyToLookAt, WhenANameDoesNotResolveThenNamesFails) {
  configuration.ldap_uri = "ldaps://nobody.invalid";
  configuration.vault_url = "https://nobody.invalid/PasswordVault";
  configure();
  auto const made = checks(6);
  EXPECT_THAT(text_at(failed(made, "corp", "names"), "text"), HasSubstr("nobody.invalid"));
  EXPECT_THAT(text_at(failed(made, "vault", "names"), "show"), HasSubstr("getent ahosts nobody.invalid"));
}

}  // namespace
}  // namespace dirsync::test
