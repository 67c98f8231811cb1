#pragma once
// Keeps who was a member of which target group because of us, from when to when. Inside this folder only;
// calls throw as Query does, and run within the write transaction of the grant that they follow.
#include <cstdint>
#include <span>
#include <string>

#include "store/intervals.hpp"
#include "store/sql.hpp"
#include "sync/model/record.hpp"

namespace dirsync::store {

/// What an interval begins or ends with.
struct IntervalCause {
  Time time;
  RunId run;
  std::string plan, actor;
  std::string path;  // of a beginning; empty: not known
  std::string why;   // of an end
};

/// The number of that group; a group that is new gets one. Its name is noted where it is another than before.
std::int64_t interval_group(Database& database, std::string const& target, std::string const& group_id,
                            std::string const& name, Time time);
/// The same for one of a number.
void name_interval_group(Database& database, std::int64_t group, std::string const& name, Time time);

/// The same, by the target's id, of a group that is known; else nothing.
void name_known_group(Database& database, std::string const& target, std::string const& group_id,
                      std::string const& name, Time time);

/// The number of a member under the names and ids of that grant; who is new gets one.
std::int64_t member_number(Database& database, std::string const& target, Grant const& grant);

/// Begins the interval `number` of that grant. `replaced`: those that the grant takes the place of, which end
/// with it; one that is the same goes on instead. The number of the interval that lasts now.
std::int64_t begin_interval(Database& database, std::int64_t group, std::int64_t number,
                            std::string const& target, Grant const& grant, IntervalCause const& cause,
                            HeldInterval::Beginning as, std::span<std::int64_t const> replaced);

/// Ends those of that group with these numbers, as far as they last.
void end_intervals(Database& database, std::int64_t group, std::span<std::int64_t const> numbers,
                   IntervalCause const& cause, HeldInterval::End as);
/// Ends all that last in that group.
void end_all_intervals(Database& database, std::int64_t group, IntervalCause const& cause,
                       HeldInterval::End as);

/// Fills the tables from the audit trail and the grants, after they were made.
void intervals_from_audit(Database& database);

}  // namespace dirsync::store
