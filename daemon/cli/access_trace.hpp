#pragma once
// why --trace: what led to the answer, step by step, from the store alone.
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/access_facts.hpp"
#include "daemon/cli/decision.hpp"

namespace dirsync::cli {

/// What the steps tell beside what the answer is made of.
struct TraceFacts {
  boost::json::object rule;       // its settings behind its last applied or quiet plan; empty where not known
  boost::json::object began;      // the plan of the run with which the membership began; empty: not kept
  std::vector<AuditRow> changes;  // of this membership, oldest first
  std::vector<AuditRow> decisions;  // of persons, on the plans of these changes
  std::optional<store::PrunedRows> pruned;
};

/// Reads the whole audit trail. Errors: the store's.
Result<TraceFacts> trace_facts(store::Store& store, AccessFacts const& facts, Decision const& decision);

struct TraceStep {
  /// "known", "selected", "nested", "excluded", "matched", "judged", "sent", "answered": in this order, the
  /// last two for each change. docs/json.md lists them.
  std::string step;
  std::string text;  // may hold anything that a directory or target holds
};

/// Pure.
std::vector<TraceStep> trace_steps(AccessFacts const& facts, TraceFacts const& trace,
                                   Decision const& decision);

}  // namespace dirsync::cli
