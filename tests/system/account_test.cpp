// Accounts that the directory itself calls expired.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::HasSubstr;

/// In sync; the directory's own signs decide, and slapd knows no password policy.
class GivenOwnAccountStates : public World {
 protected:
  GivenOwnAccountStates() {
    configuration.disabled_key.clear();
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
  }
  void SetUp() override {
    World::SetUp();
    sync(0);
    expect_in_sync();
    forget_calls();
  }
  void expire(std::string const& uid, std::string const& day) {
    auto const dn = "dn: " + company.person(uid).dn() + "\nchangetype: modify\n";
    if (!shadowed_.insert(uid).second)
      return modify_directory(dn + "replace: shadowExpire\nshadowExpire: " + day + "\n");
    modify_directory(
        dn + "add: objectClass\nobjectClass: shadowAccount\n-\nadd: shadowExpire\nshadowExpire: " + day +
        "\n");
  }

 private:
  std::set<std::string> shadowed_;
};

TEST_F(GivenOwnAccountStates, WhenAnAccountExpiresThenItsMembershipsEndInTheNextSyncAndFirst) {
  auto const rows_before = audit({}).size();
  expire("u02", "20000");
  leave("u03", "team-a");
  join("u24", "team-a");
  auto const result = sync(0);
  expect_in_sync({"u02"});
  EXPECT_THAT(json::serialize(result), HasSubstr("is expired since 2024-10-04 (shadowExpire)"));

  auto const rows = audit({"--target", "vault"});
  std::string order;
  for (auto const& row : rows)
    if (row.at("seq").as_int64() > static_cast<std::int64_t>(rows_before) &&
        text_at(row, "phase") == "change")
      order += text_at(row, "verb") + " " + text_at(row, "principal").substr(0, 3) + "; ";
  EXPECT_THAT(order, testing::MatchesRegex("(remove u02; )+(add u24; )+(remove u03; )+"));
}

TEST_F(GivenOwnAccountStates, WhenAnAccountIsGoodAgainThenItsMembershipsComeBack) {
  expire("u02", "20000");
  sync(0);
  expect_in_sync({"u02"});
  expire("u02", "-1");
  sync(0);
  expect_in_sync();
  expect_chain_holds();
}

TEST_F(GivenOwnAccountStates, WhenTheExpiryMeansNothingThenNothingIsWrittenAndItIsReported) {
  expire("u02", "0");
  EXPECT_THAT(json::serialize(sync(0)), HasSubstr("unclear-account"));
  EXPECT_EQ(writes(), 0);
  expect_in_sync();
}

TEST_F(GivenOwnAccountStates, WhenOtherStatesCountThenAnExpiredAccountKeepsItsMemberships) {
  expire("u02", "20000");
  configuration.disabled_key = ", account_states = [\"disabled\", \"locked\"]";
  configure();
  sync(0);
  EXPECT_EQ(writes(), 0);
  expect_in_sync();
}

}  // namespace
}  // namespace dirsync::test
