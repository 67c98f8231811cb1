#include "ldap/feed/dirsync.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "ldap/feed/dirsync_control.hpp"
#include "ldap/feed/feed_cookie.hpp"
#include "sync/model/hex.hpp"
#include "tests/integration/ldap/feed_fixture.hpp"
#include "tests/integration/ldap/scripted_ad.hpp"

namespace dirsync::ldap {
namespace {

using test::person_dn;
using test::ScriptedAd;
using test::ScriptedLdap;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

/// What a server does that Samba is not easily led to.
struct GivenAServerWithDirsync : FollowerFixture {
  static constexpr char kContext[] = "dc=example,dc=com";

  void SetUp() override {
    FollowerFixture::SetUp();
    settings.name = "corp";
    settings.flavour = Flavour::active_directory;
    settings.timeouts = {std::chrono::seconds{10}, std::chrono::seconds{30}, std::chrono::hours{1}};
    scope = {{ScriptedAd::kPeople}, "(objectClass=person)", {"mail"}};
  }

  static ScriptedLdap::Entry person(std::string const& name, unsigned number) {
    return {person_dn(name), {{"objectGUID", {ScriptedAd::guid(number)}}, {"mail", {name + "@example.com"}}}};
  }

  /// An answer with the control ([MS-ADTS] 3.1.1.3.4.1.3). `cookie`: less than 100 bytes.
  static ScriptedLdap::Answer page(std::string const& cookie, bool more,
                                   std::vector<ScriptedLdap::Entry> entries = {}) {
    auto const with_size = [](char tag, std::string const& bytes) {
      return std::string{tag} + static_cast<char>(bytes.size()) + bytes;
    };
    auto const value =
        with_size('\x30', with_size('\x02', std::string{more ? '\1' : '\0'}) +
                              with_size('\x02', std::string(1, '\0')) + with_size('\x04', cookie));
    return {.entries = std::move(entries), .paged = false, .control = {kDirsyncOid, value}};
  }

  /// The answers to what is asked by DirSync, in their order; the last one again and again.
  void serve(std::vector<ScriptedLdap::Answer> answers) {
    auto const asked = std::make_shared<std::atomic<std::size_t>>(0);
    server.emplace([answers = std::move(answers), asked](ScriptedLdap::Search const& search) {
      if (search.base.empty())
        return ScriptedLdap::Answer{.entries = {{"", {{"namingContexts", {kContext}}}}}, .paged = false};
      if (search.scope == ScriptedLdap::kBase)
        return ScriptedLdap::Answer{.entries = {{search.base, {{"objectGUID", {ScriptedAd::guid(9)}}}}},
                                    .paged = false};
      auto const is_notice = search.attributes == std::vector<std::string>{"1.1"};
      if (is_notice) return ScriptedLdap::Answer{.result = 53, .paged = false};
      return answers.at(std::min(asked->fetch_add(1), answers.size() - 1));
    });
    settings.uris = {server->uri()};
  }

  boost::system::error_code refusal() {
    auto const follower = follow(follow_by_dirsync);
    return follower ? boost::system::error_code{} : follower.error().code;
  }

  std::optional<ScriptedLdap> server;
};

TEST_F(GivenAServerWithDirsync, WhenAnAnswerHasSeveralPagesThenAllOfThemAreToldAtOnce) {
  serve({page("a", true, {person("old", 3)}), page("b", false, {person("older", 4)}),
         page("c", true, {person("ann", 1)}), page("d", false, {person("bob", 2)}), page("d", false)});
  auto const follower = begun(follow_by_dirsync);
  EXPECT_EQ(parse_feed_cookie(cookie).value().position, to_hex("b"));
  EXPECT_THAT(dns(events_until(*follower, person_dn("ann"))),
              ElementsAre(person_dn("ann"), person_dn("bob")));
  EXPECT_EQ(parse_feed_cookie(cookie).value().position, to_hex("d"));
}

TEST_F(GivenAServerWithDirsync, WhenItForgetsTheCookieThenItIsPassedThroughAgainAndLookEverywhere) {
  for (auto const result : {12, 53}) {
    serve({page("a", false),
           {.result = result, .paged = false},
           page("b", false, {person("old", 3)}),
           page("c", false, {person("ann", 1)}),
           page("c", false)});
    auto const follower = begun(follow_by_dirsync);
    EXPECT_THAT(look_everywhere(*follower), Not(IsEmpty()));
    EXPECT_EQ(parse_feed_cookie(cookie).value().position, to_hex("b"));
    EXPECT_EQ(event_of(*follower, person_dn("ann")).id, EntryId{test::uuid(1)});
  }
}

TEST_F(GivenAServerWithDirsync, WhenMoreChangedThanIsToldAtOnceThenLookEverywhere) {
  std::vector<ScriptedLdap::Entry> many;
  for (unsigned n = 1; n <= 10'001; ++n) many.push_back(person("p" + std::to_string(n), n));
  serve({page("a", false), page("b", false, many), page("b", false)});
  auto const follower = begun(follow_by_dirsync);
  EXPECT_THAT(look_everywhere(*follower), testing::HasSubstr("10000"));
}

TEST_F(GivenAServerWithDirsync, WhenTheAccountMayNotThenAnError) {
  serve({{.result = 50, .paged = false}});
  EXPECT_EQ(refusal(), LdapErrc::not_readable);
}

TEST_F(GivenAServerWithDirsync, WhenTheAnswerDoesNotLeadOnThenAnError) {
  auto broken = page("a", false);
  broken.control.second.pop_back();
  serve({broken});
  EXPECT_EQ(refusal(), LdapErrc::bad_answer);
  serve({{.paged = false}});
  EXPECT_EQ(refusal(), LdapErrc::bad_answer);
  serve({page("a", true)});  // for ever
  EXPECT_EQ(refusal(), LdapErrc::bad_answer);
}

TEST_F(GivenAServerWithDirsync, WhenAnEntryShowsNoIdThenAnError) {
  serve({page("a", false), page("b", false, {{person_dn("ann"), {{"mail", {"ann@example.com"}}}}})});
  auto const follower = begun(follow_by_dirsync);
  auto const news = follower->next();
  ASSERT_FALSE(news);
  EXPECT_EQ(news.error().code, LdapErrc::not_readable);
}

}  // namespace
}  // namespace dirsync::ldap
