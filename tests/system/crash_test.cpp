// kill -9 at every step of a run: whatever was under way, the next runs end in the same state (P5, P6).
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <tuple>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;

#ifndef DIRSYNC_JOURNAL_STRIDE
#define DIRSYNC_JOURNAL_STRIDE 1
#endif
#ifndef DIRSYNC_NETWORK_STEPS
#define DIRSYNC_NETWORK_STEPS 40
#endif
/// Of the journal's steps each one, or each of so many.
constexpr long kJournalStride = DIRSYNC_JOURNAL_STRIDE;
/// Of the run without a crash, at least. How many there are is the machine's: changes that are under way
/// together share a flush, four at most, and each is recorded before and after it.
constexpr long kJournalSteps = 20;
/// So many of the network steps are tried; all of them would take many minutes.
constexpr long kNetworkSteps = DIRSYNC_NETWORK_STEPS;

/// target, verb, group, principal
using Act = std::tuple<std::string, std::string, std::string, std::string>;

std::string path_of(json::value const& call) { return std::string{call.at("path").as_string()}; }

/// A read of groups or of a console's user, from which the fate of a write can be told.
bool is_look(json::value const& call) {
  if (call.at("method").as_string() != "GET") return false;
  auto const path = path_of(call);
  return path.find("UserGroups") != std::string::npos || path.starts_with("/api/groups") ||
         path.starts_with("/api/users");
}

/// Runs that are killed at a step of theirs.
class Crashes : public World {
 protected:
  struct Step {
    char const* kind;
    char const* side;
    long at;
  };

  std::filesystem::path state() const { return folder_.path() / "state"; }
  std::filesystem::path report() const { return folder_.path() / "steps"; }

  /// True when the run was killed at that step, false when it has fewer.
  bool crash(Step const& step) {
    // AddressSanitizer's runtime wants to come first; behind our library it works as well.
    auto const finished = run({"sync"}, {{"LD_PRELOAD", CRASH_AT_LIBRARY},
                                         {"ASAN_OPTIONS", "verify_asan_link_order=0"},
                                         {"CRASH_KIND", step.kind},
                                         {"CRASH_SIDE", step.side},
                                         {"CRASH_AT", std::to_string(step.at)},
                                         {"CRASH_REPORT", report()}});
    if (finished.exit == -SIGKILL) return true;
    EXPECT_EQ(finished.exit, 0) << finished.err;
    return false;
  }
};

/// Both targets in sync; then the directory changed, and the plan that follows was held and approved. Its
/// state is kept, so that every test run starts from it.
class GivenAnApprovedPlan : public Crashes {
 protected:
  GivenAnApprovedPlan() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\nremovals = 2\n";
    configuration.directory_keys = "band = { groups = 1000, users = 1000, values = 1000 }\n";
  }

  void SetUp() override {
    World::SetUp();
    sync(0);
    change_directory();
    auto const held = sync(4);
    for (auto const& [name, target] : held.at("targets").as_object()) {
      auto const& changes = target.at("changes").as_array();
      EXPECT_GE(changes.size(), 20U) << name;
      for (auto const& value : changes) {
        auto const& change = value.as_object();
        acts_.push_back({std::string{name}, text_at(change, "verb"), text_at(change, "group"),
                         text_at(change, "principal")});
      }
    }
    std::ranges::sort(acts_);
    ASSERT_EQ(run({"approve", text_at(held.as_object(), "digest")}).exit, 0);
    rows_before_ = audit().size();
    std::filesystem::copy(state(), prepared());
    vault_state_ = json::serialize(vault_->get("state"));
    console_state_ = json::serialize(console_->get("state"));
  }

  /// Additions, removals, creations and a revocation, on both sides.
  void change_directory() {
    Group vault_group{"pam-database", {"u02", "u03", "u05", "u07", "u09", "u24"}, {}};
    Group console_group{"iot-firmware", {"u02", "u03", "u06", "u07", "u09"}, {}};
    std::string records;
    for (auto const& group : {vault_group, console_group}) {
      company.groups.push_back(group);
      records += "dn: " + group.dn() + "\nchangetype: add\nobjectClass: groupOfNames\ncn: " + group.cn + "\n";
      for (auto const& uid : group.people) records += "member: " + company.person(uid).dn() + "\n";
      records += "\n";
    }
    modify_directory(records);
    for (auto const* uid : {"u23", "u24", "u26"}) join(uid, "team-e");
    for (auto const* uid : {"u18", "u19", "u22"}) join(uid, "team-d");
    for (auto const* uid : {"u06", "u08"}) leave(uid, "team-b");
    disable("u11");
  }

  std::filesystem::path prepared() const { return folder_.path() / "prepared"; }

  void restore() {
    std::filesystem::remove_all(state());
    std::filesystem::copy(prepared(), state());
    std::filesystem::remove(report());
    vault_->put_state(vault_state_);
    console_->put_state(console_state_);
    forget_calls();
  }

  /// journal, network
  std::pair<long, long> count_steps() {
    restore();
    EXPECT_FALSE(crash({"network", "after", 0}));
    std::pair<long, long> counts;
    std::ifstream{report()} >> counts.first >> counts.second;
    return counts;
  }

  void recover() {
    auto finished = run({"sync", "--json"});
    if (finished.exit == 4) {
      ASSERT_EQ(run({"approve", text_at(document(finished).as_object(), "digest")}).exit, 0);
      finished = run({"sync", "--json"});
    }
    ASSERT_EQ(finished.exit, 0) << finished.err << finished.out;
  }

  void expect_one_row_for_each_act() {
    std::vector<Act> done;
    auto const rows = audit();
    for (auto row = rows.begin() + static_cast<std::ptrdiff_t>(rows_before_); row != rows.end(); ++row) {
      auto const phase = text_at(*row, "phase");
      if ((phase == "change" || phase == "recovered") && text_at(*row, "result") == "done")
        done.push_back({text_at(*row, "target"), text_at(*row, "verb"), text_at(*row, "group"),
                        text_at(*row, "principal")});
    }
    std::ranges::sort(done);
    EXPECT_EQ(done, acts_);
  }

  static void expect_no_blind_repetition(SimulatorProcess const& simulator) {
    std::set<std::string> since_the_last_look;
    auto const calls = simulator.get("journal");
    for (auto const& call : calls.as_array()) {
      if (is_look(call)) since_the_last_look.clear();
      if (!call.at("write").as_bool()) continue;
      auto const key = std::string{call.at("method").as_string()} + " " + path_of(call) + " " +
                       std::string{call.at("body").as_string()};
      EXPECT_TRUE(since_the_last_look.insert(key).second) << key;
    }
  }

  void expect_each_change_made_once() {
    auto const changes = vault_->get("counters").at("changes").to_number<std::size_t>();
    auto const wanted =
        std::ranges::count_if(acts_, [](Act const& act) { return std::get<0>(act) == "vault"; });
    EXPECT_EQ(changes, static_cast<std::size_t>(wanted));
    EXPECT_EQ(console_->get("counters").at("idle_updates").to_number<std::int64_t>(), 0);
  }

  void check(Step const& step) {
    SCOPED_TRACE(std::string{step.kind} + " step " + std::to_string(step.at) + ", killed " + step.side +
                 " it");
    recover();
    if (HasFatalFailure()) return;
    expect_in_sync({"u11"});
    expect_one_row_for_each_act();
    expect_chain_holds();
    expect_no_blind_repetition(*vault_);
    expect_no_blind_repetition(*console_);
    expect_each_change_made_once();
    auto const before = writes();
    sync(0);
    EXPECT_EQ(writes(), before);
  }

  /// From `first` on, every `stride`th step, until the run has no more. Returns how often the run was killed.
  int crash_at_steps(char const* kind, char const* side, long first, long stride) {
    auto kills = 0;
    for (auto at = first; !HasFailure(); at += stride, ++kills) {
      Step const step{kind, side, at};
      restore();
      if (!crash(step)) break;
      check(step);
    }
    return kills;
  }

  std::vector<Act> acts_;  // of the plan, sorted
  std::size_t rows_before_ = 0;
  std::string vault_state_, console_state_;
};

TEST_F(GivenAnApprovedPlan, WhenNotKilledThenItHasStepsOfBothKinds) {
  auto const [journal, network] = count_steps();
  EXPECT_GT(journal, kJournalSteps);
  EXPECT_GT(network, 100);
  check({"no", "at", 0});
}

TEST_F(GivenAnApprovedPlan, WhenKilledAfterAnyJournalStepThenTheNextRunsEndInTheSameState) {
  EXPECT_GT(crash_at_steps("journal", "after", 1, kJournalStride), kJournalSteps / kJournalStride);
}

TEST_F(GivenAnApprovedPlan, WhenKilledBeforeANetworkStepThenTheNextRunsEndInTheSameState) {
  auto const network = count_steps().second;
  EXPECT_GT(crash_at_steps("network", "before", 1, std::max(1L, network / kNetworkSteps)), kNetworkSteps / 2);
}

TEST_F(GivenAnApprovedPlan, WhenKilledAfterANetworkStepThenTheNextRunsEndInTheSameState) {
  auto const network = count_steps().second;
  EXPECT_GT(crash_at_steps("network", "after", 2, std::max(1L, network / kNetworkSteps)), kNetworkSteps / 2);
}

/// The Vault knows none of those whom the rule wants, and gives whom it provisions names of its own.
class GivenAVaultThatNamesWhomItProvisions : public Crashes {
 protected:
  GivenAVaultThatNamesWhomItProvisions() {
    configuration.limits_keys = "first_plan = \"apply\"\n";
    configuration.console_rule_keys = "allow_empty = true\n";
    company.groups = {{"pam-unix", {"u04", "u08"}, {}}, {"pam-linux", {"u12", "u01"}, {}}};
  }
  void SetUp() override {
    World::SetUp();
    auto state = json::parse(company.vault_state()).as_object();
    auto& directory = state.at("directories").as_array().at(0).as_object();
    directory["naming"] = "prefix";
    directory["prefix"] = "LDAP-";
    json::array known;
    for (auto const& group : company.groups)
      known.push_back({{"name", group.cn}, {"dn", group.dn()}, {"members", json::array{}}});
    directory["groups"] = known;
    vault_state_ = json::serialize(state);
  }

  /// A run from nothing at all, killed after that step of its journal; then to the end.
  bool begin_and_crash(long at) {
    std::filesystem::remove_all(state());
    std::filesystem::remove(report());
    vault_->put_state(vault_state_);
    forget_calls();
    if (!crash({"journal", "after", at})) return false;
    sync(0);
    return true;
  }
  /// Every addition has one row that says that it was done.
  void expect_one_row_for_each_addition(std::size_t additions) {
    std::set<std::pair<std::string, std::string>> done;
    std::size_t rows = 0;
    for (auto const& row : audit({"--action", "add"}))
      if (text_at(row, "result") == "done") {
        done.insert({text_at(row, "group"), text_at(row, "id")});
        ++rows;
      }
    EXPECT_EQ(rows, additions);
    EXPECT_EQ(done.size(), additions);
  }
  void expect_nothing_left_and_nobody_foreign() {
    forget_calls();
    auto const last = json::serialize(sync(0));
    EXPECT_EQ(writes(), 0);
    EXPECT_EQ(last.find("foreign"), std::string::npos) << last;
  }
  std::string vault_state_;
};

TEST_F(GivenAVaultThatNamesWhomItProvisions, WhenKilledAfterAnyJournalStepThenTheUsersThatItMadeAreOurs) {
  auto kills = 0L;
  for (; begin_and_crash(kJournalStride * kills + 1) && !HasFailure(); ++kills) {
    SCOPED_TRACE(kJournalStride * kills + 1);
    auto const members = vault_->memberships();
    EXPECT_EQ(members.at("unix"), (std::set<std::string>{"LDAP-u04", "LDAP-u08"}));
    EXPECT_EQ(members.at("linux"), (std::set<std::string>{"LDAP-u12", "u01"}));
    expect_one_row_for_each_addition(4);
    expect_nothing_left_and_nobody_foreign();
    leave("u04", "pam-unix");
    sync(0);
    EXPECT_EQ(vault_->memberships().at("unix"), std::set<std::string>{"LDAP-u08"});
    join("u04", "pam-unix");
  }
  EXPECT_GT(kills, 10 / kJournalStride);
}

TEST_F(GivenAVaultThatNamesWhomItProvisions,
       WhenKilledAfterEachSecondJournalStepThenTheGroupsThatItMadeAreOurs) {
  configuration.vault_rule_keys = "as = \"group\"\n";
  configure();
  auto kills = 0;
  for (; begin_and_crash(2 * kills + 1) && !HasFailure(); ++kills) {
    SCOPED_TRACE(2 * kills + 1);
    auto const members = vault_->memberships();
    EXPECT_EQ(members.at("unix"), std::set<std::string>{"LDAP-pam-unix"});
    EXPECT_EQ(members.at("linux"), std::set<std::string>{"LDAP-pam-linux"});
    expect_one_row_for_each_addition(2);
    expect_nothing_left_and_nobody_foreign();
  }
  EXPECT_GT(kills, 8);
}

}  // namespace
}  // namespace dirsync::test
