#pragma once
// That rows of the audit trail are not there any more, where somebody asks for them.
#include <string>

#include "store/store.hpp"
#include "sync/model/record.hpp"

namespace dirsync::cli {

/// One sentence.
std::string pruned_text(store::PrunedRows const& pruned);

/// Says so on standard error when rows that the filter asks for may be among those that were pruned. Errors:
/// the store's.
Result<void> tell_of_pruned(store::Store& store, AuditFilter const& filter);

}  // namespace dirsync::cli
