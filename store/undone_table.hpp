#pragma once
// The layout of what undos took back.

namespace dirsync::store {

inline constexpr char kUndoneTable[] = R"sql(
-- Changes that would do again what an undo took back: the run that had made them, the undo, and what the
-- directory said then.
CREATE TABLE undone (
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
  new_name TEXT NOT NULL,
  run INTEGER NOT NULL,
  undone_by INTEGER NOT NULL,
  said TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (target, position)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace dirsync::store
