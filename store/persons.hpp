#pragma once
// Whom a person means who writes a name. Inside this folder only; calls throw as Query does.
#include <cstdint>
#include <string>
#include <vector>

#include "store/intervals.hpp"
#include "store/sql.hpp"

namespace dirsync::store {

/// Numbers in interval_member of those with that target's name, immutable id, DN, or value of their DN's
/// first part, without regard to case; the first of these that anybody has counts. With them come the same
/// people under other names. `target`: empty means any. Ascending.
std::vector<std::int64_t> members_meant(Database& database, std::string const& person,
                                        std::string const& target);

/// People of all directories with that DN, value of its first part, or id; those who are gone as well.
std::vector<HeldPerson> entries_meant(Database& database, std::string const& person);

}  // namespace dirsync::store
