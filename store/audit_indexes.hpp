#pragma once
// The layout of what finds rows of the audit trail without reading all of it, and of what is kept of some
// that were pruned.

namespace dirsync::store {

inline constexpr char kAuditIndexes[] = R"sql(
-- For what a run did.
CREATE INDEX audit_of_run ON audit (run) WHERE phase IN ('change', 'recovered');
-- For what people decided.
CREATE INDEX audit_of_decisions ON audit (result) WHERE phase = 'approve';

-- Who approved plans, as told by rows that were pruned: a membership of then may last for years.
CREATE TABLE pruned_approval (
  plan TEXT NOT NULL,
  time TEXT NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (plan, time, actor)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace dirsync::store
