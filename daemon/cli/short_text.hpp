#pragma once
// What stands for something longer where a person reads it.
#include <string>
#include <string_view>

#include "sync/model/counted.hpp"  // grouped(), counted()
#include "sync/model/strong.hpp"

namespace dirsync::cli {

/// The first 12 hexadecimal digits: enough to name a plan in `approve`.
std::string short_digest(PlanDigest const& digest);

/// Each digest in `text`, which is 64 hexadecimal digits, as short_digest() has it.
std::string with_short_digests(std::string_view text);

/// The value of the first RDN, its escapes resolved: "ada" of "uid=ada,ou=people,dc=x". `dn` itself where it
/// has none. For showing, never for comparing.
std::string name_in_dn(std::string_view dn);

}  // namespace dirsync::cli
