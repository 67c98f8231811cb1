#pragma once
#include "ldap/read/read_context.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::ldap {

/// The certificate of a read whose every search succeeded; each clause names what was required on the way.
/// Pure.
Certificate certificate_of(ReadContext const& context, ReadFigures const& figures);

}  // namespace dirsync::ldap
