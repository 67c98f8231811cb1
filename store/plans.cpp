// Plans that wait for a person, and small memories between runs.
#include "store/plan_rows.hpp"
#include "store/write.hpp"
#include "sync/model/approvals.hpp"

namespace dirsync::store {

/// As outlasts() of sync/model/approvals.hpp, what is held being of a command of its own or not (?1).
#define DIRSYNC_OUTLASTS                                                                               \
  "(state = 'held' AND EXISTS (SELECT 1 FROM approval WHERE approval.digest = plan.digest) AND ?1 <> " \
  "(coalesce(iif(json_valid(document_json), json_extract(document_json, '$.command'), ''), '') <> ''))"

Result<void> Store::hold_plan(StoredPlan const& plan) {
  static constexpr char kSupersede[] =
      "UPDATE plan SET state = 'superseded' "
      "WHERE digest <> ?2 AND directory = ?3 AND (state = 'held' OR directory <> '' AND state IN "
      "('approved', 'rejected')) AND NOT " DIRSYNC_OUTLASTS;
  static constexpr char kUpsert[] =
      "INSERT INTO plan (digest, run, first_seen, last_seen, state, decided, decided_by, document_json, "
      "directory, approvals_needed) VALUES (?, ?, ?, ?, 'held', '', '', ?, ?, ?) ON CONFLICT (digest) DO "
      "UPDATE SET run = excluded.run, last_seen = excluded.last_seen, "
      "document_json = excluded.document_json, approvals_needed = excluded.approvals_needed, "
      "decided = iif(state IN ('superseded', 'applied'), '', decided), "
      "decided_by = iif(state IN ('superseded', 'applied'), '', decided_by), "
      "decided_why = iif(state IN ('superseded', 'applied'), '', decided_why), "
      "state = iif(state IN ('superseded', 'applied'), 'held', state)";
  static constexpr char kForget[] =
      "DELETE FROM approval WHERE digest = ?1 AND EXISTS "
      "(SELECT 1 FROM plan WHERE digest = ?1 AND state IN ('superseded', 'applied'))";
  return write("a plan cannot be held", [this, &plan]() -> Result<void> {
    database_->query(kSupersede).with(!command_of(plan).empty(), plan.digest, plan.directory).run();
    database_->query(kForget).with(plan.digest).run();
    database_->query(kUpsert)
        .with(plan.digest, plan.run, plan.first_seen, plan.last_seen, plan.document_json, plan.directory,
              plan.approvals_needed)
        .run();
    return {};
  });
}

Result<void> Store::supersede_held_plans() {
  static constexpr char kSupersede[] =
      "UPDATE plan SET state = 'superseded' WHERE state = 'held' AND directory = '' AND "
      "NOT " DIRSYNC_OUTLASTS;
  return write("plans cannot be superseded", [this]() -> Result<void> {
    constexpr bool kOfAnOrdinaryRun = false;
    database_->query(kSupersede).with(kOfAnOrdinaryRun).run();
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
                              auto plan = read_plan(*database_, query);
                              plan.document_json = query.text(kPlanDocument);
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
    while (query.step())
      plans.emplace_back(read_plan(*database_, query)).document_json = query.text(kPlanDocument);
    return plans;
  });
}

Result<std::vector<StoredPlan>> Store::plans(std::int64_t limit) {
  static constexpr char kSelect[] =
      "SELECT " DIRSYNC_PLAN_COLUMNS " FROM plan ORDER BY last_seen DESC, digest LIMIT ?";
  return database_->attempt("plans cannot be read", [this, limit]() -> Result<std::vector<StoredPlan>> {
    std::vector<StoredPlan> plans;
    auto query = database_->query(kSelect);
    for (query.with(limit); query.step();) plans.push_back(read_plan(*database_, query));
    return plans;
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

}  // namespace dirsync::store
