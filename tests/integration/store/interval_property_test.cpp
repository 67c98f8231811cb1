// Random histories: at every instant the intervals tell what the grants were then, and so do those that are
// made anew from the audit trail.
#include <gmock/gmock.h>

#include <random>
#include <set>

#include "store/interval_tables.hpp"
#include "store/interval_writer.hpp"
#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {

using Members = std::set<std::pair<std::string, std::string>>;  // id of the group, principal

struct GivenRandomHistory : OpenStore, testing::WithParamInterface<unsigned> {
  struct Instant {
    Time time;
    Members members;
  };
  std::mt19937 random{GetParam()};
  std::vector<Instant> instants;

  int dice(int sides) { return std::uniform_int_distribution{0, sides - 1}(random); }
  std::string person() { return "p" + std::to_string(dice(5)); }
  std::string group_id() { return std::to_string(1 + dice(3)); }
  std::string name_of(std::string const& id) {
    for (auto const& group : store.managed("vault").value().groups)
      if (group.group_id == id) return group.group;
    return "group" + id;
  }
  Change change(Verb verb) {
    auto change = add(person(), group_id());
    change.verb = verb;
    change.group = name_of(change.group_id);
    return change;
  }
  Change group_change(Verb verb) {
    auto one = change(verb);
    one.principal.clear();
    one.principal_id.clear();
    return one;
  }
  Outcome outcome() {
    return std::array{Outcome::done, Outcome::done, Outcome::already, Outcome::failed}[dice(4)];
  }
  /// Of the grants that are there; nothing where there are none.
  std::optional<Grant> some_grant() {
    auto const grants = store.managed("vault").value().grants;
    if (grants.empty()) return std::nullopt;
    return grants[static_cast<std::size_t>(dice(static_cast<int>(grants.size())))];
  }

  void adopt_one() {
    auto const one = change(Verb::add);
    auto const grant = grant_of(one);
    ManagedGroup const group{one.group_id, one.group, "ops", false, {}};
    ASSERT_TRUE(store.adopt(run, "vault", "daemon", {&group, 1}, {&grant, 1}));
  }
  void forget_one() {
    auto const grant = some_grant();
    if (grant) {
      ASSERT_TRUE(store.forget(run, "vault", "daemon", {&*grant, 1}));
    }
  }
  void rename_person() {
    auto grant = some_grant();
    if (!grant) return;
    grant->dn = "uid=" + grant->principal + ",ou=moved" + std::to_string(dice(3));
    ASSERT_TRUE(store.adopt(run, "vault", "daemon", {}, {&*grant, 1}));
  }
  void recover_one() {
    intend(change(dice(2) == 0 ? Verb::add : Verb::remove));
    for (auto const& intent : store.open_intents().value())
      ASSERT_TRUE(store.recover(intent, outcome(), "looked up"));
  }
  void step() {
    switch (dice(12)) {
      case 0:
        return adopt_one();
      case 1:
        return forget_one();
      case 2:
        return rename_person();
      case 3:
        return recover_one();
      case 4:
        return dice(3) == 0 ? apply(group_change(Verb::delete_group))
                            : apply(group_change(Verb::create_group));
      case 5:
      case 6:
      case 7:
        return apply(change(Verb::remove), outcome());
      default:
        return apply(change(Verb::add), outcome());
    }
  }
  void live() {
    for (auto at = 0; at < 20 * 6; ++at) {
      if (at % 6 == 0) run = store.begin_run({clock->now(), "daemon", "daemon", "c"}).value();
      ASSERT_NO_FATAL_FAILURE(step());
      Members members;
      for (auto const& grant : store.managed("vault").value().grants)
        members.emplace(grant.group_id, grant.principal);
      instants.push_back({clock->now(), std::move(members)});
    }
  }
  Members told_at(std::optional<Time> at) {
    Members told;
    for (auto const& group : store.intervals().groups("vault", at).value())
      for (auto const& held : store.intervals().members(group.number, at).value())
        told.emplace(group.id, held.principal);
    return told;
  }
  void expect_told() {
    for (auto const& [time, members] : instants) ASSERT_EQ(told_at(time), members) << rfc3339(time);
    EXPECT_EQ(told_at(std::nullopt), instants.back().members);
  }
};

TEST_P(GivenRandomHistory, WhenAskedForAnyInstantThenTheGrantsOfThatInstant) {
  live();
  expect_told();
  for (auto const& group : store.intervals().groups("vault", std::nullopt).value())
    for (auto person = 0; person < 5; ++person) {
      auto lasting = 0;
      for (auto const& held : store.intervals().history("p" + std::to_string(person), group.number).value()) {
        lasting += held.lasts() ? 1 : 0;
        EXPECT_LE(*held.since, *held.began);
      }
      EXPECT_LE(lasting, 1);
    }
}

TEST_P(GivenRandomHistory, WhenTheIntervalsAreMadeAnewFromTheTrailThenTheyTellTheSame) {
  live();
  auto database = Database::open(state_folder(), Database::Access::read_write).value();
  database.execute(
      "DELETE FROM membership_interval; DELETE FROM interval_member; DELETE FROM interval_group_name; "
      "DELETE FROM interval_group; DELETE FROM interval_text; UPDATE membership SET interval_number = 0;");
  intervals_from_audit(database);
  auto const by_name = [this](Members const& members) {
    Members named;
    for (auto const& [id, principal] : members) named.emplace("group" + id, principal);
    return named;
  };
  for (auto const& [time, members] : instants) {
    Members told;
    for (auto const& group : store.intervals().groups("vault", time).value())
      for (auto const& held : store.intervals().members(group.number, time).value())
        told.emplace(group.name, held.principal);
    ASSERT_EQ(told, by_name(members)) << rfc3339(time);
  }
  auto const grant = some_grant();
  ASSERT_TRUE(grant) << "choose other seeds";
  ASSERT_TRUE(store.forget(run, "vault", "daemon", {&*grant, 1}));
  for (auto const& group : store.intervals().find_groups(grant->group_id, "vault", std::nullopt).value())
    for (auto const& held : store.intervals().members(group.number, std::nullopt).value())
      EXPECT_NE(held.principal, grant->principal) << "grants know their intervals";
}

INSTANTIATE_TEST_SUITE_P(Seeds, GivenRandomHistory, testing::Range(1U, 31U));

}  // namespace
}  // namespace dirsync::store
