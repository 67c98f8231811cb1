#include <utility>

#include "ldap/feed/dirsync.hpp"
#include "ldap/feed/feed_cookie.hpp"
#include "ldap/feed/usn_poll.hpp"
#include "ldap/search/entry_id.hpp"
#include "sync/model/hex.hpp"
#include "tests/integration/ldap/feed_fixture.hpp"
#include "tests/support/ldap/samba_dc.hpp"

namespace dirsync::ldap {
namespace {

using test::SambaDc;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using What = FeedEvent::What;

/// Each test has an organizational unit of its own.
struct DomainFixture : FollowerFixture {
  static inline std::unique_ptr<SambaDc> dc;
  static inline int number = 0;
  std::string unit;

  static constexpr char kReader[] = "reader@EXAMPLE.TEST";  // an account without any rights of its own

  static void SetUpTestSuite() {
    dc = std::make_unique<SambaDc>(SambaDc::Options{
        .ldif = "dn: CN=reader,CN=Users,DC=example,DC=test\nobjectClass: user\nsAMAccountName: reader\n"
                "userAccountControl: 512\nclearTextPassword:: UABhAHMAcwB3ADAAcgBkAC4AMQA=\n\n"});
  }
  static void TearDownTestSuite() { dc.reset(); }

  void SetUp() override {
    FollowerFixture::SetUp();
    unit = "OU=unit" + std::to_string(++number) + ",DC=example,DC=test";
    dc->tools().modify("dn: " + unit + "\nobjectClass: organizationalUnit\n\n");
    settings.name = "corp";
    settings.uris = {dc->tls_uri()};
    settings.flavour = Flavour::active_directory;
    settings.tls.ca_file = dc->ca_file();
    settings.timeouts = {std::chrono::seconds{10}, std::chrono::seconds{30}, std::chrono::hours{1}};
    bind_as(SambaDc::kAdministrator);
    scope = {{unit},
             "(|(objectClass=user)(objectClass=group))",
             {"mail", "member", "samaccountname", "useraccountcontrol"}};
  }

  void bind_as(std::string const& name) {
    settings.bind.method = Bind::Method::simple;
    settings.bind.dn = name;
    settings.bind.password = Secret{SambaDc::kPassword};
  }

  std::string dn(std::string const& name) const { return "CN=" + name + "," + unit; }

  std::string add(std::string const& name, std::string const& object_class, std::string const& place) const {
    auto const entry = "CN=" + name + "," + place;
    auto const account = name + std::to_string(++number);  // one of the whole domain
    dc->tools().modify("dn: " + entry + "\nobjectClass: " + object_class + "\nsAMAccountName: " + account +
                       "\n" + (object_class == "user" ? "userAccountControl: 514\n" : "") + "\n");
    return entry;
  }
  std::string add_user(std::string const& name) const { return add(name, "user", unit); }
  std::string add_group(std::string const& name) const { return add(name, "group", unit); }

  /// `change`: "replace: mail\nmail: x".
  static void modify(std::string const& entry, std::string const& change) {
    dc->tools().modify("dn: " + entry + "\nchangetype: modify\n" + change + "\n\n");
  }
  static void remove(std::string const& entry) {
    dc->tools().modify("dn: " + entry + "\nchangetype: delete\n\n");
  }
  static void rename(std::string const& entry, std::string const& to, std::string const& below = {}) {
    dc->tools().modify("dn: " + entry + "\nchangetype: modrdn\nnewrdn: " + to + "\ndeleteoldrdn: 1\n" +
                       (below.empty() ? "" : "newsuperior: " + below + "\n") + "\n");
  }

  /// The last cookie, with some of it changed.
  template <class Change>
  std::string changed_cookie(Change change) const {
    auto document = parse_feed_cookie(cookie).value();
    change(document);
    return to_document(document);
  }
};

struct Way {
  char const* name;
  Follow follow_by;
  FeedKind kind;
};

struct GivenADomain : DomainFixture, testing::WithParamInterface<Way> {
  std::unique_ptr<Follower> begun() { return DomainFixture::begun(GetParam().follow_by); }
  Result<std::unique_ptr<Follower>> resumed(std::string const& from) {
    return follow(GetParam().follow_by, from);
  }
  /// Why a follower that should go on at `from` looks everywhere.
  std::string begins_anew_at(std::string const& from) {
    auto const follower = resumed(from);
    EXPECT_TRUE(follower) << text(follower.error());
    return follower ? look_everywhere(**follower) : std::string{};
  }
};

TEST_P(GivenADomain, WhenFollowedThenItsKindIsKnown) { EXPECT_EQ(begun()->kind(), GetParam().kind); }

TEST_P(GivenADomain, WhenAUserIsDisabledThenTold) {
  auto const user = add_user("ada");
  auto const follower = begun();
  modify(user, "replace: userAccountControl\nuserAccountControl: 546");
  auto const event = event_of(*follower, user);
  EXPECT_EQ(event.what, What::changed);
  EXPECT_TRUE(id_assertion(IdForm::guid, event.id)) << event.id.value();
}

TEST_P(GivenADomain, WhenAMemberComesAndGoesThenTheGroupIsToldEachTime) {
  auto const user = add_user("ada"), group = add_group("staff");
  auto const follower = begun();
  modify(group, "add: member\nmember: " + user);
  auto const came = event_of(*follower, group);
  modify(group, "delete: member\nmember: " + user);
  auto const went = event_of(*follower, group);
  EXPECT_EQ(came.id, went.id);
  EXPECT_EQ(came.what, What::changed);
  EXPECT_EQ(went.what, What::changed);
}

TEST_P(GivenADomain, WhenAUserIsDeletedThenToldByItsId) {
  auto const follower = begun();
  auto const user = add_user("ada");
  auto const id = event_of(*follower, user).id;
  remove(user);
  auto const end = add_user("end");
  auto const events = events_until(*follower, end);
  auto const deleted = std::ranges::find(events, What::deleted, &FeedEvent::what);
  ASSERT_NE(deleted, events.end());
  EXPECT_EQ(deleted->id, id);
}

TEST_P(GivenADomain, WhenAUserIsRenamedThenToldUnderTheNewName) {
  auto const follower = begun();
  auto const user = add_user("ada");
  auto const id = event_of(*follower, user).id;
  rename(user, "CN=lovelace");
  EXPECT_EQ(event_of(*follower, dn("lovelace")).id, id);
}

TEST_P(GivenADomain, WhenAnAttributeWithoutInterestChangesThenNothingIsTold) {
  auto const follower = begun();
  auto const user = add_user("ada");
  event_of(*follower, user);
  modify(user, "replace: description\ndescription: x");
  auto const end = add_user("end");
  EXPECT_THAT(dns(events_until(*follower, end)), ElementsAre(end));
}

TEST_P(GivenADomain, WhenSomebodyElsewhereChangesThenNothingIsTold) {
  auto const follower = begun();
  static int strangers = 0;  // of all ways, in one domain
  add("stranger" + std::to_string(++strangers), "user", "CN=Users,DC=example,DC=test");
  auto const end = add_user("end");
  EXPECT_THAT(dns(events_until(*follower, end)), ElementsAre(end));
}

TEST_P(GivenADomain, WhenResumedThenWhatChangedMeanwhileIsTold) {
  begun();
  auto const user = add_user("ada");
  auto const follower = resumed(cookie);
  ASSERT_TRUE(follower) << text(follower.error());
  EXPECT_EQ(event_of(**follower, user).what, What::changed);
}

TEST_P(GivenADomain, WhenTheControllerRestartsThenTheNextFollowerGoesOn) {
  auto const follower = begun();
  dc->stop();
  auto const news = follower->next();
  dc->start();
  ASSERT_FALSE(news);
  EXPECT_EQ(news.error().code, LdapErrc::cut) << text(news.error());
  auto const user = add_user("ada");
  auto const next = resumed(cookie);
  ASSERT_TRUE(next) << text(next.error());
  EXPECT_EQ(event_of(**next, user).what, What::changed);
}

TEST_P(GivenADomain, WhenTheCookieIsOfAnotherServerOrScopeOrNoneThenLookEverywhere) {
  begun();
  auto const other_server = changed_cookie([](FeedCookie& document) { document.server += "0"; });
  auto const other_scope = changed_cookie([](FeedCookie& document) { document.scope += "0"; });
  auto const other_way = changed_cookie([](FeedCookie& document) { document.kind = FeedKind::syncrepl; });
  for (auto const& document : {other_server, other_scope, other_way, std::string{"garbage"}})
    EXPECT_THAT(begins_anew_at(document), Not(IsEmpty())) << document;
}

TEST_P(GivenADomain, WhenTheServerDoesNotKnowThePositionThenLookEverywhere) {
  begun();
  for (auto const& position :
       {to_hex("garbage"), std::string{"no hexadecimal"}, std::string{"9223372036854775806"}})
    EXPECT_THAT(
        begins_anew_at(changed_cookie([&position](FeedCookie& document) { document.position = position; })),
        Not(IsEmpty()))
        << position;
}

TEST_P(GivenADomain, WhenStoppedThenTheWaitEnds) {
  auto const follower = begun();
  EXPECT_EQ(stopped(*follower), LdapErrc::cancelled);
}

INSTANTIATE_TEST_SUITE_P(Ways, GivenADomain,
                         testing::Values(Way{"Dirsync", follow_by_dirsync, FeedKind::dirsync},
                                         Way{"Usn", follow_by_usn, FeedKind::usn_poll}),
                         [](auto const& way) { return std::string{way.param.name}; });

struct GivenADomainByDirsync : DomainFixture {
  std::unique_ptr<Follower> begun() { return DomainFixture::begun(follow_by_dirsync); }
};

TEST_F(GivenADomainByDirsync, WhenAUserIsMovedAwayThenToldUnderTheNewName) {
  auto const follower = begun();
  auto const user = add_user("ada");
  auto const id = event_of(*follower, user).id;
  rename(user, "CN=ada" + std::to_string(number), "CN=Users,DC=example,DC=test");
  EXPECT_EQ(event_of(*follower, "CN=ada" + std::to_string(number) + ",CN=Users,DC=example,DC=test").id, id);
}

TEST_F(GivenADomainByDirsync, WhenAUnitIsRenamedThenLookEverywhere) {
  auto const follower = begun();
  rename(unit, "OU=renamed" + std::to_string(number));
  EXPECT_THAT(look_everywhere(*follower), testing::HasSubstr("OU=renamed"));
}

TEST_F(GivenADomainByDirsync, WhenTheBasesAreInSeveralNamingContextsThenRefused) {
  scope.bases.emplace_back("CN=Configuration,DC=example,DC=test");
  auto const follower = follow(follow_by_dirsync);
  ASSERT_FALSE(follower);
  EXPECT_EQ(follower.error().code, LdapErrc::refused);
}

struct GivenAnAccountWithoutRights : DomainFixture {
  void SetUp() override {
    DomainFixture::SetUp();
    bind_as(kReader);
  }
};

TEST_F(GivenAnAccountWithoutRights, WhenPolledByNumbersThenChangesAreToldAndDeletionsAreNot) {
  auto const follower = begun(follow_by_usn);
  auto const user = add_user("ada"), other = add_user("bob");
  events_until(*follower, user);
  remove(user);
  modify(other, "replace: mail\nmail: bob@example.com");
  auto const end = add_user("end");
  auto const events = events_until(*follower, end);
  EXPECT_EQ(std::ranges::count(events, What::deleted, &FeedEvent::what), 0);
  EXPECT_THAT(dns(events), testing::Contains(other));
}

TEST_F(GivenAnAccountWithoutRights, WhenPolledByNumbersThenTheServersTimeIsTold) {
  auto const follower = begun(follow_by_usn);
  EXPECT_TRUE(event_of(*follower, add_user("ada")).changed_at);
}

}  // namespace
}  // namespace dirsync::ldap
