// Names that no path of a request can carry: nobody is asked for by one, and nobody is added who could not be
// taken out again.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::Contains;
using testing::IsSupersetOf;
using testing::Not;

/// In the directory, in the Vault, and in groups of both.
std::vector<std::string> const kNames{"..", ".", "CON", "a/b", "x.", "%2e%2e", "nul.txt", "q?p", "d\\e"};

class GivenPeopleWhomNoPathCanName : public World {
 protected:
  GivenPeopleWhomNoPathCanName() {
    for (auto const& name : kNames) company.people.push_back({name, "Odd " + name, true, true, false});
    company.groups.push_back({"pam-odd", {"u01", "u02"}, {}});
    company.groups.push_back({"pam-wanted", {"u03"}, {}});
    for (auto const& name : kNames) {
      company.group("pam-odd").people.push_back(name);
      company.group("pam-wanted").people.push_back(name);
    }
    configuration.limits_keys =
        "first_plan = \"apply\"\nadditions = \"off\"\nremovals = \"off\"\nremovals_per_group = \"off\"\n";
    configuration.vault_rule_keys = "adopt = true\nforeign_members = \"remove\"\n";
  }
  /// The Vault has the group already, with all of them in it.
  void SetUp() override {
    World::SetUp();
    vault_->edit(R"({"op":"create-group","groupName":"odd"})");
    for (auto const& name : kNames) put_into("odd", name);
    put_into("odd", "u01");
  }
  void put_into(std::string const& group, std::string const& member) {
    vault_->edit(json::serialize(json::object{{"op", "add-member"}, {"group", group}, {"member", member}}));
  }
  std::set<std::string> told(json::value const& plan, std::string_view group) {
    std::set<std::string> names;
    for (auto const& notice : plan.at("targets").at("vault").at("notices").as_array())
      if (text_at(notice.as_object(), "code") == "unaddressable" &&
          text_at(notice.as_object(), "group") == group)
        names.insert(text_at(notice.as_object(), "principal"));
    return names;
  }
  void expect_no_unfit_path() {
    EXPECT_EQ(vault_->get("counters").at("unfit_paths").as_int64(), 0);
    EXPECT_EQ(console_->get("counters").at("unfit_paths").as_int64(), 0);
  }
  std::set<std::string> const odd_{kNames.begin(), kNames.end()};
};

TEST_F(GivenPeopleWhomNoPathCanName, WhenWantedThenTheyStayWhereTheyAreAndAreAddedNowhere) {
  auto const plan = sync(0);
  EXPECT_EQ(told(plan, "wanted"), odd_);
  auto const members = vault_->memberships();
  EXPECT_THAT(members.at("odd"), IsSupersetOf(kNames));
  EXPECT_THAT(members.at("odd"), Contains("u02"));
  EXPECT_EQ(members.at("wanted"), std::set<std::string>{"u03"});
  expect_no_unfit_path();
}

TEST_F(GivenPeopleWhomNoPathCanName, WhenTheyLeaveThenTheirRemovalIsBlockedAndTheOthersGo) {
  sync(0);
  leave("u01", "pam-odd");
  for (auto const& name : kNames) leave(name, "pam-odd");
  auto const plan = sync(6);
  auto const members = vault_->memberships().at("odd");
  EXPECT_THAT(members, IsSupersetOf(kNames));
  EXPECT_THAT(members, Not(Contains("u01")));
  std::set<std::string> blocked;
  for (auto const& change : plan.at("targets").at("vault").at("changes").as_array())
    if (text_at(change.as_object(), "outcome") == "blocked")
      blocked.insert(text_at(change.as_object(), "principal"));
  EXPECT_EQ(blocked, odd_);
  expect_no_unfit_path();
}

TEST_F(GivenPeopleWhomNoPathCanName, WhenForeignThenToldAndNotTakenOut) {
  for (auto const& name : kNames) leave(name, "pam-odd");
  auto const plan = sync(0);
  EXPECT_EQ(told(plan, "odd"), odd_);
  EXPECT_THAT(vault_->memberships().at("odd"), IsSupersetOf(kNames));
  expect_no_unfit_path();
}

/// Ids that only a broken console gives out.
class GivenConsoleIdsThatNoPathCanCarry : public World {
 protected:
  GivenConsoleIdsThatNoPathCanCarry() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
  }
  void SetUp() override {
    company.groups.push_back({"iot-odd", {"u01"}, {}});
    World::SetUp();
    int number = 0;
    for (auto const* id : {"..", ".", "%2e%2e", "a/b"}) {
      auto const name = "odd-" + std::to_string(++number);
      console_->edit(json::serialize(json::object{
          {"op", "add_user"},
          {"user",
           {{"id", id}, {"userName", name + "@example.com"}, {"roles", json::array{"Insights Viewer"}}}}}));
      console_->edit(json::serialize(json::object{
          {"op", "add_group"},
          {"group",
           {{"id", std::string{id}}, {"name", name}, {"roles", json::array{"Device Administrator"}}}}}));
      company.people.push_back({name, "Odd " + name, false, false, true});
    }
    console_before_ = console_->memberships();
  }
};

TEST_F(GivenConsoleIdsThatNoPathCanCarry, WhenSyncedThenNobodyIsAskedForByThemAndTheOthersAreServed) {
  modify_directory(
      "dn: uid=odd-1,ou=people,dc=example,dc=com\nchangetype: add\nobjectClass: inetOrgPerson\n"
      "uid: odd-1\ncn: Odd\nsn: Odd\nmail: odd-1@example.com\n");
  join("odd-1", "iot-alerts");
  sync(0);
  EXPECT_EQ(console_->get("counters").at("unfit_paths").as_int64(), 0);
  expect_in_sync({"odd-1"});
  auto const plan = document(run({"plan", "--json"}));
  std::set<std::string> told;
  for (auto const& notice : plan.at("targets").at("console").at("notices").as_array())
    if (text_at(notice.as_object(), "code") == "unaddressable")
      told.insert(text_at(notice.as_object(), "principal"));
  EXPECT_THAT(told, Contains("odd-1@example.com"));
}

}  // namespace
}  // namespace dirsync::test
