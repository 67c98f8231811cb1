#pragma once
#include <cstdint>
#include <string>

namespace dirsync::doctor {

inline std::string number(std::uint64_t count) { return std::to_string(count); }

}  // namespace dirsync::doctor
