// People whom the Vault takes in from the directory: each once, and all of a group with few calls.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;

class GivenManyNewcomers : public World {
 protected:
  static constexpr int kPeople = 60, kGroups = 20;
  GivenManyNewcomers() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\ngroups_created = \"off\"\n";
    std::erase_if(company.groups, [](Group const& group) { return group.cn.starts_with("pam-"); });
    for (int n = 0; n < kPeople; ++n)
      company.people.push_back({uid(n), "New " + uid(n), false, false, false});
    for (int group = 0; group < kGroups; ++group) {
      Group made{.cn = "pam-many-" + std::to_string(group)};
      for (int n = 0; n < kPeople; ++n)
        if ((n + group) % 4 == 0) made.people.push_back(uid(n));
      memberships_ += static_cast<std::int64_t>(made.people.size());
      company.groups.push_back(std::move(made));
    }
  }
  static std::string uid(int n) { return "n" + std::to_string(n); }
  static std::int64_t number(json::value const& counters, char const* key) {
    return counters.at(key).to_number<std::int64_t>();
  }
  std::int64_t calls(char const* route) {
    auto const counters = vault_->get("counters");
    auto const& by_route = counters.at("by_route").as_object();
    return by_route.contains(route) ? by_route.at(route).as_int64() : 0;
  }
  /// Members whom calls asked the Vault to take in from the directory, each as often as asked.
  std::multiset<std::string> taken_in() {
    std::multiset<std::string> names;
    auto const journal = vault_->get("journal");
    for (auto const& call : journal.as_array()) {
      if (text_at(call.as_object(), "route") != "add-member") continue;
      auto const body = json::parse(text_at(call.as_object(), "body"));
      if (text_at(body.as_object(), "memberType") == "Domain")
        names.insert(text_at(body.as_object(), "memberId"));
    }
    return names;
  }
  std::int64_t memberships_ = 0;
};

TEST_F(GivenManyNewcomers, WhenSyncedThenEachIsTakenInOnceAndAddedByNameFromThenOn) {
  sync(0);
  expect_in_sync();
  auto const names = taken_in();
  for (int n = 0; n < kPeople; ++n) EXPECT_EQ(names.count(uid(n)), 1U) << uid(n);
  std::set<std::string> provisioned;
  std::int64_t rows = 0;
  for (auto const& row : audit({"--target", "vault"})) {
    auto const principal = text_at(row, "principal");
    if (text_at(row, "verb") != "add" || !principal.starts_with("n")) continue;
    ++rows;
    EXPECT_EQ(text_at(row, "result"), "done");
    if (!text_at(row, "detail").starts_with("provisioned ")) continue;
    EXPECT_TRUE(provisioned.insert(principal).second) << principal;
  }
  EXPECT_EQ(rows, memberships_);
  EXPECT_EQ(provisioned.size(), static_cast<std::size_t>(kPeople));
  forget_calls();
  sync(0);
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenManyNewcomers, WhenSyncedThenThereIsOneWriteAMembershipAndAboutOneLookAPersonAndAGroup) {
  sync(0);
  auto const counters = vault_->get("counters");
  EXPECT_EQ(calls("add-member"), memberships_);
  EXPECT_EQ(calls("get-user"), kPeople);
  // Before and after newcomers, and once to verify.
  EXPECT_LE(calls("get-group"), 3 * kGroups);
  EXPECT_LE(number(counters, "requests"), memberships_ + kPeople + 4 * kGroups + 40);
}

class GivenAGroupThatFills : public World {
 protected:
  static constexpr int kFirst = 100, kSecond = 400;
  GivenAGroupThatFills() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\ngroups_created = \"off\"\n";
    company.groups.push_back({"pam-large", {"u01"}, {}});
    company.groups.push_back({"pam-larger", {"u01"}, {}});
    for (int n = 0; n < kFirst + kSecond; ++n)
      company.people.push_back({"n" + std::to_string(n), "New " + std::to_string(n), false, false, false});
  }
  void join_many(std::string const& cn, int first, int count) {
    auto& group = company.group(cn);
    auto records = "dn: " + group.dn() + "\nchangetype: modify\nadd: member\n";
    for (int n = first; n < first + count; ++n) {
      group.people.push_back("n" + std::to_string(n));
      records += "member: " + company.person(group.people.back()).dn() + "\n";
    }
    modify_directory(records);
  }
  /// Of all that the Vault answers in a run that takes them in, beyond what a run without changes reads.
  std::int64_t bytes_to_take_in(std::string const& cn, int first, int count) {
    auto const bytes = [this] { return vault_->get("counters").at("answer_bytes").as_int64(); };
    join_many(cn, first, count);
    forget_calls();
    sync(0);
    auto const with = bytes();
    forget_calls();
    sync(0);
    return with - bytes();
  }
};

TEST_F(GivenAGroupThatFills, WhenFourTimesAsManyComeThenAboutFourTimesAsMuchIsRead) {
  sync(0);
  auto const few = bytes_to_take_in("pam-large", 0, kFirst);
  auto const many = bytes_to_take_in("pam-larger", kFirst, kSecond);
  // The two groups begin alike; of the square it would be sixteen times as much.
  EXPECT_LT(many, 6 * few) << few;
}

}  // namespace
}  // namespace dirsync::test
