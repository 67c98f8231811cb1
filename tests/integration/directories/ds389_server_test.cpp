#include <gmock/gmock.h>

#include "tests/support/ds389.hpp"
#include "tests/support/ldif.hpp"

namespace dirsync::test {
namespace {

using testing::HasSubstr;

struct GivenA389DirectoryServer : testing::Test {
  static void SetUpTestSuite() {
    server.emplace(
        Ds389::Options{.ldif = ldif_tree() + ldif_person("ann", 1), .plugins = {"Retro Changelog Plugin"}});
  }
  static void TearDownTestSuite() { server.reset(); }
  static inline std::optional<Ds389> server;
};

TEST_F(GivenA389DirectoryServer, WhenAskedThenItHasWhatWasLoaded) {
  auto const tools = server->tools();
  EXPECT_THAT(tools.root(), HasSubstr("vendorVersion: 389-Directory/"));
  EXPECT_THAT(tools.root(), HasSubstr("changelog: cn=changelog"));
  EXPECT_EQ(tools.value(person_dn("ann"), "mail"), "ann@example.com");
  EXPECT_NE(tools.value(person_dn("ann"), "nsUniqueId"), "");
}

TEST_F(GivenA389DirectoryServer, WhenAskedOverTlsThenTheTestCaVouchesForIt) {
  LdapTools const tls{{server->tls_uri(), "cn=Directory Manager", "secret123", server->ca_file()}};
  EXPECT_THAT(tls.search("dc=example,dc=com", "(uid=ann)"), HasSubstr("uid: ann"));
}

TEST_F(GivenA389DirectoryServer, WhenStartedAgainThenTheDataIsStillThere) {
  server->stop();
  server->start();
  EXPECT_EQ(server->tools().value(person_dn("ann"), "uid"), "ann");
}

}  // namespace
}  // namespace dirsync::test
