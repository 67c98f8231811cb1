#include "daemon/doctor/reads.hpp"

#include <gmock/gmock.h>

#include "ldap/errors.hpp"
#include "sync/console/api/errors.hpp"
#include "sync/vault/errors.hpp"
#include "tests/unit/doctor/judged.hpp"

namespace dirsync::doctor {
namespace {
using console::ConsoleErrc;
using testing::HasSubstr;
using vault::VaultErrc;

Checks target(std::optional<Error> error) {
  TargetRead read;
  read.error = std::move(error);
  read.product = "PVWA 14.4";
  CheckList checks{"vault"};
  judge_target_read(read, checks);
  auto made = checks.take();
  expect_remedies(made);
  return made;
}

TEST(GivenATargetsRead, WhenItFailedThenTheErrorTellsWhere) {
  EXPECT_EQ(the("log-on", target(Error{VaultErrc::logon_refused, "logon: no"})).state, State::fail);
  EXPECT_EQ(the("log-on", target(Error{ConsoleErrc::login_refused, "login: no"})).state, State::fail);
  EXPECT_EQ(the("log-on", target(Error{VaultErrc::bad_answer, "target vault: logon: a web page"})).state,
            State::fail);
  EXPECT_EQ(the("version", target(Error{VaultErrc::old_version, "11"})).state, State::fail);
  EXPECT_EQ(the("rights", target(Error{VaultErrc::not_authorised, "403"})).state, State::fail);
  auto const other = target(Error{VaultErrc::bad_answer, "users list: not JSON"});
  EXPECT_EQ(the("log-on", other).state, State::ok);
  EXPECT_EQ(the("read", other).state, State::fail);
}

TEST(GivenATargetsRead, WhenAnEarlierStepFailedThenTheLaterOnesAreSkipped) {
  auto const made = target(Error{VaultErrc::logon_refused, "logon: no; check user"});
  EXPECT_EQ(the("log-on", made).remedy, "check user");
  EXPECT_EQ(the("version", made).state, State::skip);
  EXPECT_THAT(the("read", made).text, HasSubstr("log-on failed"));
  for (auto const& check : target(std::nullopt)) EXPECT_EQ(check.state, State::ok) << check.id;
}

TEST(GivenMappings, WhenAskedForThenOnlyOneThatIsNotThereFails) {
  CheckList checks{"vault"};
  judge_mappings({{"good", {.is_told = true, .text = ""}},
                  {"gone", {.is_told = true, .text = "no such directory"}},
                  {"untold", {.is_told = false, .text = "not for us"}}},
                 nullptr, checks);
  auto const made = checks.take();
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].state, State::fail);
  EXPECT_EQ(made[1].state, State::ok);
  EXPECT_EQ(made[2].state, State::skip);
  expect_remedies(made);
}

TEST(GivenADirectoryRead, WhenValuesNameNobodyThenEachCauseIsOneWarning) {
  DirectoryRead read;
  read.unresolved[Cause::gone] = {2, {"\"uid=a\" in \"cn=g\""}};
  read.unresolved[Cause::other_case] = {1, {"\"ANN\" in \"cn=g\""}};
  read.damages = 1;
  read.damaged = {"\"uid=x\""};
  CheckList checks{"corp"};
  judge_directory_read(read, checks);
  auto const made = checks.take();
  EXPECT_EQ(the("read", made).state, State::ok);
  EXPECT_EQ(std::ranges::count(made, "unresolved", &Check::id), 2);
  EXPECT_EQ(the("damaged", made).state, State::warn);
  expect_remedies(made);
}

TEST(GivenADirectoryRead, WhenItFailedThenNothingIsSaidOfItsValues) {
  DirectoryRead read;
  read.error = Error{ldap::LdapErrc::size_limit, "cut; lift the limit"};
  CheckList checks{"corp"};
  judge_directory_read(read, checks);
  auto const made = checks.take();
  EXPECT_EQ(the("read", made).state, State::fail);
  EXPECT_EQ(the("unresolved", made).state, State::skip);
}

}  // namespace
}  // namespace dirsync::doctor
