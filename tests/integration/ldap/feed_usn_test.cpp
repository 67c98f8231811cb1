#include <atomic>
#include <memory>

#include "ldap/feed/usn_poll.hpp"
#include "tests/integration/ldap/feed_fixture.hpp"
#include "tests/integration/ldap/scripted_ad.hpp"

namespace dirsync::ldap {
namespace {

using test::ScriptedAd;
using test::ScriptedLdap;
using testing::ElementsAre;

struct GivenADomainControllerThatCounts : FollowerFixture {
  struct Numbers {
    std::atomic<int> highest = 100;     // committed
    std::atomic<int> of_group = 50;     // the group's own
    std::atomic<bool> has_ann = false;  // as a second entry
  };
  std::shared_ptr<Numbers> numbers = std::make_shared<Numbers>();
  ScriptedAd ad;

  void SetUp() override {
    FollowerFixture::SetUp();
    ScriptedAd::Group all{.cn = "all", .number = 100};
    for (int n = 0; n < 3'000; ++n) all.members.push_back(test::person_dn("user" + std::to_string(n)));
    ad.groups = {all};
    ad.lie = [numbers = numbers](ScriptedLdap::Search const& search, ScriptedLdap::Answer& answer) {
      if (search.base.empty())
        answer.entries.at(0).attributes = {{"namingContexts", {"dc=example,dc=com"}},
                                           {"dsServiceName", {"cn=dc1"}},
                                           {"highestCommittedUSN", {std::to_string(numbers->highest)}}};
      if (search.base == ScriptedAd::kPeople && numbers->has_ann)
        answer.entries = {ScriptedAd::person("ann", 1)};
      for (auto& entry : answer.entries)
        for (auto& [name, values] : entry.attributes)
          if (name == "uSNChanged") values = {std::to_string(numbers->of_group)};
    };
    settings.name = "corp";
    settings.flavour = Flavour::active_directory;
    settings.timeouts = {std::chrono::seconds{10}, std::chrono::seconds{30}, std::chrono::hours{1}};
    scope = {{ScriptedAd::kGroups, ScriptedAd::kPeople}, "(objectClass=*)", {"mail", "member"}};
  }
};

TEST_F(GivenADomainControllerThatCounts, WhenAGroupThatComesInPartHasAnotherNumberThenItIsNews) {
  ScriptedLdap const server{ad};
  settings.uris = {server.uri()};
  auto const follower = begun(follow_by_usn);
  numbers->highest = 101;
  event_of(*follower, test::group_dn("all"));
  numbers->has_ann = true;
  numbers->highest = 102;
  EXPECT_THAT(dns(events_until(*follower, test::person_dn("ann"))), ElementsAre(test::person_dn("ann")));
  numbers->of_group = 103;  // the values that it shows are the same
  numbers->highest = 103;
  EXPECT_THAT(dns(events_until(*follower, test::group_dn("all"))), ElementsAre(test::group_dn("all")));
}

TEST_F(GivenADomainControllerThatCounts, WhenItCountsAnewThenLookEverywhere) {
  ScriptedLdap const server{ad};
  settings.uris = {server.uri()};
  auto const follower = begun(follow_by_usn);
  numbers->highest = 99;
  EXPECT_THAT(look_everywhere(*follower), testing::HasSubstr("anew"));
}

TEST_F(GivenADomainControllerThatCounts, WhenItShowsNoNumberThenRefused) {
  ad.lie = [](ScriptedLdap::Search const&, ScriptedLdap::Answer&) {};
  ScriptedLdap const server{ad};
  settings.uris = {server.uri()};
  auto const follower = follow(follow_by_usn);
  ASSERT_FALSE(follower);
  EXPECT_EQ(follower.error().code, LdapErrc::refused) << text(follower.error());
}

}  // namespace
}  // namespace dirsync::ldap
