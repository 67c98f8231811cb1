#include "store/schema.hpp"

#include <string>
#include <vector>

namespace dirsync::store {
namespace {

// Times are RFC 3339 text in UTC with milliseconds, so they sort as text; '' where there is none yet.
// Lists of texts and packed sets are BLOBs in the layouts of store/packing.hpp.
constexpr char kFirstSchema[] = R"sql(
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

// A new layout is a new line at the end, one number higher.
constexpr Migration kMigrations[] = {
    {1, kFirstSchema},  {2, kSecondSchema}, {3, kThirdSchema},
    {4, kFourthSchema}, {5, kFifthSchema},  {6, kSixthSchema},
};

std::int64_t pragma(Database& database, char const* sql) {
  auto query = database.query(sql);
  query.step();
  return query.integer(0);
}

constexpr char kUserVersion[] = "PRAGMA user_version";
}  // namespace

std::span<Migration const> migrations() { return kMigrations; }

Result<std::int64_t> inspect(Database& database, std::span<Migration const> steps) {
  return database.reading("cannot be read", [&database, steps]() -> Result<std::int64_t> {
    auto const application = pragma(database, "PRAGMA application_id");
    auto const version = pragma(database, kUserVersion);
    auto const path = database.path().string();
    if (application == 0 && version == 0 && pragma(database, "SELECT count(*) FROM sqlite_schema") == 0)
      return 0;
    if (application != kApplicationId)
      return Error{StoreErrc::foreign, path + ": not a file of dirsyncd. Choose another state_dir"};
    auto const known = steps.back().version;
    if (version <= known) return version;
    return Error{StoreErrc::newer,
                 path + ": has schema " + std::to_string(version) + ", this dirsyncd knows up to " +
                     std::to_string(known) +
                     ". Start the newer dirsyncd, or restore the backup from before the upgrade"};
  });
}

namespace {
/// Tables whose size follows from the time that passed, not from what is kept now.
constexpr char kTablesOfToday[] =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "AND name NOT IN ('run', 'audit', 'past_member_set', 'kept_text', 'notice_list') ORDER BY name";

Result<void> quick_check(Database& database, char const* sql, std::string const& table) {
  auto query = database.query(sql);
  if (!table.empty()) query.with(table);
  query.step();
  auto const verdict = query.text(0);
  if (verdict == "ok") return {};
  return Error{StoreErrc::corrupt, database.path().string() + ": " + verdict +
                                       ". Keep the file for examination and restore it from a backup"};
}
}  // namespace

Result<void> check_pages(Database& database, std::int64_t whole_up_to) {
  static constexpr char kWhole[] = "PRAGMA quick_check(1)";
  static constexpr char kOne[] = "SELECT quick_check FROM pragma_quick_check(?)";
  return database.reading("cannot be checked", [&database, whole_up_to]() -> Result<void> {
    auto const size = pragma(database, "PRAGMA page_count") * pragma(database, "PRAGMA page_size");
    if (size <= whole_up_to) return quick_check(database, kWhole, "");
    std::vector<std::string> tables;
    auto query = database.query(kTablesOfToday);
    while (query.step()) tables.push_back(query.text(0));
    for (auto const& table : tables)
      if (auto const sound = quick_check(database, kOne, table); !sound) return sound;
    return {};
  });
}

Result<void> migrate(Database& database, std::span<Migration const> steps) {
  return database.transaction(
      "cannot be brought to this version's schema", [&database, steps]() -> Result<void> {
        // Read again now that nobody else can write: another process may have been faster.
        auto const version = pragma(database, kUserVersion);
        for (auto const& step : steps) {
          if (step.version <= version) continue;
          database.execute(step.sql);
          // Pragmas take no parameters.
          database.execute(("PRAGMA user_version = " + std::to_string(step.version)).c_str());
        }
        if (version == 0)
          database.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
        return {};
      });
}

}  // namespace dirsync::store
