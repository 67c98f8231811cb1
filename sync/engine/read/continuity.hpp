#pragma once
// How a read goes on from the last accepted one: counts not below their band, change number not back, no part
// of it gone elsewhere.
#include <optional>

#include "sync/engine/setup.hpp"

namespace dirsync::engine {

/// The last accepted read of a directory.
struct LastRead {
  std::optional<ReadCounts> counts;  // none: this is the first
  ChangeNumbers change_numbers;      // of the same source as now; empty: none is remembered
  std::string source;                // of the last change numbers; empty: there were none
};

/// Whether another server answered than the last time; each counts its changes by itself, so that nothing
/// tells whether this one lags behind.
bool is_other_server(LastRead const& last, ChangeNumbers const& now);

/// Adds the clauses `band`, `attributes`, `ignored-referrals` and `change-number`. The error is the first
/// that does not hold. `accepted_by`: a person took this read as the new level, and how; all of them hold
/// then. Empty: nobody did. Errors: EngineErrc.
Result<void> compare_with_last(SourceDirectory const& directory, LastRead const& last, Snapshot const& now,
                               std::string const& accepted_by, Certificate& certificate);

/// Whether few enough entries of the read are damaged, by the per cent of the band. Adds the clause
/// `damaged-band` where some are. `accepted_by`: as above. Errors: EngineErrc::damaged.
Result<void> require_few_damaged(SourceDirectory const& directory, Snapshot const& now,
                                 std::string const& accepted_by, Certificate& certificate);

ReadCounts counts_of(Snapshot const& snapshot);

}  // namespace dirsync::engine
