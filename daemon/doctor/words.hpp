#pragma once
#include <cstdint>
#include <string>

#include "sync/model/counted.hpp"

namespace dirsync::doctor {

inline std::string number(std::uint64_t count) { return grouped(count); }
inline std::string people(std::uint64_t count) { return counted(count, "person", "people"); }
inline std::string groups(std::uint64_t count) { return counted(count, "group", "groups"); }

}  // namespace dirsync::doctor
