#include <gmock/gmock.h>

#include "tests/support/ldap/ds389.hpp"
#include "tests/support/ldap/ldif.hpp"

namespace dirsync::test {
namespace {

using testing::HasSubstr;

struct GivenA389ServerWithAPlugin : testing::Test {
  Ds389 server{
      Ds389::Options{.ldif = ldif_tree() + ldif_person("ann", 1), .plugins = {"Retro Changelog Plugin"}}};
};

TEST_F(GivenA389ServerWithAPlugin, WhenStartedAgainThenDataAndPluginAreStillThere) {
  EXPECT_THAT(server.tools().root(), HasSubstr("changeLog: cn=changelog"));
  auto const id = server.tools().value(person_dn("ann"), "nsUniqueId");
  server.stop();
  server.start();
  EXPECT_THAT(server.tools().root(), HasSubstr("changeLog: cn=changelog"));
  EXPECT_NE(id, "");
  EXPECT_EQ(server.tools().value(person_dn("ann"), "nsUniqueId"), id);
}

}  // namespace
}  // namespace dirsync::test
