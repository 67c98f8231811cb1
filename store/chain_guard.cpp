// What a store with the lock sees to of its audit trail: that its end is as it was left, that it is signed,
// and what a person decides where it is not so.
#include "store/audit_key.hpp"
#include "store/audit_rows.hpp"
#include "store/checkpoints.hpp"
#include "store/proof/checkpoint_check.hpp"
#include "store/pruning.hpp"
#include "store/trail_check.hpp"
#include "store/write.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::store {
namespace {

/// Read in a tenth of a second: of a trail that is no longer all rows, of another one as many each time.
constexpr std::int64_t kCheckedRows = 10'000;
/// Runs may follow one another within milliseconds.
constexpr std::chrono::minutes kLooksApart{1};

Error broken_end(std::filesystem::path const& path, ChainFault const& fault) {
  return {StoreErrc::chain_broken,
          path.string() + ": " + fault.text +
              ". Somebody edited the audit trail, so that nobody can rely on what the store says; nothing is "
              "sent. Find out who did that, see `dirsyncd log verify`, and put the newest sound copy of the "
              "store back; or, to go on with this one, `dirsyncd log acknowledge --reason TEXT`"};
}

/// A head that stands before the last rows goes on to where they end, as their triggers let it.
void move_head_to_the_end(Database& database) {
  static constexpr char kMove[] =
      "UPDATE audit_head SET sequence = next.sequence, hash = next.hash FROM audit AS next "
      "WHERE next.sequence = audit_head.sequence + 1";
  while (database.query(kMove).run() > 0) {
  }
}

std::optional<ChainFault> look_at_the_end(Database& database, std::optional<PublicKey> const& key) {
  auto const from = trusted_start(database, key);
  return from.fault ? from.fault : check_trail_end(database, from.start);
}

/// A row that no signature covers may be anybody's.
bool is_signed(AuditRow const& row, TrustedStart const& start) {
  return start.has_row && row.sequence <= start.head.sequence;
}

/// Somewhere in a longer trail, so that an edit of what was signed long ago is found within some runs. What a
/// person took note of stays as it is.
std::optional<ChainFault> look_at_some_rows(Database& database, TrustedStart const& start) {
  auto const pruned = read_pruned(database);
  auto fault = check_some_rows(database, pruned ? pruned->rows() : 0, kCheckedRows);
  if (!fault) return std::nullopt;
  auto const acknowledged = last_acknowledgement(database);
  auto const is_noted =
      acknowledged && is_signed(*acknowledged, start) && fault->sequence <= acknowledged->sequence;
  return is_noted ? std::nullopt : std::move(fault);
}

std::int64_t count_rows(Database& database) {
  auto const pruned = read_pruned(database);
  return read_chain_head(database).sequence - (pruned ? pruned->rows() : 0);
}

/// What came after the last look is looked at; this is about what came before it.
std::optional<ChainFault> look_again(Database& database, std::optional<PublicKey> const& key) {
  if (count_rows(database) <= kCheckedRows) return std::nullopt;
  auto from = trusted_start(database, key);
  return from.fault ? std::move(from.fault) : look_at_some_rows(database, from.start);
}

/// What a person took note of stays as it is; what came after it counts.
std::optional<ChainFault> first_look(Database& database, std::optional<PublicKey> const& key) {
  auto from = trusted_start(database, key);
  if (from.fault) return std::move(from.fault);
  if (auto fault = check_trail_end(database, from.start)) return fault;
  if (count_rows(database) > kCheckedRows) return look_at_some_rows(database, from.start);
  // Without a key: that it is another one is told by a row that is still to come.
  auto const report = check_trail(database, std::nullopt, nullptr);
  auto const& acknowledged = report.acknowledged;
  if (!report.fault || !acknowledged || !is_signed(*acknowledged, from.start)) return report.fault;
  return check_trail_end(database, {{acknowledged->sequence, acknowledged->hash}, true});
}

/// Whether the last row of a new key says just this, and nothing was signed since: a process that ended
/// before it signed has told it.
bool is_told_already(Database& database, std::string const& of_new_key, std::int64_t signed_rows) {
  static constexpr char kLast[] =
      "SELECT detail FROM audit WHERE sequence > ? AND phase = 'store' AND result = ? "
      "ORDER BY sequence DESC LIMIT 1";
  auto query = database.query(kLast);
  return query.with(signed_rows, CheckpointCheck::kNewKey).step() && query.text(0) == of_new_key;
}

/// Whether the person has taken note of the fault, in these words, and runs go on because of it: their
/// command ended before it could say so.
bool is_noted(Database& database, ChainReport const& report, AuditRow const& note, PublicKey const& key) {
  auto const& before = report.acknowledged;
  return before && before->actor == note.actor && before->detail == note.detail && !first_look(database, key);
}

std::optional<PublicKey> public_half(std::optional<SigningKey> const& key) {
  return key ? std::optional{key->public_key()} : std::nullopt;
}
}  // namespace

Result<void> Store::check_chain_end() {
  return database_->reading("the audit trail cannot be read", [this]() -> Result<void> {
    auto const now = options_.clock->now();
    auto const key = public_half(key_);
    auto fault = checked_ ? check_trail_end(*database_, {*checked_, checked_->sequence > 0})
                          : first_look(*database_, key);
    auto const is_due = checked_ && (now >= some_rows_due_ || some_rows_due_ > now + kLooksApart);
    if (!fault && is_due) fault = look_again(*database_, key);
    if (!checked_ || is_due) some_rows_due_ = now + kLooksApart;
    if (fault) return broken_end(database_->path(), *fault);
    checked_ = read_chain_head(*database_);
    return {};
  });
}

Result<void> Store::begin_signing() {
  auto key = read_audit_key(options_.folder);
  if (!key) return key.error();
  key_ = *key;
  // Before anything is added to it.
  if (auto const sound = check_chain_end(); !sound && !options_.with_broken_chain) return sound;
  if (!*key) {
    auto made = make_audit_key(options_.folder);
    if (!made) return made.error();
    *key = std::move(*made);
  }
  key_ = std::move(*key);
  return write("the audit trail cannot be signed", [this]() -> Result<void> {
    auto const last = last_checkpoint(*database_);
    auto const origin = origin_of(key_->public_key());
    auto const of_new_key = "checkpoints are signed with the key of " + origin +
                            " from here on; the last one was signed with that of " +
                            (last ? last->checkpoint.origin : std::string{});
    if (last && last->checkpoint.origin != origin &&
        !is_told_already(*database_, of_new_key, last->checkpoint.size)) {
      AuditRow row;
      row.time = options_.clock->now();
      row.phase = "store";
      row.actor = options_.actor;
      row.result = CheckpointCheck::kNewKey;
      row.detail = of_new_key;
      append_row(*database_, std::move(row));
    }
    // What older versions left is taken in here and not at the end of a run.
    advance_tree(*database_);
    return {};
  });
}

Result<std::optional<ChainFault>> Store::acknowledge(std::string const& actor, std::string const& reason) {
  using Found = std::optional<ChainFault>;
  DIRSYNC_ASSERT(key_);
  auto const now = options_.clock->now();
  auto const done =
      write("the audit trail cannot be acknowledged", [this, &actor, &reason, now]() -> Result<Found> {
        auto const report = check_trail(*database_, key_->public_key(), nullptr);
        if (!report.fault) return Found{};
        AuditRow row;
        row.time = now;
        row.phase = "store";
        row.actor = actor;
        row.result = kAcknowledged;
        row.detail = std::string{to_text(report.fault->kind)} + ": " + report.fault->text +
                     ". To be gone on from: " + reason;
        if (is_noted(*database_, report, row, key_->public_key())) return report.fault;
        move_head_to_the_end(*database_);
        append_row(*database_, std::move(row));
        sign_now(*database_, *key_, now);
        auto const left = look_at_the_end(*database_, key_->public_key());
        if (left) return broken_end(database_->path(), *left);
        checked_ = read_chain_head(*database_);
        return report.fault;
      });
  if (!done || !*done) return done;
  if (auto const marked = move_mark(); !marked) return marked.error();
  return done;
}

}  // namespace dirsync::store
