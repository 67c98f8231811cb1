#pragma once
// Numbers in words for people.
#include <cstdint>
#include <string>
#include <string_view>

namespace dirsync {

/// "12,345".
std::string grouped(std::uint64_t number);

/// "1 group", "12,345 groups".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

/// The same without marks between thousands, for texts that are kept: "12345 groups".
std::string number_of(std::uint64_t number, std::string_view one, std::string_view many);

}  // namespace dirsync
