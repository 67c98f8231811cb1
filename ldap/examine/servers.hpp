#pragma once
#include <optional>

#include "ldap/connect/connection.hpp"
#include "ldap/examine/examination.hpp"

namespace dirsync::ldap {

/// At which step a connection that had a socket failed.
ServerFinding::Step step_of(Error const& error);

/// Tries every server once and notes how far it came; the first that let us in. After a refused logon no
/// other is asked. Blocks. Thread: any.
std::optional<Connection> try_servers(Settings const& settings, Stop& stop, Examination& found);

}  // namespace dirsync::ldap
