// The layout of the file, step by step.
#include "store/audit_indexes.hpp"
#include "store/decision_tables.hpp"
#include "store/delay_tables.hpp"
#include "store/first_schema.hpp"
#include "store/group_owners.hpp"
#include "store/interval_tables.hpp"
#include "store/interval_writer.hpp"
#include "store/pruned_table.hpp"
#include "store/schema.hpp"
#include "store/undone_table.hpp"

namespace dirsync::store {
namespace {
constexpr char kSecondSchema[] = R"sql(
-- Of the last read from each source that was accepted.
CREATE TABLE change_number (
  directory TEXT NOT NULL,
  source TEXT NOT NULL,
  origin TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (directory, source, origin)
) STRICT, WITHOUT ROWID;

-- '' for a plan; else what waits is a read of that directory, which a person may take as the new level.
ALTER TABLE plan ADD COLUMN directory TEXT NOT NULL DEFAULT '';
)sql";

constexpr char kThirdSchema[] = R"sql(
-- What gave the change numbers of the last accepted read that had some; '' before the first.
ALTER TABLE directory ADD COLUMN source TEXT NOT NULL DEFAULT '';
)sql";

constexpr char kFourthSchema[] = R"sql(
-- A grant is taken out by the target's id of the user; without this, by walking all grants of the group.
CREATE INDEX membership_by_principal_id ON membership (target, group_id, principal_id);
)sql";

constexpr char kFifthSchema[] = R"sql(
-- How each target stood at the end of the last run that had it in its plan.
CREATE TABLE target_state (
  target TEXT PRIMARY KEY NOT NULL,
  run INTEGER NOT NULL REFERENCES run (id),
  time TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ok', 'held', 'unconfirmed', 'failed', 'unread')),
  waiting BLOB NOT NULL,
  effective BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kSixthSchema[] = R"sql(
-- When the last run that counted it began.
ALTER TABLE absence ADD COLUMN counted TEXT NOT NULL DEFAULT '1970-01-01T00:00:00.000Z';
-- JSON of the effective settings behind its last applied or quiet plan; '' where they are not known.
ALTER TABLE rule_memory ADD COLUMN settings TEXT NOT NULL DEFAULT '';
-- Kind of the target's user, as in store/columns.cpp; '' where it is not known.
ALTER TABLE membership ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE intent ADD COLUMN source TEXT NOT NULL DEFAULT '';
-- Of a rename.
ALTER TABLE intent ADD COLUMN new_name TEXT NOT NULL DEFAULT '';
-- Parts of the last accepted read that lay on other servers; -1 where nobody counted them.
ALTER TABLE directory ADD COLUMN ignored_referrals INTEGER NOT NULL DEFAULT -1;

-- Entries of the last accepted read that show each attribute that decides about people.
CREATE TABLE deciding_attribute (
  directory INTEGER NOT NULL REFERENCES directory (number),
  attribute TEXT NOT NULL,
  entries INTEGER NOT NULL,
  PRIMARY KEY (directory, attribute)
) STRICT, WITHOUT ROWID;

-- What many runs have in common, each text once: plans, and notices.
CREATE TABLE kept_text (
  number INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL
) STRICT;

-- Numbers of the notices of a run. The digest is over their texts, so that an equal list is found without them.
CREATE TABLE notice_list (
  number INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  notices BLOB NOT NULL
) STRICT;

-- 0: none, or kept within report_json as older versions did.
ALTER TABLE run ADD COLUMN shared_text INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN notice_list INTEGER NOT NULL DEFAULT 0;

-- By the normalized DN that the rule names: the id of the group that had it when it was first seen.
CREATE TABLE excluded (
  rule TEXT NOT NULL,
  dn TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  PRIMARY KEY (rule, dn)
) STRICT, WITHOUT ROWID;

-- Changes that are due and cannot be sent.
CREATE TABLE blocked (
  target TEXT NOT NULL,
  position INTEGER NOT NULL,
  verb TEXT NOT NULL,
  group_name TEXT NOT NULL,
  group_id TEXT NOT NULL,
  principal TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  dn TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  rule TEXT NOT NULL,
  path TEXT NOT NULL,
  why TEXT NOT NULL,
  source TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (target, position)
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kSeventhSchema[] = R"sql(
-- A rule is compared by its settings themselves, no longer by digests of them and of what it wanted.
ALTER TABLE rule_memory DROP COLUMN configuration_digest;
ALTER TABLE rule_memory DROP COLUMN desired_digest;

-- A target may be left with nothing but what is blocked.
ALTER TABLE target_state RENAME TO target_state_before;
CREATE TABLE target_state (
  target TEXT PRIMARY KEY NOT NULL,
  run INTEGER NOT NULL REFERENCES run (id),
  time TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ok', 'held', 'unconfirmed', 'blocked', 'failed', 'unread')),
  waiting BLOB NOT NULL,
  effective BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO target_state (target, run, time, state, waiting, effective)
  SELECT target, run, time, state, waiting, effective FROM target_state_before;
DROP TABLE target_state_before;
)sql";

constexpr char kEighthSchema[] = R"sql(
-- Member values that named nothing in the last accepted read: of each group those that have done so since the
-- same run, as keys of eight bytes.
CREATE TABLE unresolved (
  directory INTEGER NOT NULL REFERENCES directory (number),
  group_id TEXT NOT NULL,
  runs INTEGER NOT NULL,
  counted TEXT NOT NULL,
  keys BLOB NOT NULL,
  PRIMARY KEY (directory, group_id, runs, counted)
) STRICT;
-- 0: nobody kept them yet, which is not the same as none.
ALTER TABLE directory ADD COLUMN keeps_unresolved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE target_state ADD COLUMN unresolved BLOB NOT NULL DEFAULT x'';
)sql";

constexpr char kNinthSchema[] = R"sql(
-- Users that dirsyncd made: they are known to have nothing but what it gave them.
CREATE TABLE made_user (
  target TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (target, user_id)
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kTenthSchema[] = R"sql(
-- The tree over the audit trail (RFC 9162): how many rows it has, and the hashes from which it grows on.
CREATE TABLE audit_tree (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  size INTEGER NOT NULL,
  nodes BLOB NOT NULL
) STRICT;

-- Signed at the ends of runs: how many rows there were, the root of their tree, the hash of the last one, and
-- whose signature it is.
CREATE TABLE audit_checkpoint (
  size INTEGER PRIMARY KEY,
  root BLOB NOT NULL,
  chain TEXT NOT NULL,
  time TEXT NOT NULL,
  origin TEXT NOT NULL,
  signature BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_checkpoint_is_not_updated BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT RAISE (ABORT, 'checkpoints are never changed'); END;
CREATE TRIGGER audit_checkpoint_is_not_deleted BEFORE DELETE ON audit_checkpoint
BEGIN SELECT RAISE (ABORT, 'checkpoints are never deleted'); END;
-- Also stops INSERT OR REPLACE of an older one on connections without recursive_triggers.
CREATE TRIGGER audit_checkpoint_is_appended BEFORE INSERT ON audit_checkpoint
WHEN EXISTS (SELECT 1 FROM audit_checkpoint WHERE size >= NEW.size)
BEGIN SELECT RAISE (ABORT, 'checkpoints follow each other'); END;
)sql";

// A new layout is a new line at the end, with a higher number.
constexpr Migration kMigrations[] = {
    {1, kFirstSchema},
    {2, kSecondSchema},
    {3, kThirdSchema},
    {4, kFourthSchema},
    {5, kFifthSchema},
    {6, kSixthSchema},
    {7, kSeventhSchema},
    {8, kEighthSchema},
    {9, kNinthSchema},
    {10, kTenthSchema},
    {11, kIntervalTables, intervals_from_audit},
    {12, kDecisionTables},
    {13, kUndoneTable},
    {14, kGroupOwnerTable},
    {15, kPrunedTable},
    {16, kAuditIndexes},
    {17, kDelayTables},
};

}  // namespace
std::span<Migration const> migrations() { return kMigrations; }
}  // namespace dirsync::store
