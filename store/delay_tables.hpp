#pragma once
// The layout of how long changes took from the directory to the target, and of where feeds go on.

namespace dirsync::store {

inline constexpr char kDelayTables[] = R"sql(
-- From the directory's change until the outcome was certain; none: not known. No part of what is hashed.
ALTER TABLE audit ADD COLUMN delay_ms INTEGER;

-- Where the feed of a directory can go on: what the server gave, and the run whose read it stands for.
CREATE TABLE feed_cookie (
  directory TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  cookie BLOB NOT NULL,
  run INTEGER NOT NULL REFERENCES run (id),
  time TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace dirsync::store
