#include "store/plan_rows.hpp"

#include <array>
#include <utility>

#include "sync/model/assert.hpp"

namespace dirsync::store {
namespace {
using State = StoredPlan::State;
constexpr std::array<std::pair<State, char const*>, 5> kStates{{{State::held, "held"},
                                                                {State::approved, "approved"},
                                                                {State::rejected, "rejected"},
                                                                {State::applied, "applied"},
                                                                {State::superseded, "superseded"}}};

State state_of(std::string_view text) {
  for (auto const& [state, name] : kStates)
    if (text == name) return state;
  damaged("a plan's state");
}

std::vector<GivenApproval> given_to(Database& database, PlanDigest const& digest) {
  static constexpr char kSelect[] =
      "SELECT actor, time, reason FROM approval WHERE digest = ? ORDER BY time, account";
  std::vector<GivenApproval> given;
  auto query = database.query(kSelect);
  for (query.with(digest); query.step();) given.push_back({query.text(0), query.time(1), query.text(2)});
  return given;
}
}  // namespace

char const* to_text(StoredPlan::State state) {
  for (auto const& [known, name] : kStates)
    if (state == known) return name;
  DIRSYNC_ASSERT(false);
}

StoredPlan read_plan(Database& database, Query const& row) {
  StoredPlan plan;
  plan.digest = PlanDigest{row.text(0)};
  plan.run = RunId{row.integer(1)};
  plan.first_seen = row.time(2);
  plan.last_seen = row.time(3);
  plan.state = state_of(row.text(4));
  if (!row.text(5).empty()) plan.decided = row.time(5);
  plan.decided_by = row.text(6);
  plan.directory = row.text(7);
  plan.approvals_needed = static_cast<int>(row.integer(8));
  plan.decided_why = row.text(9);
  plan.given = given_to(database, plan.digest);
  return plan;
}

std::optional<StoredPlan> select_plan(Database& database, PlanDigest const& digest) {
  static constexpr char kSelect[] =
      "SELECT " DIRSYNC_PLAN_COLUMNS ", document_json FROM plan WHERE digest = ?";
  auto query = database.query(kSelect);
  if (!query.with(digest).step()) return std::nullopt;
  auto plan = read_plan(database, query);
  plan.document_json = query.text(kPlanDocument);
  return plan;
}

Error no_such_plan(PlanDigest const& digest) {
  return {StoreErrc::no_such_plan,
          "plan " + digest.value() + ": not known. `dirsyncd status` lists those that wait"};
}

}  // namespace dirsync::store
