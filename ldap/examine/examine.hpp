#pragma once
#include "ldap/examine/examination.hpp"

namespace dirsync::ldap {

/// Looks at the directory as a read would meet it: names, connections, TLS and logon of every server, then
/// bases, filters, attributes, members, referrals and the server's own answers. Nothing is tried twice: a
/// password that one server refused is sent to no other. Every wait ends as the settings' timeouts say.
/// Writes nothing. Blocks, on a thread of its own that ends with the call. Errors stand in what was found.
Examination examine(Settings const& settings, ExaminationRequest const& request);

}  // namespace dirsync::ldap
