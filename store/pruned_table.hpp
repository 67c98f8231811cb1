#pragma once
// The layout of what is left of audit rows that were pruned.

namespace dirsync::store {

inline constexpr char kPrunedTable[] = R"sql(
-- The first rows of the audit trail, which were taken out: how many, root of their tree, hash of the last one, when
-- and by whose key that was signed, the hashes from which the tree grows on, and the greatest number of their runs.
CREATE TABLE audit_pruned (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  chain TEXT NOT NULL,
  time TEXT NOT NULL,
  origin TEXT NOT NULL,
  signature BLOB NOT NULL,
  nodes BLOB NOT NULL,
  last_run INTEGER NOT NULL
) STRICT;
CREATE TRIGGER audit_pruned_names_a_row BEFORE INSERT ON audit_pruned
WHEN EXISTS (SELECT 1 FROM audit_pruned)
  OR NOT EXISTS (SELECT 1 FROM audit WHERE sequence = NEW.size AND hash = NEW.chain)
BEGIN SELECT RAISE (ABORT, 'audit rows are pruned up to one that is there'); END;
CREATE TRIGGER audit_pruned_goes_on BEFORE UPDATE ON audit_pruned
WHEN NEW.size <= OLD.size
  OR NOT EXISTS (SELECT 1 FROM audit WHERE sequence = NEW.size AND hash = NEW.chain)
BEGIN SELECT RAISE (ABORT, 'audit rows are pruned up to one that is there'); END;
CREATE TRIGGER audit_pruned_stays BEFORE DELETE ON audit_pruned
BEGIN SELECT RAISE (ABORT, 'what is known of pruned audit rows stays'); END;

DROP TRIGGER audit_is_not_deleted;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_pruned WHERE size >= OLD.sequence)
BEGIN SELECT RAISE (ABORT, 'audit rows are never deleted'); END;
DROP TRIGGER audit_checkpoint_is_not_deleted;
CREATE TRIGGER audit_checkpoint_is_not_deleted BEFORE DELETE ON audit_checkpoint
WHEN NOT EXISTS (SELECT 1 FROM audit_pruned WHERE size >= OLD.size)
BEGIN SELECT RAISE (ABORT, 'checkpoints are never deleted'); END;
)sql";

}  // namespace dirsync::store
