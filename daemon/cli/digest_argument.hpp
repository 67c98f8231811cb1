#pragma once
#include <string>

#include "store/store.hpp"
#include "sync/model/error.hpp"
#include "sync/model/strong.hpp"

namespace dirsync::cli {

/// The plan or read that a person means by `written`: its digest, or the first 8 digits of it or more, in any
/// case. Where the store knows none, what was written, in lower case: it may be that of a plan still to come.
/// Errors: StoreErrc::no_such_plan: fewer digits, something else, or the beginning of several digests,
/// which are named; the store's.
Result<PlanDigest> digest_meant_by(std::string const& written, store::Store& store);

}  // namespace dirsync::cli
