// Rows of a Vault's lists that cannot be used: without an id or a name, or with an id that two bear.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

struct Fault {
  std::string knob, form;
};

/// In sync before a row of the Vault's lists is spoilt.
class GivenADirtyVault : public World, public testing::WithParamInterface<Fault> {
 protected:
  void SetUp() override {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    World::SetUp();
    sync(0);
    ASSERT_NO_FATAL_FAILURE(expect_in_sync());
    spoil(GetParam().form);
    forget_calls();
  }
  void spoil(std::string const& form) {
    vault_->edit(R"({"op":"set","knobs":{")" + GetParam().knob + R"(":")" + form + R"("}})");
  }
};

TEST_P(GivenADirtyVault, WhenNothingChangesThenItIsToldAndNothingIsWritten) {
  for (int again = 0; again < 3; ++again)
    EXPECT_THAT(json::serialize(sync(0)), HasSubstr("\"code\":\"damaged\"")) << again;
  EXPECT_EQ(vault_->writes(), 0);
  spoil("none");
  EXPECT_THAT(json::serialize(sync(0)), Not(HasSubstr("damaged")));
  EXPECT_EQ(vault_->writes(), 0);
  expect_in_sync();
}

TEST_P(GivenADirtyVault, WhenOthersLeaveAndJoinThenThatIsDone) {
  auto const group = company.groups.front().cn;
  auto const leaver = company.groups.front().people.front();
  leave(leaver, group);
  sync(0);
  expect_in_sync();
  join(leaver, group);
  sync(0);
  expect_in_sync();
}

INSTANTIATE_TEST_SUITE_P(Forms, GivenADirtyVault,
                         testing::Values(Fault{"users_fault", "no_id"}, Fault{"users_fault", "no_name"},
                                         Fault{"users_fault", "twin_id"}, Fault{"list_fault", "no_id"},
                                         Fault{"list_fault", "no_name"}, Fault{"list_fault", "twin_id"}),
                         [](auto const& fault) {
                           auto name = fault.param.knob + "_" + fault.param.form;
                           std::erase(name, '_');
                           return name;
                         });

}  // namespace
}  // namespace dirsync::test
