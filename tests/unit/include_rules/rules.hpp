#pragma once
// The module picture of the design, as rules over #include lines.
#include <map>
#include <set>
#include <string>
#include <vector>

namespace dirsync::test {

/// The names in the #include lines of a source text, with their quotes or angle brackets.
std::vector<std::string> includes_of(std::string const& text);

/// Source files by path from the root, with their includes.
using Sources = std::map<std::string, std::vector<std::string>>;

/// Every .cpp and .hpp of the product below `root`.
Sources read_sources(std::string const& root);

/// One line for each #include that the picture does not allow.
std::vector<std::string> violations(Sources const& sources);

}  // namespace dirsync::test
