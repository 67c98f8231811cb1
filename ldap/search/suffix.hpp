#pragma once
#include <string>
#include <vector>

namespace dirsync::ldap {

/// The longest of a server's suffixes (namingContexts; RFC 4512, 5.1) that `base` lies in; empty when none
/// is. Pure function: any thread.
std::string suffix_of(std::vector<std::string> const& suffixes, std::string const& base);

}  // namespace dirsync::ldap
