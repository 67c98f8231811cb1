#pragma once
// Whom a person means who writes a name. Inside this folder only; calls throw as Query does.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/sql.hpp"

namespace dirsync::store {

/// The value of a DN's first part: "ada" of "uid=ada,ou=people"; as it is written, empty where there is none.
std::string_view first_value(std::string_view dn);

/// Numbers in interval_member of those with that target's name, immutable id, DN, or value of their DN's
/// first part, without regard to case; the first of these that anybody has counts. With them come the same
/// people under other names. `target`: empty means any. Ascending.
std::vector<std::int64_t> members_meant(Database& database, std::string const& person,
                                        std::string const& target);

}  // namespace dirsync::store
