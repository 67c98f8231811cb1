// Whether what people froze stood still, leavers and approved plans included, and was told; and whether what
// was set aside was tried when somebody asked for it.
#include <algorithm>

#include "tests/sequences/oracle.hpp"

namespace dirsync::sequences {

void Oracle::expect_frozen(Case const& one) {
  auto const& freezes = one.attempt.freezes;
  for (auto const& sent : one.attempt.sent)
    if (freeze_of(freezes, sent.change) != nullptr) complain("sent, though frozen", sent.change);
  auto const& report = one.attempt.report;
  if (!report) return;
  auto const ends_well = report->exit == engine::Exit::done || report->exit == engine::Exit::pending;
  for (auto const& change : report->plan.changes) {
    auto const is_stopped = freeze_of(freezes, change) != nullptr;
    if (change.frozen && !is_stopped) complain("told to be frozen, and nobody froze it", change);
    if (change.frozen && ends_well) complain("frozen, and the run ended well", change);
    if (is_stopped && is_to_send(change)) complain("frozen, and the plan does not say so", change);
  }
}

void Oracle::expect_retried(Case const& one) {
  auto const& report = one.attempt.report;
  if (!one.was.retried || !report) return;
  for (auto const& [change, outcome, detail, delay] : report->outcomes)
    if (outcome == Outcome::skipped && detail.starts_with("set aside"))
      complain("left alone, though somebody asked for it: " + detail, change);
}

}  // namespace dirsync::sequences
