// Runs, and when each target was last in order.
#include <limits>

#include "store/checkpoints.hpp"
#include "store/feed_cookies.hpp"
#include "store/kept_texts.hpp"
#include "store/write.hpp"

namespace dirsync::store {
namespace {

#define DIRSYNC_RUN_COLUMNS                                                                            \
  "id, started, trigger, actor, configuration_digest, finished, verdict, exit_code, digest, planned, " \
  "done, failed, unconfirmed"

RunRecord read_run(Query const& row) {
  RunRecord run;
  run.id = RunId{row.integer(0)};
  run.start = {
      .time = row.time(1), .trigger = row.text(2), .actor = row.text(3), .configuration_digest = row.text(4)};
  if (!row.text(5).empty()) run.finished = row.time(5);
  run.verdict = row.text(6);
  run.exit_code = static_cast<int>(row.integer(7));
  run.digest = row.text(8);
  run.planned = row.integer(9);
  run.done = row.integer(10);
  run.failed = row.integer(11);
  run.unconfirmed = row.integer(12);
  return run;
}

std::string in_words(RunRecord const& run) {
  return "exit " + std::to_string(run.exit_code) + "; planned " + std::to_string(run.planned) + ", done " +
         std::to_string(run.done) + ", failed " + std::to_string(run.failed) + ", unconfirmed " +
         std::to_string(run.unconfirmed);
}
}  // namespace

Result<RunId> Store::begin_run(RunStart const& start) {
  static constexpr char kInsert[] =
      "INSERT INTO run (started, trigger, actor, configuration_digest) VALUES (?, ?, ?, ?)";
  if (auto const here = check_in_place(); !here) return here.error();
  if (marks_)
    if (auto const sound = check_chain_end(); !sound) return sound.error();
  return write("a run cannot be begun", [this, &start]() -> Result<RunId> {
    database_->query(kInsert).with(start.time, start.trigger, start.actor, start.configuration_digest).run();
    return RunId{database_->last_row_id()};
  });
}

Result<void> Store::end_run(RunRecord const& run) {
  static constexpr char kUpdate[] =
      "UPDATE run "
      "SET finished = ?, verdict = ?, exit_code = ?, digest = ?, planned = ?, done = ?, failed = ?, "
      "unconfirmed = ?, report_json = ?, shared_text = ?, notice_list = ? WHERE id = ?";
  static constexpr char kSuccess[] =
      "INSERT INTO target_success (target, run, time) VALUES (?, ?, ?) ON CONFLICT (target) DO UPDATE "
      "SET run = excluded.run, time = excluded.time";
  auto const ended = write("a run cannot be ended", [this, &run]() -> Result<void> {
    auto const finished = run.finished.value_or(options_.clock->now());
    auto const shared = keep_text(*database_, run.shared_json);
    auto const notices = keep_notices(*database_, run.notices);
    database_->query(kUpdate)
        .with(finished, run.verdict, run.exit_code, run.digest, run.planned, run.done, run.failed,
              run.unconfirmed, run.report_json, shared, notices, run.id)
        .run();
    keep_feed_cookies(*database_, run, finished);
    for (auto const& target : run.succeeded) database_->query(kSuccess).with(target, run.id, finished).run();
    AuditRow row;
    row.time = finished;
    row.run = run.id;
    row.phase = "run";
    row.plan = run.digest;
    row.actor = run.start.actor;
    row.result = run.verdict;
    row.detail = in_words(run);
    append_row(*database_, std::move(row));
    if (key_) sign_when_due(*database_, *key_, finished);
    return {};
  });
  database_->release_memory();  // the service rests now
  if (!ended) return ended;
  return move_mark();
}

Result<std::vector<RunRecord>> Store::runs(std::int64_t limit, std::optional<RunId> before) {
  static constexpr char kSelect[] =
      "SELECT " DIRSYNC_RUN_COLUMNS " FROM run WHERE id < ? ORDER BY id DESC LIMIT ?";
  using Runs = std::vector<RunRecord>;
  auto const end = before.value_or(RunId{std::numeric_limits<std::int64_t>::max()});
  return database_->attempt("runs cannot be read", [this, limit, end]() -> Result<Runs> {
    Runs runs;
    auto query = database_->query(kSelect);
    for (query.with(end, limit); query.step();) runs.push_back(read_run(query));
    return runs;
  });
}

Result<std::optional<RunRecord>> Store::find_run(RunId id) {
  static constexpr char kSelect[] =
      "SELECT " DIRSYNC_RUN_COLUMNS ", report_json, shared_text, notice_list FROM run WHERE id = ?";
  return database_->reading("a run cannot be read", [this, id]() -> Result<std::optional<RunRecord>> {
    auto query = database_->query(kSelect);
    if (!query.with(id).step()) return std::nullopt;
    auto run = read_run(query);
    run.report_json = query.text(13);
    run.shared_json = kept_text(*database_, query.integer(14));
    run.notices = kept_notices(*database_, query.integer(15));
    return run;
  });
}

Result<std::optional<RunRecord>> Store::last_run(std::optional<Time> at) {
  static constexpr char kSelect[] =
      "SELECT id FROM run WHERE started <= ?1 AND finished <> '' AND finished <= ?1 AND verdict <> '' "
      "AND trigger NOT IN ('console', 'undo', 'adopt', 'recover', 'leavers') "
      "ORDER BY started DESC, id DESC LIMIT 1";
  static constexpr char kLatest[] = "~";  // after every time
  auto const id = database_->attempt("runs cannot be read", [this, at]() -> Result<RunId> {
    auto query = database_->query(kSelect);
    return query.with(at ? rfc3339(*at) : kLatest).step() ? RunId{query.integer(0)} : RunId{};
  });
  if (!id) return id.error();
  if (id->value() == 0) return std::optional<RunRecord>{};
  return find_run(*id);
}

Result<std::map<std::string, TargetSuccess>> Store::last_successes() {
  static constexpr char kSelect[] = "SELECT target, run, time FROM target_success ORDER BY target";
  using Successes = std::map<std::string, TargetSuccess>;
  return database_->attempt("runs cannot be read", [this]() -> Result<Successes> {
    Successes successes;
    auto query = database_->query(kSelect);
    while (query.step())
      successes.insert_or_assign(query.text(0), TargetSuccess{RunId{query.integer(1)}, query.time(2)});
    return successes;
  });
}

#undef DIRSYNC_RUN_COLUMNS
}  // namespace dirsync::store
