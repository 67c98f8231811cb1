#pragma once
#include "ldap/read/reading.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::ldap {

/// The certificate of a read whose every search succeeded; each clause names what was required on the way.
Certificate certificate_of(Reading const& reading, ReadFigures const& figures);

}  // namespace dirsync::ldap
