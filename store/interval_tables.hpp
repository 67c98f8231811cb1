#pragma once
// The layout of what store/intervals and store/left_members keep.
#include <cstdint>

namespace dirsync::store {

// Times are milliseconds since 1970. Texts stand in interval_text, once each; 0 is the empty one.
inline constexpr char kIntervalTables[] = R"sql(
-- Rules, plans, actors, paths and reasons.
CREATE TABLE interval_text (
  number INTEGER PRIMARY KEY,
  content TEXT NOT NULL UNIQUE
) STRICT;

-- Groups of targets that had members because of us. '': of before this schema, and the id is not known.
CREATE TABLE interval_group (
  number INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  group_id TEXT NOT NULL
) STRICT;
CREATE INDEX interval_group_by_id ON interval_group (target, group_id);

-- What the target called them, from when on.
CREATE TABLE interval_group_name (
  group_number INTEGER NOT NULL REFERENCES interval_group (number),
  since INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (group_number, since)
) STRICT, WITHOUT ROWID;

-- Members under the names and ids that they had: one who is renamed is a new row.
CREATE TABLE interval_member (
  number INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  principal_folded TEXT NOT NULL,
  principal TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  dn TEXT NOT NULL
) STRICT;
CREATE INDEX interval_member_by_principal ON interval_member (principal_folded, target);
CREATE INDEX interval_member_by_entry ON interval_member (entry_id);

-- number: of the audit row with which it began; below 0 where nobody kept it. began: 0 where it is not known.
-- since: when the membership began, under whatever name or rule. ended: later than any time while it lasts.
CREATE TABLE membership_interval (
  group_number INTEGER NOT NULL REFERENCES interval_group (number),
  ended INTEGER NOT NULL,
  number INTEGER NOT NULL,
  member INTEGER NOT NULL REFERENCES interval_member (number),
  began INTEGER NOT NULL,
  since INTEGER NOT NULL,
  began_as INTEGER NOT NULL,
  began_run INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  path INTEGER NOT NULL,
  plan INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  ended_as INTEGER NOT NULL DEFAULT 0,
  ended_run INTEGER NOT NULL DEFAULT 0,
  ended_plan INTEGER NOT NULL DEFAULT 0,
  ended_actor INTEGER NOT NULL DEFAULT 0,
  ended_why INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (group_number, ended, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_interval_by_member ON membership_interval (member, group_number);

-- Of the last run that read the target: names of members who are there without us, by group.
CREATE TABLE foreign_member (
  target TEXT NOT NULL,
  group_id TEXT NOT NULL,
  names BLOB NOT NULL,
  PRIMARY KEY (target, group_id)
) STRICT, WITHOUT ROWID;

-- The same: ids of people whom the sources of a group name and who get nothing by it.
CREATE TABLE left_out (
  target TEXT NOT NULL,
  group_name TEXT NOT NULL,
  disabled BLOB NOT NULL,
  excluded BLOB NOT NULL,
  PRIMARY KEY (target, group_name)
) STRICT, WITHOUT ROWID;

-- For the run of a time.
CREATE INDEX run_by_start ON run (started);

-- The interval of the grant.
ALTER TABLE membership ADD COLUMN interval_number INTEGER NOT NULL DEFAULT 0;
)sql";

/// Of an interval that lasts: the year 6429.
inline constexpr auto kLasting = (std::int64_t{1} << 47) - 1;

}  // namespace dirsync::store
