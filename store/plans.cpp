// Plans that wait for a person, and small memories between runs.
#include <array>
#include <utility>

#include "store/write.hpp"

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

#define DIRSYNC_PLAN_COLUMNS "digest, run, first_seen, last_seen, state, decided, decided_by, directory"

StoredPlan read_plan(Query const& row) {
  StoredPlan plan;
  plan.digest = PlanDigest{row.text(0)};
  plan.run = RunId{row.integer(1)};
  plan.first_seen = row.time(2);
  plan.last_seen = row.time(3);
  plan.state = state_of(row.text(4));
  if (!row.text(5).empty()) plan.decided = row.time(5);
  plan.decided_by = row.text(6);
  plan.directory = row.text(7);
  return plan;
}

std::optional<StoredPlan> select_plan(Database& database, PlanDigest const& digest) {
  static constexpr char kSelect[] =
      "SELECT " DIRSYNC_PLAN_COLUMNS ", document_json FROM plan WHERE digest = ?";
  auto query = database.query(kSelect);
  if (!query.with(digest).step()) return std::nullopt;
  auto plan = read_plan(query);
  plan.document_json = query.text(8);
  return plan;
}

Error no_such_plan(PlanDigest const& digest) {
  return {StoreErrc::no_such_plan,
          "plan " + digest.value() + ": not known. `dirsyncd status` lists those that wait"};
}

Error plan_closed(Database& database, StoredPlan const& plan) {
  static constexpr char kHeld[] =
      "SELECT digest FROM plan WHERE state = 'held' ORDER BY last_seen DESC, digest LIMIT 1";
  auto held = database.query(kHeld);
  auto const instead = held.step() ? "The plan that waits now is " + held.text(0) : "No plan waits now";
  auto const why =
      plan.state == State::applied ? ": was applied already. " : ": the situation has changed since. ";
  return {StoreErrc::plan_closed, "plan " + plan.digest.value() + why + instead};
}

SetAside read_set_aside(Query const& row) {
  return {.target = row.text(0),
          .group = row.text(1),
          .principal = row.text(2),
          .reason = row.text(3),
          .attempts = static_cast<int>(row.integer(4)),
          .next_try = row.time(5)};
}
}  // namespace

Result<void> Store::hold_plan(StoredPlan const& plan) {
  static constexpr char kSupersede[] =
      "UPDATE plan SET state = 'superseded' "
      "WHERE digest <> ?1 AND directory = ?2 AND (state = 'held' OR directory <> '' AND state IN "
      "('approved', 'rejected'))";
  static constexpr char kUpsert[] =
      "INSERT INTO plan (digest, run, first_seen, last_seen, state, decided, decided_by, document_json, "
      "directory) VALUES (?, ?, ?, ?, 'held', '', '', ?, ?) ON CONFLICT (digest) DO UPDATE "
      "SET run = excluded.run, last_seen = excluded.last_seen, document_json = excluded.document_json, "
      "decided = iif(state IN ('superseded', 'applied'), '', decided), "
      "decided_by = iif(state IN ('superseded', 'applied'), '', decided_by), "
      "state = iif(state IN ('superseded', 'applied'), 'held', state)";
  return write("a plan cannot be held", [this, &plan]() -> Result<void> {
    database_->query(kSupersede).with(plan.digest, plan.directory).run();
    database_->query(kUpsert)
        .with(plan.digest, plan.run, plan.first_seen, plan.last_seen, plan.document_json, plan.directory)
        .run();
    return {};
  });
}

Result<void> Store::supersede_held_plans() {
  static constexpr char kSupersede[] =
      "UPDATE plan SET state = 'superseded' WHERE state = 'held' AND directory = ''";
  return write("plans cannot be superseded", [this]() -> Result<void> {
    database_->query(kSupersede).run();
    return {};
  });
}

Result<std::optional<StoredPlan>> Store::find_plan(PlanDigest const& digest) {
  return database_->attempt("plans cannot be read", [this, &digest]() -> Result<std::optional<StoredPlan>> {
    return select_plan(*database_, digest);
  });
}

Result<std::vector<PlanDigest>> Store::digests_that_begin(std::string const& digits, std::int64_t limit) {
  static constexpr char kSelect[] =
      "SELECT digest FROM plan WHERE substr(digest, 1, length(?1)) = ?1 ORDER BY digest LIMIT ?2";
  return database_->attempt("plans cannot be read", [&]() -> Result<std::vector<PlanDigest>> {
    std::vector<PlanDigest> digests;
    auto query = database_->query(kSelect);
    for (query.with(digits, limit); query.step();) digests.emplace_back(query.text(0));
    return digests;
  });
}

Result<std::optional<StoredPlan>> Store::held_read(std::string const& directory) {
  static constexpr char kSelect[] =
      "SELECT " DIRSYNC_PLAN_COLUMNS
      ", document_json FROM plan WHERE directory = ? AND state IN ('held', 'approved', 'rejected') "
      "ORDER BY last_seen DESC, digest LIMIT 1";
  return database_->attempt("plans cannot be read",
                            [this, &directory]() -> Result<std::optional<StoredPlan>> {
                              auto query = database_->query(kSelect);
                              if (!query.with(directory).step()) return std::nullopt;
                              auto plan = read_plan(query);
                              plan.document_json = query.text(8);
                              return plan;
                            });
}

Result<std::vector<StoredPlan>> Store::held_plans() {
  static constexpr char kSelect[] =
      "SELECT " DIRSYNC_PLAN_COLUMNS
      ", document_json FROM plan WHERE state = 'held' ORDER BY first_seen, digest";
  return database_->attempt("plans cannot be read", [this]() -> Result<std::vector<StoredPlan>> {
    std::vector<StoredPlan> plans;
    auto query = database_->query(kSelect);
    while (query.step()) plans.emplace_back(read_plan(query)).document_json = query.text(8);
    return plans;
  });
}

Result<std::vector<StoredPlan>> Store::plans(std::int64_t limit) {
  static constexpr char kSelect[] =
      "SELECT " DIRSYNC_PLAN_COLUMNS " FROM plan ORDER BY last_seen DESC, digest LIMIT ?";
  return database_->attempt("plans cannot be read", [this, limit]() -> Result<std::vector<StoredPlan>> {
    std::vector<StoredPlan> plans;
    auto query = database_->query(kSelect);
    for (query.with(limit); query.step();) plans.push_back(read_plan(query));
    return plans;
  });
}

Result<void> Store::decide_plan(PlanDigest const& digest, bool approve, std::string const& actor, Time now) {
  static constexpr char kUpdate[] = "UPDATE plan SET state = ?, decided = ?, decided_by = ? WHERE digest = ?";
  return write("a decision cannot be recorded", [this, &digest, approve, &actor, now]() -> Result<void> {
    auto const plan = select_plan(*database_, digest);
    if (!plan) return no_such_plan(digest);
    if (plan->state == State::applied || plan->state == State::superseded)
      return plan_closed(*database_, *plan);
    auto const* const decision = approve ? "approved" : "rejected";
    database_->query(kUpdate).with(decision, now, actor, digest).run();
    AuditRow row;
    row.time = now;
    row.run = plan->run;
    row.phase = "approve";
    row.plan = digest.value();
    row.actor = actor;
    row.result = decision;
    append_row(*database_, std::move(row));
    return {};
  });
}

Result<void> Store::end_approval(PlanDigest const& digest) {
  static constexpr char kUpdate[] =
      "UPDATE plan SET state = 'held', decided = '', decided_by = '' WHERE digest = ? AND state = 'approved'";
  return write("an approval cannot be ended", [this, &digest]() -> Result<void> {
    database_->query(kUpdate).with(digest).run();
    return {};
  });
}

Result<void> Store::plan_applied(PlanDigest const& digest, RunId run) {
  static constexpr char kUpdate[] = "UPDATE plan SET state = 'applied', run = ? WHERE digest = ?";
  return write("an approval cannot be used up", [this, &digest, run]() -> Result<void> {
    if (database_->query(kUpdate).with(run, digest).run() == 0) return no_such_plan(digest);
    return {};
  });
}

Result<std::map<std::string, RuleMemory>> Store::rule_memories() {
  static constexpr char kSelect[] = "SELECT rule, settings FROM rule_memory ORDER BY rule";
  using Memories = std::map<std::string, RuleMemory>;
  return database_->attempt("rules cannot be read", [this]() -> Result<Memories> {
    Memories memories;
    auto query = database_->query(kSelect);
    while (query.step()) memories.emplace(query.text(0), RuleMemory{query.text(1)});
    return memories;
  });
}

Result<std::optional<RuleMemory>> Store::rule_memory(std::string const& rule) {
  static constexpr char kSelect[] = "SELECT settings FROM rule_memory WHERE rule = ?";
  return database_->attempt("a rule's memory cannot be read",
                            [this, &rule]() -> Result<std::optional<RuleMemory>> {
                              auto query = database_->query(kSelect);
                              if (!query.with(rule).step()) return std::nullopt;
                              return RuleMemory{query.text(0)};
                            });
}

Result<void> Store::remember_rule(std::string const& rule, RuleMemory const& memory) {
  static constexpr char kUpsert[] =
      "INSERT INTO rule_memory (rule, settings) VALUES (?, ?) "
      "ON CONFLICT (rule) DO UPDATE SET settings = excluded.settings";
  return write("a rule cannot be remembered", [this, &rule, &memory]() -> Result<void> {
    database_->query(kUpsert).with(rule, memory.settings).run();
    return {};
  });
}

Result<std::vector<AbsenceCount>> Store::absences(std::string const& directory) {
  static constexpr char kSelect[] = "SELECT key, runs, counted FROM absence WHERE directory = ? ORDER BY key";
  return database_->attempt(
      "absences cannot be read", [this, &directory]() -> Result<std::vector<AbsenceCount>> {
        std::vector<AbsenceCount> counts;
        auto query = database_->query(kSelect);
        for (query.with(directory); query.step();)
          counts.push_back({query.text(0), static_cast<int>(query.integer(1)), query.time(2)});
        return counts;
      });
}

Result<void> Store::replace_absences(std::string const& directory, std::span<AbsenceCount const> counts) {
  static constexpr char kDelete[] = "DELETE FROM absence WHERE directory = ?";
  static constexpr char kInsert[] = "INSERT INTO absence (directory, key, runs, counted) VALUES (?, ?, ?, ?)";
  return write("absences cannot be recorded", [this, &directory, counts]() -> Result<void> {
    database_->query(kDelete).with(directory).run();
    for (auto const& count : counts)
      database_->query(kInsert).with(directory, count.key, count.runs, count.counted).run();
    return {};
  });
}

Result<std::vector<SetAside>> Store::set_aside(std::string const& target) {
  static constexpr char kSelect[] =
      "SELECT target, group_name, principal, reason, attempts, next_try FROM set_aside WHERE target = ? "
      "ORDER BY group_name, principal";
  return database_->attempt("what is set aside cannot be read",
                            [this, &target]() -> Result<std::vector<SetAside>> {
                              std::vector<SetAside> objects;
                              auto query = database_->query(kSelect);
                              for (query.with(target); query.step();)
                                objects.push_back(read_set_aside(query));
                              return objects;
                            });
}

Result<std::vector<SetAside>> Store::all_set_aside() {
  static constexpr char kSelect[] =
      "SELECT target, group_name, principal, reason, attempts, next_try FROM set_aside "
      "ORDER BY target, group_name, principal";
  return database_->attempt("what is set aside cannot be read", [this]() -> Result<std::vector<SetAside>> {
    std::vector<SetAside> objects;
    auto query = database_->query(kSelect);
    while (query.step()) objects.push_back(read_set_aside(query));
    return objects;
  });
}

Result<void> Store::replace_set_aside(std::string const& target, std::span<SetAside const> objects) {
  static constexpr char kDelete[] = "DELETE FROM set_aside WHERE target = ?";
  static constexpr char kUpsert[] =
      "INSERT INTO set_aside (target, group_name, principal, reason, attempts, next_try) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (target, group_name, principal) DO UPDATE "
      "SET reason = excluded.reason, attempts = excluded.attempts, next_try = excluded.next_try";
  return write("what is set aside cannot be recorded", [this, &target, objects]() -> Result<void> {
    database_->query(kDelete).with(target).run();
    for (auto const& object : objects)
      database_->query(kUpsert)
          .with(target, object.group, object.principal, object.reason, object.attempts, object.next_try)
          .run();
    return {};
  });
}

#undef DIRSYNC_PLAN_COLUMNS
}  // namespace dirsync::store
