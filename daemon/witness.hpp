#pragma once
#include <string>
#include <vector>

#include "store/store.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync {

/// Where journald and every syslog daemon listen.
inline constexpr char kSystemLog[] = "/dev/log";

/// Tells the system's log where the audit trail ends, so that another system witnesses it: whoever writes a
/// new trail cannot change what was said there. Every command that adds audit rows calls it at its end.
/// Returns the same as fields for a line of our own log: `chain_seq`, `chain_head`; none when the store
/// cannot be read. A log that nobody listens to is not waited for and is no error.
std::vector<Monitor::Field> tell_chain_head(store::Store& store, std::string const& system_log = kSystemLog);

}  // namespace dirsync
