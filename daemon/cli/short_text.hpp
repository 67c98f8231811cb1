#pragma once
// What stands for something longer where a person reads it.
#include <cstdint>
#include <string>
#include <string_view>

#include "sync/model/strong.hpp"

namespace dirsync::cli {

/// The first 12 hexadecimal digits: enough to name a plan in `approve`.
std::string short_digest(PlanDigest const& digest);

/// Each digest in `text`, which is 64 hexadecimal digits, as short_digest() has it.
std::string with_short_digests(std::string_view text);

/// "12,345".
std::string grouped(std::uint64_t number);

/// "1 group", "12,345 groups".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

/// The value of the first RDN, its escapes resolved: "ada" of "uid=ada,ou=people,dc=x". `dn` itself where it
/// has none. For showing, never for comparing.
std::string name_in_dn(std::string_view dn);

}  // namespace dirsync::cli
