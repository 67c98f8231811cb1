// People whom the console does not have yet.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;

class GivenPeopleWhoNeverLoggedIn : public World {
 protected:
  GivenPeopleWhoNeverLoggedIn() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
  }
  /// Names of those whom the console's rule wants and who are no users there.
  std::set<std::string> missing() const {
    std::set<std::string> names;
    for (auto const& group : company.groups) {
      if (!group.cn.starts_with("iot-")) continue;
      for (auto const& uid : company.everybody_in(group.cn))
        if (!company.person(uid).in_console) names.insert(company.person(uid).mail());
    }
    return names;
  }
  void is_in_console_now(std::string const& name) {
    std::ranges::find(company.people, name, &Person::mail)->in_console = true;
  }
  json::object console_status() {
    return document(run({"status", "--json"})).at("targets").at("console").as_object();
  }
  /// Those that dirsyncd made up.
  std::set<std::string> passwords_of(std::set<std::string> const& names) const {
    std::set<std::string> passwords;
    auto const state = console_->get("state");
    for (auto const& user : state.at("users").as_array())
      if (names.contains(text_at(user.as_object(), "userName")))
        passwords.insert(text_at(user.as_object(), "password"));
    return passwords;
  }
  std::string all_files() const {
    std::string content;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{folder_.path() / "state"}) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file{entry.path(), std::ios::binary};
      content.append(std::istreambuf_iterator<char>{file}, {});
    }
    return content;
  }
};

TEST_F(GivenPeopleWhoNeverLoggedIn, WhenPlannedThenTheyAreNamedWithTheReason) {
  ASSERT_GE(missing().size(), 2U);
  auto const plan = document(run({"plan", "--json"}));
  std::set<std::string> waiting;
  for (auto const& notice : plan.at("targets").at("console").at("notices").as_array())
    if (text_at(notice.as_object(), "code") == "waiting") {
      waiting.insert(text_at(notice.as_object(), "principal"));
      EXPECT_THAT(text_at(notice.as_object(), "text"),
                  HasSubstr("first LDAP login. dirsyncd creates nobody"));
    }
  EXPECT_EQ(waiting, missing());
  auto const alike = "waiting " + std::to_string(missing().size()) + ": " + *missing().begin();
  EXPECT_THAT(run({"plan"}).out,
              AllOf(HasSubstr(alike), HasSubstr("first LDAP login. dirsyncd creates nobody")));
  auto const all = run({"plan", "--verbose"}).out;
  for (auto const& name : missing()) EXPECT_THAT(all, HasSubstr("waiting " + name + ": "));
}

TEST_F(GivenPeopleWhoNeverLoggedIn, WhenOneLogsInThenTheNextRunGivesThemWhatTheyAreDueInOneCall) {
  sync(0);
  expect_in_sync();
  auto const before = missing();
  EXPECT_EQ(console_status().at("waiting").as_array().size(), before.size());
  auto const status = run({"status"}).out;
  EXPECT_THAT(status, HasSubstr("waiting in console: "));
  for (auto const& name : before) EXPECT_THAT(status, HasSubstr(name));
  EXPECT_FALSE(console_->get("counters").at("by_route").as_object().contains("POST /api/users"));

  auto const name = *before.begin();
  console_->edit(R"({"op":"add_user","user":{"userName":")" + name + R"(","roles":["Insights Viewer"]}})");
  is_in_console_now(name);
  forget_calls();
  sync(0);
  expect_in_sync();
  EXPECT_EQ(console_->writes(), 1);
  EXPECT_EQ(console_status().at("waiting").as_array().size(), before.size() - 1);
}

TEST_F(GivenPeopleWhoNeverLoggedIn, WhenUsersAreCreatedThenEachByOneCallAndTheNextRunWritesNothing) {
  configuration.console_keys = "users = \"create\"\n";
  configure();
  auto const names = missing();
  auto const finished = run({"sync", "--json", "--log-level", "trace"});
  ASSERT_EQ(finished.exit, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("users are created in the console"));
  for (auto const& name : names) is_in_console_now(name);
  expect_in_sync();
  auto const counters = console_->get("counters");
  EXPECT_EQ(counters.at("by_route").at("POST /api/users").as_int64(),
            static_cast<std::int64_t>(names.size()));
  EXPECT_EQ(counters.at("password_updates").as_int64(), 0);
  EXPECT_EQ(counters.at("unknown_fields").as_int64(), 0);
  std::set<std::string> created;
  for (auto const& row : audit())
    if (text_at(row, "verb") == "add" && text_at(row, "detail").starts_with("created "))
      created.insert(text_at(row, "principal"));
  EXPECT_EQ(created, names);

  auto const passwords = passwords_of(names);
  EXPECT_EQ(passwords.size(), names.size());
  auto const files = all_files();
  for (auto const& password : passwords)
    for (auto const* place : {&finished.out, &finished.err, &files})
      EXPECT_EQ(place->find(password), place->npos);

  forget_calls();
  EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "in-sync");
  EXPECT_EQ(writes(), 0);
}

}  // namespace
}  // namespace dirsync::test
