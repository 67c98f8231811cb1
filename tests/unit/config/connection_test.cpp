// How directories are reached: uris, srv, bind, referrals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/config/config_text.hpp"

namespace dirsync::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class GivenDirectory : public testing::Test {
 protected:
  GivenDirectory() { environment_.variables["VAULT"] = "hunter2"; }

  void directory(std::string const& keys) { text_.directory = "base = \"dc=x\"\n" + keys; }
  /// The only warning, or nothing.
  std::vector<std::string> warnings() const {
    auto const loaded = parse(text_.text(), "d.toml", environment_, Secrets::fetch);
    return loaded ? loaded->warnings : std::vector<std::string>{"problem: " + text(loaded.error().front())};
  }
  /// "code key: text" of each mistake.
  std::vector<std::string> problems(Secrets secrets = Secrets::fetch) const {
    std::vector<std::string> lines;
    if (auto const loaded = parse(text_.text(), "d.toml", environment_, secrets); !loaded) {
      for (auto const& problem : loaded.error())
        lines.push_back(problem.code + " " + problem.key + ": " + problem.text);
    }
    return lines;
  }

  ConfigText text_;
  MemoryEnvironment environment_;
};

constexpr char kAnonymous[] = "bind = { method = \"anonymous\" }\n";
constexpr char kGssapi[] = "bind = { method = \"gssapi\" }\n";
constexpr char kExternal[] = "bind = { method = \"external\" }\n";
constexpr char kLdaps[] = "uris = [\"ldaps://127.0.0.1\"]\n";
constexpr char kLdap[] = "uris = [\"ldap://127.0.0.1\"]\n";
constexpr char kSocket[] = "uris = [\"ldapi://%2Frun%2Fldapi\"]\n";
constexpr char kCertificate[] = "cert_file = \"/c.pem\", key_file = \"/k.pem\"";

TEST_F(GivenDirectory, WhenServersComeFromTheDnsThenNoUriIsNeeded) {
  directory(std::string{"srv = \"example.com\"\n"} + kAnonymous);
  EXPECT_THAT(problems(), IsEmpty());
  for (auto const* bad : {"", ".", "a..b", ".a", "a.", "ldap://a", "a b"}) {
    directory("srv = \"" + std::string{bad} + "\"\n" + kAnonymous);
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("malformed directory.corp.srv"))) << bad;
  }
}

TEST_F(GivenDirectory, WhenUrisAndSrvAreGivenOrNeitherThenItIsAMistake) {
  directory(std::string{"srv = \"example.com\"\n"} + kLdaps + kAnonymous);
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("conflict directory.corp.srv")));
  directory(kAnonymous);
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("missing directory.corp.uris")));
}

TEST_F(GivenDirectory, WhenASocketIsUsedThenItIsProtected) {
  directory(std::string{kSocket} + "bind = { dn = \"cn=x\", password = { env = \"VAULT\" } }\n");
  EXPECT_THAT(warnings(), IsEmpty());
  directory(std::string{kSocket} + kExternal);
  EXPECT_THAT(warnings(), IsEmpty());
  directory(std::string{kSocket} + kExternal + "tls = { starttls = true }\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("needs no TLS")));
}

TEST_F(GivenDirectory, WhenASocketHasNoPathThenItIsMalformed) {
  for (auto const* uri : {"ldapi://", "ldapi:///run/ldapi", "ldapi://run", "ldapi://%2Frun:389"}) {
    directory("uris = [\"" + std::string{uri} + "\"]\n" + kExternal);
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("malformed directory.corp.uris"))) << uri;
  }
}

TEST_F(GivenDirectory, WhenBoundByCertificateThenThereMustBeOneAndTls) {
  directory(std::string{kLdaps} + kExternal);
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("needs tls.cert_file and tls.key_file")));
  directory(std::string{kLdaps} + kExternal + "tls = { " + kCertificate + " }\n");
  EXPECT_THAT(warnings(), IsEmpty());
  directory(std::string{kLdap} + kExternal + "tls = { " + kCertificate + " }\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("shown within TLS")));
  directory(std::string{kLdap} + kExternal + "tls = { starttls = true, " + kCertificate + " }\n");
  EXPECT_THAT(warnings(), IsEmpty());
  directory("srv = \"example.com\"\n" + std::string{kExternal});
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("needs tls.cert_file and tls.key_file")));
}

TEST_F(GivenDirectory, WhenACertificateHasNoKeyThenItIsMissing) {
  directory(std::string{kLdaps} + kExternal + "tls = { cert_file = \"/c.pem\" }\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("cert_file and key_file belong together")));
}

TEST_F(GivenDirectory, WhenBoundByKerberosThenPlainLdapIsNoRisk) {
  directory(std::string{kLdap} + kGssapi);
  EXPECT_THAT(warnings(), IsEmpty());
  directory(std::string{kSocket} + kGssapi);
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("a Kerberos ticket is for a host")));
}

TEST_F(GivenDirectory, WhenAKeytabIsNamedThenItMustBeOne) {
  directory(std::string{kLdaps} + "bind = { method = \"gssapi\", keytab = \"/etc/k\" }\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("unreadable directory.corp.bind.keytab")));
  EXPECT_THAT(problems(Secrets::leave), IsEmpty());
  environment_.files["/etc/k"] = "no keytab";
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("/etc/k is no keytab")));
  environment_.files["/etc/k"] = "\x05\x02";
  EXPECT_THAT(problems(), IsEmpty());
  directory(std::string{kLdaps} + "bind = { method = \"gssapi\", keytab = \"k\" }\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("must be an absolute path")));
}

TEST_F(GivenDirectory, WhenAPrincipalHasNoRealmThenItIsMalformed) {
  for (auto const* bad : {"dirsyncd", "@A", "a@", "a@b@c"}) {
    directory(std::string{kLdaps} + "bind = { method = \"gssapi\", principal = \"" + bad + "\" }\n");
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("malformed directory.corp.bind.principal"))) << bad;
  }
}

TEST_F(GivenDirectory, WhenAKeyBelongsToAnotherMethodThenItIsAConflict) {
  directory(std::string{kLdaps} + "bind = { method = \"gssapi\", dn = \"cn=x\" }\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("conflict directory.corp.bind.dn")));
  directory(std::string{kLdaps} + "bind = { method = \"anonymous\", keytab = \"/etc/k\" }\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("with method = \"gssapi\" only")));
}

TEST_F(GivenDirectory, WhenReferralsAreFollowedThenOnlyToNamedHosts) {
  auto const base = std::string{kLdaps} + kAnonymous;
  directory(base +
            "referrals = \"follow\"\nreferral_hosts = [\"a.example.com\", \"b:636\", \"[::1]:389\"]\n");
  EXPECT_THAT(problems(), IsEmpty());
  directory(base + "referrals = \"follow\"\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("conflict directory.corp.referral_hosts")));
  directory(base + "referral_hosts = [\"a\"]\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("belong together")));
  directory(base + "referrals = \"chase\"\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("out-of-range directory.corp.referrals")));
  for (auto const* bad : {"ldap://a", "a/b", "a:", "a:x", "u@a"}) {
    directory(base + "referrals = \"follow\"\nreferral_hosts = [\"" + bad + "\"]\n");
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("malformed directory.corp.referral_hosts"))) << bad;
  }
}

}  // namespace
}  // namespace dirsync::config
