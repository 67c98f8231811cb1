// Taking the oldest rows out of the audit trail.
#include <algorithm>

#include "store/audit_rows.hpp"
#include "store/checkpoints.hpp"
#include "store/mark.hpp"
#include "store/proof/base64.hpp"
#include "store/pruning.hpp"
#include "store/trail_check.hpp"
#include "store/write.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::store {
namespace {

/// Gathers what is left of the first rows while they stream by.
class OldRows {
 public:
  OldRows(Time before, std::optional<PrunedRows> const& earlier)
      : before_(std::chrono::floor<std::chrono::milliseconds>(before)) {
    if (!earlier) return;
    tree_ = earlier->tree().value_or(Frontier{});
    chain_ = earlier->head().hash;
    last_run_ = earlier->last_run;
  }
  void add(AuditRow const& row, std::string_view hashed) {
    ended_ = ended_ || row.time >= before_;
    if (ended_) return;
    tree_.add(hash_of_leaf(hashed));
    chain_ = row.hash;
    last_run_ = std::max(last_run_, row.run);
  }
  std::int64_t size() const { return tree_.size(); }
  PrunedRows signed_with(SigningKey const& key, Time now) const {
    return {checkpoint_of(tree_.size(), tree_.root(), chain_, key, now), tree_.nodes(), last_run_};
  }

 private:
  Time before_;
  bool ended_ = false;  // a row as late as that was seen; rows after it stay, whatever the clock said then
  Frontier tree_;
  std::string chain_;
  RunId last_run_;
};

/// A row that must stay, and for what.
struct NeededRow {
  std::int64_t sequence = 0;  // 0: there is none
  std::string why;
};

std::int64_t number_of(Database& database, char const* statement) {
  auto query = database.query(statement);
  return query.step() ? query.integer(0) : 0;
}

/// The first of them all.
NeededRow first_needed(Database& database, std::optional<Mark> const& mark) {
  static constexpr char kOpenIntents[] =
      "SELECT coalesce(min(sequence), 0) FROM audit WHERE run > 0 AND run = (SELECT min(run) FROM intent)";
  static constexpr char kWaitingPlans[] =
      "SELECT coalesce(min(sequence), 0) FROM audit WHERE plan <> '' AND plan IN "
      "(SELECT digest FROM plan WHERE state IN ('held', 'approved'))";
  NeededRow needed;
  auto const consider = [&needed](std::int64_t sequence, char const* why) {
    if (sequence > 0 && (needed.sequence == 0 || sequence < needed.sequence)) needed = {sequence, why};
  };
  consider(mark ? mark->head.sequence : 0, "it is the row that the mark beside the store names");
  consider(
      number_of(database, kOpenIntents),
      "it is of a run that sent changes of which nobody knows yet what became of them; the next run looks");
  consider(number_of(database, kWaitingPlans),
           "it tells of a plan that waits; `dirsyncd approve` or `dirsyncd reject` decides it");
  return needed;
}

Time time_of_row(Database& database, std::int64_t sequence) {
  static constexpr char kRowTime[] = "SELECT time FROM audit WHERE sequence = ?";
  auto query = database.query(kRowTime);
  return query.with(sequence).step() ? query.time(0) : Time{};
}

AuditRow row_of(PrunedRows const& pruned, std::int64_t first, Time before, std::string const& actor,
                Time now) {
  AuditRow row;
  row.time = now;
  row.phase = "store";
  row.actor = actor;
  row.result = kPruned;
  row.detail = "rows " + std::to_string(first) + " to " + std::to_string(pruned.rows()) + ", of before " +
               rfc3339(before) + ", were taken out; chain " + pruned.head().hash + ", root " +
               to_base64(view(pruned.checkpoint.checkpoint.root));
  return row;
}
}  // namespace

Result<std::optional<PrunedRows>> Store::prune(Time before, std::string const& actor) {
  using Taken = std::optional<PrunedRows>;
  DIRSYNC_ASSERT(key_);
  auto const mark = read_mark(options_.folder);
  if (!mark) return mark.error();
  auto const now = options_.clock->now();
  // What is taken out does not stay in the file.
  auto const wiped = database_->attempt("the audit trail cannot be pruned", [this]() -> Result<void> {
    database_->execute("PRAGMA secure_delete = ON");
    return {};
  });
  if (!wiped) return wiped.error();
  auto const done =
      write("the audit trail cannot be pruned", [this, before, &actor, &mark, now]() -> Result<Taken> {
        auto const earlier = read_pruned(*database_);
        OldRows old{before, earlier};
        auto const report =
            check_trail(*database_, key_->public_key(),
                        [&old](AuditRow const& row, std::string_view hashed) { old.add(row, hashed); });
        if (report.fault)
          return Error{StoreErrc::chain_broken,
                       database_->path().string() + ": " + report.fault->text +
                           ". Nothing is pruned of a trail that does not hold; see `dirsyncd log verify`"};
        auto const kept = earlier ? earlier->rows() : 0;
        if (old.size() == kept) return Taken{};
        if (auto const needed = first_needed(*database_, *mark);
            needed.sequence > 0 && needed.sequence <= old.size())
          return Error{StoreErrc::needed, "row " + std::to_string(needed.sequence) +
                                              " cannot be pruned: " + needed.why +
                                              ". Nothing was pruned; up to that row it goes with --before " +
                                              rfc3339(time_of_row(*database_, needed.sequence))};
        auto pruned = old.signed_with(*key_, now);
        append_row(*database_, row_of(pruned, kept + 1, before, actor, now));
        sign_now(*database_, *key_, now);
        take_out(*database_, pruned);
        checked_ = read_chain_head(*database_);
        return Taken{std::move(pruned)};
      });
  if (!done || !*done) return done;
  if (auto const marked = move_mark(); !marked) return marked.error();
  return done;
}

Result<std::optional<PrunedRows>> Store::pruned() {
  return database_->attempt("the audit trail cannot be read", [this]() -> Result<std::optional<PrunedRows>> {
    return read_pruned(*database_);
  });
}

}  // namespace dirsync::store
