#pragma once
// Cookies of slapd: "rid=000,csn=20261130141132.123456Z#000000#001#000000;...", one change number for each
// server that changes are made on. Cookies of other servers are taken as they are. Pure functions: any
// thread.
#include <string>
#include <string_view>

namespace dirsync::ldap {

/// What stands for all that `known` and `update` stand for: while it follows changes, slapd names only the
/// server that a change was made on. Without "sid=": slapd sends no changes back to a consumer that says it
/// is the server they were made on.
std::string merged_cookie(std::string_view known, std::string_view update);

/// False when `before` knows changes of a server of which `now` knows nothing: it comes from elsewhere.
bool speaks_of_same_servers(std::string_view before, std::string_view now);

}  // namespace dirsync::ldap
