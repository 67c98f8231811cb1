#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include "sync/console/api/errors.hpp"
#include "sync/console/write/password.hpp"
#include "sync/console/write/user_creator.hpp"

#include "tests/unit/console/fake_console.hpp"

namespace dirsync::console {
namespace {
using http::HttpErrc;
using http::Method;
using test::refused;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class GivenAPersonWithoutUser : public testing::Test, protected test::ConsoleBed {
 protected:
  GivenAPersonWithoutUser() {
    settings.create_users = true;
    open();
    EXPECT_TRUE(read());
  }
  static Change add(std::string group, std::string name = "zoe@example.com") {
    auto result = test::change(Verb::add, std::move(group), "", std::move(name));
    result.new_user = NewUser{"Zoë \"Z\" Zett", "zoe.zett@example.com"};
    return result;
  }
  std::size_t posts() { return count(Method::post, "/api/users"); }
  test::FakeUser const& user(std::string const& id) { return console.users.at(id); }
};

TEST_F(GivenAPersonWithoutUser, WhenSeveralGroupsAreDueThenOneCallMakesTheUserWithAllOfThem) {
  auto const answers = apply({add("g1"), add("g2")});
  ASSERT_THAT(answers, SizeIs(2));
  for (auto const& one : answers) {
    EXPECT_EQ(one.outcome, Outcome::done) << one.detail;
    EXPECT_EQ(one.principal, "zoe@example.com");
    EXPECT_EQ(one.principal_id, "new1");
    EXPECT_THAT(one.detail, HasSubstr("created zoe@example.com"));
  }
  auto const post = client->asked(Method::post, "/api/users").at(0);
  EXPECT_THAT(
      post.body,
      HasSubstr(
          R"({"userName":"zoe@example.com","displayName":"Zoë \"Z\" Zett","email":"zoe.zett@example.com",)"
          R"("status":"ACTIVE","roles":[],"groups":["g1","g2"],"password":")"));
  EXPECT_EQ(posts(), 1U);
  EXPECT_EQ(post.repeat, http::Repeat::when_refused);
  EXPECT_TRUE(post.confidential);
  EXPECT_EQ(count(Method::put, "/api/users/"), 0U);
  EXPECT_THAT(user("new1").groups, UnorderedElementsAre("g1", "g2"));
}

TEST_F(GivenAPersonWithoutUser, WhenMadeThenNoAnswerTellsThePassword) {
  auto const answers = apply({add("g1")});
  ASSERT_THAT(console.passwords, SizeIs(1));
  EXPECT_THAT(answers[0].detail, Not(HasSubstr(console.passwords[0])));
  console.next(Method::post, "/api/users", [](auto const& request) {
    return test::answer(400, request.body);  // it echoes what it was sent
  });
  auto const failed = apply({add("g1", "yan@example.com")});
  EXPECT_EQ(failed[0].outcome, Outcome::failed);
  EXPECT_THAT(failed[0].detail, Not(HasSubstr("password")));
}

TEST_F(GivenAPersonWithoutUser, WhenThePasswordIsRepeatedInEscapesThenTheAnswerDoesNotTellIt) {
  console.next(Method::post, "/api/users", [](auto const& request) {
    auto const body = boost::json::parse(request.body).as_object();
    std::string escaped;
    for (auto const letter : body.at("password").as_string()) {
      constexpr char kDigits[] = "0123456789abcdef";
      escaped += std::string{"\\u00"} + kDigits[letter >> 4] + kDigits[letter & 0xF];
    }
    return test::answer(400, R"({"message":"weak: )" + escaped + "\"}");
  });
  EXPECT_THAT(apply({add("g1")})[0].detail, HasSubstr("weak: ***"));
}

TEST_F(GivenAPersonWithoutUser, WhenMadeThenTheyAreWrittenAsAnyOther) {
  apply({add("g1")});
  auto const answers = apply({test::change(Verb::add, "g2", "new1", "zoe@example.com")});
  EXPECT_EQ(answers[0].outcome, Outcome::done) << answers[0].detail;
  EXPECT_THAT(user("new1").groups, UnorderedElementsAre("g1", "g2"));
}

TEST_F(GivenAPersonWithoutUser, WhenTheyLoggedInMeanwhileThenTheirOwnUserGetsTheGroups) {
  console.users["u5"] = {"Zoe@Example.com", {"g3"}};
  auto const answers = apply({add("g1"), add("g2")});
  for (auto const& one : answers) {
    EXPECT_EQ(one.outcome, Outcome::done) << one.detail;
    EXPECT_EQ(one.principal_id, "u5");
  }
  EXPECT_EQ(posts(), 0U);
  EXPECT_THAT(user("u5").groups, UnorderedElementsAre("g1", "g2", "g3"));
}

TEST_F(GivenAPersonWithoutUser, WhenTheAnswerNeverCameButTheUserIsThereThenThatOneIsTaken) {
  for (auto const lost : {HttpErrc::timed_out, HttpErrc::cut}) {
    auto const name = "zoe" + std::to_string(posts()) + "@example.com";
    console.next(Method::post, "/api/users", [this, lost](auto const& request) {
      EXPECT_TRUE(console.work(request));
      return test::transport_error(lost);
    });
    auto const before = posts();
    auto const answers = apply({add("g1", name)});
    EXPECT_EQ(answers[0].outcome, Outcome::already) << answers[0].detail;
    EXPECT_NE(answers[0].principal_id, "");
    EXPECT_EQ(posts(), before + 1);
  }
}

TEST_F(GivenAPersonWithoutUser,
       WhenTheAnswerNeverCameAndNoUserIsThereThenTheOutcomeIsUnknownAndNothingIsRepeated) {
  console.next(Method::post, "/api/users",
               [](auto const&) { return test::transport_error(HttpErrc::timed_out); });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::unknown);
  EXPECT_EQ(posts(), 1U);
}

TEST_F(GivenAPersonWithoutUser, WhenTheConsoleSaysItExistsThenALookDecides) {
  console.next(Method::post, "/api/users", [this](auto const&) {
    console.users["u5"] = {"zoe@example.com", {}};
    return refused(409, "User already exists");
  });
  EXPECT_EQ(apply({add("g1")})[0].outcome, Outcome::done);
  console.next(Method::post, "/api/users", [](auto const&) { return refused(409, "User already exists"); });
  auto const hidden = apply({add("g1", "yan@example.com")});
  EXPECT_EQ(hidden[0].outcome, Outcome::failed);
  EXPECT_THAT(hidden[0].detail, HasSubstr("User already exists"));
}

TEST_F(GivenAPersonWithoutUser, WhenTheCreationIsRefusedThenItFailedInTheConsolesWords) {
  console.next(Method::post, "/api/users", [](auto const&) { return refused(400, "Invalid Roles"); });
  auto const answers = apply({add("g1")});
  EXPECT_EQ(answers[0].outcome, Outcome::failed);
  EXPECT_THAT(answers[0].detail, HasSubstr("Invalid Roles"));
  EXPECT_EQ(posts(), 1U);
}

TEST_F(GivenAPersonWithoutUser, WhenTheNameOrAGroupIsNotForUsThenNothingIsSent) {
  for (auto const* name : {"zoe", "@example.com", "zoe@", "a@b@c", "SVC@example.com"})
    EXPECT_EQ(apply({add("g1", name)})[0].outcome, Outcome::skipped) << name;
  EXPECT_EQ(apply({add("g9")})[0].outcome, Outcome::skipped);
  EXPECT_EQ(posts(), 0U);
}

TEST_F(GivenAPersonWithoutUser, WhenUsersAreNotToBeMadeThenTheTraitsSayWhyPeopleWait) {
  auto const refuse = target->traits().refuse_user_name;
  ASSERT_TRUE(refuse);
  for (auto const* const name : {"ann@example.com", "o'neil+x@example.com", "j\xC3\xB6rg@example.com"})
    EXPECT_EQ(refuse(name), "") << name;
  for (auto const* const name : {"ann", "@example.com", "ann@", "a@b@c", "ann@example.com ",
                                 "mailto:ann@example.com", "sp ce@example.com", "ann\u200B@example.com",
                                 "Ann <ann@example.com>", "ann@example.com\n", "a,b@example.com"})
    EXPECT_NE(refuse(name), "") << name;
  EXPECT_EQ(target->traits().why_people_wait, "");
  settings.create_users = false;
  open();
  EXPECT_FALSE(target->traits().refuse_user_name);
  EXPECT_THAT(target->traits().why_people_wait, HasSubstr("local login"));
}

TEST_F(GivenAPersonWithoutUser, WhenANameIsReservedThenNoGroupIsToGetItBeItVisibleOrNot) {
  settings.protected_groups = {"Break Glass"};
  for (auto const* profile : {"auto", "pulse-2.0", "pulse-2.0.2", "infer-3"}) {
    settings.profile = profile;
    open();
    auto const refused = target->traits().refuse_group_name;
    for (auto const* name : {"System Administrators", "organization administrators", "break glass"})
      EXPECT_THAT(refused(name), HasSubstr("protected")) << profile << ": " << name;
    EXPECT_EQ(refused("Ops"), "") << profile;
    for (auto const* name : {"Ops\u202E", "Ops\u200B", "Ops\u2028", "Ops\u0085"})
      EXPECT_THAT(refused(name), HasSubstr("which cannot be seen")) << profile;
  }
}

TEST(GivenRandomPasswords, WhenMadeThenEachMeetsTheRuleAndNoTwoAreEqual) {
  std::set<std::string> made;
  for (int i = 0; i < 200; ++i) {
    auto const password = random_password();
    ASSERT_TRUE(password);
    std::string const text{password->reveal()};
    EXPECT_EQ(text.size(), 20U);
    for (auto const* letters :
         {"0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "@#$*!^"})
      EXPECT_NE(text.find_first_of(letters), std::string::npos);
    made.insert(text);
  }
  EXPECT_THAT(made, SizeIs(200));
}

}  // namespace
}  // namespace dirsync::console
