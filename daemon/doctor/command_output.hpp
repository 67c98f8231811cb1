#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dirsync::doctor {

/// Standard output of a program of the machine, found by PATH; nothing when it is not there, does not end
/// with 0, or takes longer than five seconds (it is killed then). It gets neither our input nor our
/// standard error. Thread: main.
std::optional<std::string> output_of(std::vector<std::string> const& words);

/// Lines "KEY=VALUE".
std::map<std::string, std::string> properties_in(std::string const& text);

}  // namespace dirsync::doctor
