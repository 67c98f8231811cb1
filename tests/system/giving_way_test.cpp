// A run that has much to send gives way to somebody who loses access meanwhile: a real slapd with syncprov, a
// Vault that takes its time, and a schedule whose next run is an hour away.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <cstdint>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

/// u12 has access; then ten groups come, of twenty people each.
class GivenMuchToSend : public World {
 protected:
  static constexpr int kGroups = 10, kPeople = 20;

  GivenMuchToSend() {
    slapd_options_.global_lines = {"moduleload syncprov"};
    slapd_options_.database_lines = {"overlay syncprov", "syncprov-checkpoint 1 1",
                                     "syncprov-sessionlog 10000"};
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.more = "[schedule]\ninterval = \"1h\"\njitter = \"0s\"\nwatch = true\n";
    for (auto n = 0; n < kPeople; ++n)
      company.people.push_back({.uid = "new" + std::to_string(n), .name = "New " + std::to_string(n)});
  }
  void SetUp() override {
    World::SetUp();
    sync(0);
    ASSERT_TRUE(expected_in_vault().at("windows").contains("u12")) << "who is to lose it";
    for (auto n = 0; n < kGroups; ++n) add_group("pam-more" + std::to_string(n));
    forget_calls();
    vault_->replace_faults(R"([{"route":"add-member","delay_ms":250,"count":0}])");
  }
  void add_group(std::string const& cn) {
    Group group{.cn = cn};
    for (auto n = 0; n < kPeople; ++n) group.people.push_back("new" + std::to_string(n));
    auto record = "dn: " + group.dn() + "\nchangetype: add\nobjectClass: groupOfNames\ncn: " + cn + "\n";
    for (auto const& uid : group.people) record += "member: " + company.person(uid).dn() + "\n";
    modify_directory(record);
    company.groups.push_back(std::move(group));
  }
  void start_service() { service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}}); }
  Finished stop_service() {
    service_->send_signal(SIGTERM);
    return service_->wait();
  }
  std::string log() const { return service_->err(); }
  bool is_sending() const {
    return eventually([this] { return vault_->writes() >= kGroups + kPeople; });
  }
  bool in_sync(std::set<std::string> const& without = {}) {
    auto vault = expected_in_vault(without);
    vault.insert(vault_before_.begin(), vault_before_.end());
    return eventually([this, &vault] { return vault_->memberships() == vault; });
  }
  /// Positions, among the Vault's writes in the order of their arrival, of those of a route.
  std::vector<std::size_t> writes_of(std::string_view route) const {
    std::vector<std::pair<std::int64_t, std::string>> writes;
    auto const calls = vault_->get("journal");
    for (auto const& call : calls.as_array()) {
      auto const& fields = call.as_object();
      if (fields.at("write").as_bool())
        writes.emplace_back(fields.at("seq").to_number<std::int64_t>(), text_at(fields, "route"));
    }
    std::ranges::sort(writes);
    std::vector<std::size_t> positions;
    for (std::size_t at = 0; at < writes.size(); ++at)
      if (writes[at].second == route) positions.push_back(at);
    return positions;
  }
  std::size_t rows_of_what_was_left() {
    auto const rows = audit({"--target", "vault", "--action", "run"});
    return static_cast<std::size_t>(std::ranges::count_if(rows, [](json::object const& row) {
      return text_at(row, "detail").find("left for the next run") != std::string::npos;
    }));
  }

  std::unique_ptr<Process> service_;
};

TEST_F(GivenMuchToSend, WhenAPersonIsDisabledMeanwhileThenTheyLoseTheirGroupsLongBeforeTheRestIsSent) {
  start_service();
  ASSERT_TRUE(is_sending()) << log();
  disable("u12");
  ASSERT_TRUE(in_sync({"u12"})) << log();
  auto const removals = writes_of("remove-member"), additions = writes_of("add-member");
  EXPECT_EQ(additions.size(), static_cast<std::size_t>(kGroups * kPeople)) << "each once";
  ASSERT_FALSE(removals.empty());
  auto const after = std::ranges::count_if(
      additions, [last = removals.back()](std::size_t addition) { return addition > last; });
  EXPECT_GT(after, kPeople);
  EXPECT_LT(after, kGroups * kPeople) << "it was sent after the beginning, not before";
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_THAT(log(), HasSubstr("left for the next run: somebody may have to lose access at once"));
  EXPECT_THAT(log(), Not(HasSubstr("event=change_not_applied")));
  EXPECT_EQ(rows_of_what_was_left(), 1U) << "one row for all that was not sent";
  EXPECT_TRUE(audit({"--action", "recovered"}).empty());
  expect_chain_holds();
}

TEST_F(GivenMuchToSend, WhenSomebodyWithoutAccessIsDisabledMeanwhileThenItGoesOn) {
  auto const outsider = std::ranges::find_if(company.people, [this](Person const& person) {
    return std::ranges::none_of(company.groups, [this, &person](Group const& group) {
      return company.everybody_in(group.cn).contains(person.uid);
    });
  });
  ASSERT_NE(outsider, company.people.end());
  start_service();
  ASSERT_TRUE(is_sending()) << log();
  disable(outsider->uid);
  ASSERT_TRUE(in_sync()) << log();
  EXPECT_EQ(stop_service().exit, 0);
  EXPECT_EQ(rows_of_what_was_left(), 0U);
}

TEST_F(GivenMuchToSend, WhenTheServiceIsStoppedAfterItGaveWayThenNothingIsLostOrDoubled) {
  start_service();
  ASSERT_TRUE(is_sending()) << log();
  disable("u12");
  ASSERT_TRUE(eventually([this] { return !writes_of("remove-member").empty(); })) << log();
  EXPECT_EQ(stop_service().exit, 0);
  vault_->replace_faults("[]");
  sync(0);
  expect_in_sync({"u12"});
  EXPECT_EQ(writes_of("add-member").size(), static_cast<std::size_t>(kGroups * kPeople)) << "each once";
  EXPECT_TRUE(audit({"--action", "recovered"}).empty());
  expect_chain_holds();
}

}  // namespace
}  // namespace dirsync::test
