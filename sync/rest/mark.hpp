#pragma once
#include <string_view>

namespace dirsync::rest {

/// In the description of every group that a run creates. By it a group whose creation was never answered is
/// known again, and a stranger's group of the same name is not taken for ours.
inline constexpr std::string_view kMark = "Managed by dirsyncd";
inline bool bears_mark(std::string_view description) { return description.find(kMark) != description.npos; }

}  // namespace dirsync::rest
