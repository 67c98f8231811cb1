#pragma once
// Texts that many runs have in common, each kept once. Inside this folder only; calls throw as Query does.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/sql.hpp"

namespace dirsync::store {

/// The number under which the text is found again; 0 for an empty one. Within a write transaction.
std::int64_t keep_text(Database& database, std::string const& content);
/// `number`: from keep_text().
std::string kept_text(Database& database, std::int64_t number);

/// The same of a set of notices: each of them is kept once, and so is an equal set.
std::int64_t keep_notices(Database& database, std::span<std::string const> notices);
/// In the order in which they were first kept.
std::vector<std::string> kept_notices(Database& database, std::int64_t number);

}  // namespace dirsync::store
