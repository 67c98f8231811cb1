#pragma once
#include <string>
#include <string_view>

namespace dirsync::sim {

/// RFC 1952 member of `text`.
std::string gzip(std::string_view text);

}  // namespace dirsync::sim
