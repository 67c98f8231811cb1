#pragma once
// The layout that every file began with; see migrations.cpp for what came later.

namespace dirsync::store {

// Times are RFC 3339 text in UTC with milliseconds, so they sort as text; '' where there is none yet.
// Lists of texts and packed sets are BLOBs in the layouts of store/packing.hpp.
inline constexpr char kFirstSchema[] = R"sql(
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  started TEXT NOT NULL,
  trigger TEXT NOT NULL,
  actor TEXT NOT NULL,
  configuration_digest TEXT NOT NULL,
  finished TEXT NOT NULL DEFAULT '',
  verdict TEXT NOT NULL DEFAULT '',
  exit_code INTEGER NOT NULL DEFAULT 0,
  digest TEXT NOT NULL DEFAULT '',
  planned INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  unconfirmed INTEGER NOT NULL DEFAULT 0,
  report_json TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE target_success (
  target TEXT PRIMARY KEY NOT NULL,
  run INTEGER NOT NULL REFERENCES run (id),
  time TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  time TEXT NOT NULL,
  run INTEGER NOT NULL,
  phase TEXT NOT NULL,
  target TEXT NOT NULL,
  verb TEXT NOT NULL,
  group_name TEXT NOT NULL,
  principal TEXT NOT NULL,
  dn TEXT NOT NULL,
  id TEXT NOT NULL,
  rule TEXT NOT NULL,
  path TEXT NOT NULL,
  plan TEXT NOT NULL,
  actor TEXT NOT NULL,
  result TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE audit_head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head (only, sequence, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'audit rows are never deleted'); END;
-- Also stops INSERT OR REPLACE of an older row on connections without recursive_triggers.
CREATE TRIGGER audit_is_appended BEFORE INSERT ON audit
WHEN NOT EXISTS (SELECT 1 FROM audit_head
                 WHERE NEW.sequence = audit_head.sequence + 1 AND NEW.previous = audit_head.hash)
BEGIN SELECT RAISE (ABORT, 'audit rows continue the chain'); END;
CREATE TRIGGER audit_moves_head AFTER INSERT ON audit
BEGIN UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash WHERE only = 1; END;
CREATE TRIGGER audit_head_follows_rows BEFORE UPDATE ON audit_head
WHEN NOT EXISTS (SELECT 1 FROM audit
                 WHERE audit.sequence = OLD.sequence + 1 AND audit.sequence = NEW.sequence
                   AND audit.hash = NEW.hash AND NEW.only = 1)
BEGIN SELECT RAISE (ABORT, 'the head follows the rows'); END;
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
BEGIN SELECT RAISE (ABORT, 'the head follows the rows'); END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN SELECT RAISE (ABORT, 'the head follows the rows'); END;

CREATE TABLE intent (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (id),
  plan TEXT NOT NULL,
  actor TEXT NOT NULL,
  n INTEGER NOT NULL,
  target TEXT NOT NULL,
  verb TEXT NOT NULL,
  phase INTEGER NOT NULL,
  group_name TEXT NOT NULL,
  group_id TEXT NOT NULL,
  principal TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  dn TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  roles BLOB NOT NULL,
  rule TEXT NOT NULL,
  path TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;

CREATE TABLE membership (
  target TEXT NOT NULL,
  group_id TEXT NOT NULL,
  principal_folded TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  group_name TEXT NOT NULL,
  principal TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  dn TEXT NOT NULL,
  rule TEXT NOT NULL,
  PRIMARY KEY (target, group_id, principal_folded, principal_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE managed_group (
  target TEXT NOT NULL,
  group_id TEXT NOT NULL,
  group_name TEXT NOT NULL,
  rule TEXT NOT NULL,
  created_by_us INTEGER NOT NULL,
  sources BLOB NOT NULL,
  PRIMARY KEY (target, group_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE directory (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  accepted_run INTEGER NOT NULL REFERENCES run (id),
  group_count INTEGER NOT NULL,
  people_count INTEGER NOT NULL,
  value_count INTEGER NOT NULL
) STRICT;

-- Entry number n of a directory stands in page (n - 1) / 256.
CREATE TABLE entry_page (
  directory INTEGER NOT NULL REFERENCES directory (number),
  page INTEGER NOT NULL,
  entries BLOB NOT NULL,
  PRIMARY KEY (directory, page)
) STRICT;

-- Entry numbers of a group's own members, as seen from since_run on.
CREATE TABLE member_set (
  directory INTEGER NOT NULL REFERENCES directory (number),
  group_number INTEGER NOT NULL,
  since_run INTEGER NOT NULL,
  members BLOB NOT NULL,
  PRIMARY KEY (directory, group_number)
) STRICT;

-- The same of the past: seen from since_run on, no longer from until_run on.
CREATE TABLE past_member_set (
  directory INTEGER NOT NULL REFERENCES directory (number),
  group_number INTEGER NOT NULL,
  since_run INTEGER NOT NULL,
  until_run INTEGER NOT NULL,
  members BLOB NOT NULL,
  PRIMARY KEY (directory, group_number, since_run)
) STRICT;

CREATE TABLE rule_memory (
  rule TEXT PRIMARY KEY NOT NULL,
  configuration_digest TEXT NOT NULL,
  desired_digest TEXT NOT NULL
) STRICT;

CREATE TABLE absence (
  directory TEXT NOT NULL,
  key TEXT NOT NULL,
  runs INTEGER NOT NULL,
  PRIMARY KEY (directory, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
  digest TEXT PRIMARY KEY NOT NULL,
  run INTEGER NOT NULL,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'approved', 'rejected', 'applied', 'superseded')),
  decided TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  document_json TEXT NOT NULL
) STRICT;

CREATE TABLE set_aside (
  target TEXT NOT NULL,
  group_name TEXT NOT NULL,
  principal TEXT NOT NULL,
  reason TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_try TEXT NOT NULL,
  PRIMARY KEY (target, group_name, principal)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace dirsync::store
