#pragma once
// Events as entries of systemd's journal, whose fields journalctl can ask for.
#include <span>
#include <string>
#include <string_view>

#include "sync/ports/monitor.hpp"

namespace dirsync {

/// Where journald listens.
inline constexpr char kJournalSocket[] = "/run/systemd/journal/socket";

/// MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, DIRSYNCD_EVENT, and DIRSYNCD_ with the name of each field that has a
/// value. Source: systemd, "Native Journal Protocol".
std::string journal_entry(Monitor::Level level, std::string_view event,
                          std::span<Monitor::Field const> fields, std::string_view message);

/// As of syslog(3): 3 for an error, 7 for debug and trace.
int journal_priority(Monitor::Level level);

/// True when standard error leads to the journal itself: $JOURNAL_STREAM names its device and inode
/// (systemd.exec(5)).
bool writes_to_journal();

/// False when nobody listens at `socket`, or it does not take the entry at once. Thread: any.
bool send_to_journal(std::string const& socket, std::string const& entry);

}  // namespace dirsync
