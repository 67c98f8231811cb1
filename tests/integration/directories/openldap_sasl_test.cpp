#include <gmock/gmock.h>

#include "tests/support/kdc.hpp"
#include "tests/support/ldif.hpp"
#include "tests/support/slapd.hpp"

namespace dirsync::test {
namespace {

using testing::HasSubstr;

struct GivenASlapdWithSasl : testing::Test {
  TempFolder folder;
  std::string who_am_i(std::vector<std::string> const& options, Environment const& environment) const {
    std::vector<std::string> words{"ldapwhoami", "-Q", "-N"};
    words.insert(words.end(), options.begin(), options.end());
    return output_of(words, folder.path(), environment);
  }
};

TEST_F(GivenASlapdWithSasl, WhenATicketIsShownThenItKnowsThePrincipal) {
  Kdc kdc;
  Slapd const slapd{
      {.ldif = ldif_tree(), .global_lines = Kdc::server_lines(), .environment = kdc.server_environment()}};
  auto const keytab = kdc.add_principal("dirsyncd");
  output_of({"kinit", "-k", "-t", keytab, "dirsyncd"}, folder.path(), kdc.client_environment());
  EXPECT_THAT(who_am_i({"-Y", "GSSAPI", "-H", slapd.uri()}, kdc.client_environment()),
              HasSubstr("uid=dirsyncd,cn=example.test,cn=gssapi,cn=auth"));
}

TEST_F(GivenASlapdWithSasl, WhenAClientCertificateIsShownThenItKnowsTheSubject) {
  Slapd const slapd{
      {.ldif = ldif_tree(), .global_lines = {"TLSVerifyClient try"}, .certificate = {.client = "dirsyncd"}}};
  auto const& files = slapd.certificates();
  EXPECT_THAT(who_am_i({"-Y", "EXTERNAL", "-H", slapd.tls_uri()}, {{"LDAPTLS_CACERT", files.ca_file},
                                                                   {"LDAPTLS_CERT", files.client_cert_file},
                                                                   {"LDAPTLS_KEY", files.client_key_file}}),
              HasSubstr("cn=dirsyncd"));
}

TEST_F(GivenASlapdWithSasl, WhenItsSocketIsUsedThenItKnowsTheUser) {
  Slapd const slapd{{.ldif = ldif_tree()}};
  EXPECT_THAT(who_am_i({"-Y", "EXTERNAL", "-H", slapd.socket_uri()}, {}),
              HasSubstr("uidNumber=" + std::to_string(::geteuid()) + ",cn=peercred"));
}

}  // namespace
}  // namespace dirsync::test
