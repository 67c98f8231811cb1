#include <gmock/gmock.h>

#include "tests/support/samba_dc.hpp"

namespace dirsync::test {
namespace {

using testing::HasSubstr;

struct GivenADomainController : testing::Test {
  static void SetUpTestSuite() {
    server.emplace(SambaDc::Options{
        .ldif = "dn: CN=ann,CN=Users,DC=example,DC=test\nobjectClass: user\nsAMAccountName: ann\n\n"});
  }
  static void TearDownTestSuite() { server.reset(); }
  static inline std::optional<SambaDc> server;
};

TEST_F(GivenADomainController, WhenAskedThenItHasWhatWasLoaded) {
  auto const tools = server->tools();
  EXPECT_THAT(tools.root(), HasSubstr("defaultNamingContext: DC=example,DC=test"));
  EXPECT_EQ(tools.value("CN=ann,CN=Users,DC=example,DC=test", "primaryGroupID"), "513");
  EXPECT_NE(tools.value("CN=ann,CN=Users,DC=example,DC=test", "objectGUID"), "");
}

TEST_F(GivenADomainController, WhenThePasswordIsWrongThenItSaysSoAsActiveDirectoryDoes) {
  try {
    server->tools().bind_as(SambaDc::kAdministrator, "wrong");
    FAIL() << "a wrong password was accepted";
  } catch (std::runtime_error const& refused) {
    EXPECT_THAT(refused.what(), HasSubstr("data 52e"));
  }
}

}  // namespace
}  // namespace dirsync::test
