#pragma once
// The layout of what store/decisions and store/freezes keep.

namespace dirsync::store {

inline constexpr char kDecisionTables[] = R"sql(
-- A person's decision that changes stop. target '': of all; until '': until somebody ends it.
CREATE TABLE freeze (
  target TEXT PRIMARY KEY NOT NULL,
  removals_alone INTEGER NOT NULL CHECK (removals_alone IN (0, 1)),
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who has approved a plan or read, each person once, by their account.
CREATE TABLE approval (
  digest TEXT NOT NULL REFERENCES plan (digest),
  account TEXT NOT NULL,
  actor TEXT NOT NULL,
  time TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (digest, account)
) STRICT, WITHOUT ROWID;
-- The account of an actor is what stands before the first space, as in 'uid:1000 (jane)'.
INSERT INTO approval (digest, account, actor, time, reason)
  SELECT digest, iif(decided_by GLOB 'uid:[0-9]*', substr(decided_by, 1, instr(decided_by || ' ', ' ') - 1), decided_by),
    decided_by, decided, '' FROM plan WHERE state = 'approved' ORDER BY digest;

-- By how many people it must be approved.
ALTER TABLE plan ADD COLUMN approvals_needed INTEGER NOT NULL DEFAULT 1;
-- In the words of whoever decided.
ALTER TABLE plan ADD COLUMN decided_why TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace dirsync::store
