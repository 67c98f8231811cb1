#include "daemon/doctor/feed_check.hpp"

#include <gmock/gmock.h>

#include "ldap/errors.hpp"
#include "tests/unit/doctor/judged.hpp"

namespace dirsync::doctor {
namespace {
using ldap::Flavour;
using testing::HasSubstr;

Check judged(Result<ldap::FeedChoice> const& found, Flavour flavour) {
  CheckList checks{"corp"};
  judge_feed(found, flavour, checks);
  auto const made = checks.take();
  expect_remedies(made);
  return the("feed", made);
}

TEST(GivenAFeed, WhenTheServerOffersTheBestWayThenAllIsWell) {
  ldap::FeedChoice choice;
  choice.kind = FeedKind::syncrepl;
  auto const check = judged(choice, Flavour::openldap);
  EXPECT_EQ(check.state, State::ok);
  EXPECT_THAT(check.text, HasSubstr("syncrepl"));
}

TEST(GivenAFeed, WhenABetterWayIsNotOpenThenTheCheckSaysWhyAndWhatOpensIt) {
  ldap::FeedChoice choice;
  choice.kind = FeedKind::timestamp_poll;
  choice.passed_over = {"syncrepl: unavailable critical extension (12)"};
  auto const openldap = judged(choice, Flavour::openldap);
  EXPECT_EQ(openldap.state, State::warn);
  EXPECT_THAT(openldap.text, HasSubstr("unavailable critical extension"));
  EXPECT_THAT(openldap.remedy, HasSubstr("overlay syncprov"));
  EXPECT_THAT(judged(choice, Flavour::ds389).remedy, HasSubstr("Content Synchronization"));
  choice.kind = FeedKind::usn_poll;
  auto const domain = judged(choice, Flavour::active_directory);
  EXPECT_THAT(domain.remedy, HasSubstr("one domain"));
  EXPECT_THAT(domain.remedy, HasSubstr("no right to replicate")) << "which would show it every password";
}

TEST(GivenAFeed, WhenNoWayIsOpenThenOnlyTheScheduleFindsChanges) {
  auto const check = judged(Error{ldap::LdapErrc::not_readable, "ldaps://a"}, Flavour::openldap);
  EXPECT_EQ(check.state, State::warn);
  EXPECT_THAT(check.text, HasSubstr("ldaps://a"));
}

}  // namespace
}  // namespace dirsync::doctor
