#pragma once
// What is ours, and since when: every grant is written here, together with its interval. Inside this folder
// only; calls throw as Query does, and run within a write transaction.
#include <string>

#include "store/interval_writer.hpp"
#include "store/sql.hpp"
#include "sync/model/record.hpp"

namespace dirsync::store {

/// `sequence`: of the audit row that tells of it.
void put_grant(Database& database, std::string const& target, Grant const& grant, std::int64_t sequence,
               IntervalCause const& cause, HeldInterval::Beginning as);
void drop_grant(Database& database, std::string const& target, Grant const& grant, IntervalCause const& cause,
                HeldInterval::End as);

/// A group that we created once stays so, whatever was found later.
void put_group(Database& database, std::string const& target, ManagedGroup const& group, Time time);
/// With all grants there.
void drop_group(Database& database, std::string const& target, std::string const& group_id,
                IntervalCause const& cause);
/// Its name, rule and sources; false when it is not managed.
bool update_group(Database& database, std::string const& target, ManagedGroup const& group, Time time);
void rename_group(Database& database, std::string const& target, std::string const& group_id,
                  std::string const& name, Time time);

}  // namespace dirsync::store
