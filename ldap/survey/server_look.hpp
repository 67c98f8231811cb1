#pragma once
#include "ldap/connect/connection.hpp"
#include "ldap/survey/survey.hpp"

namespace dirsync::ldap {

/// What the root DSE says, and in which naming contexts groups and people may be.
struct ServerAndContexts {
  ServerLook server;
  std::vector<std::string> contexts;  // without those that a server keeps for itself
};

/// `server.schema_remark` stays empty. Errors: as find_flavour() and search_few(). Blocks; thread: that of
/// `connection`.
Result<ServerAndContexts> look_at_server(Connection& connection, Settings const& settings);

/// The first of `contexts` below which FreeIPA keeps its accounts; empty: none. Errors: as search_few().
Result<std::string> freeipa_context(Connection& connection, std::vector<std::string> const& contexts);

}  // namespace dirsync::ldap
