#pragma once
// Outcomes as both clients make them.
#include <cstddef>
#include <string>
#include <vector>

#include "sync/model/applied.hpp"

namespace dirsync::rest {

Applied applied(Outcome outcome, std::string detail = {});
/// With target_down where `ends_writing`: the client's own word on that error.
Applied applied(Outcome outcome, Error const& error, bool ends_writing);
/// The same for each of `count` changes.
std::vector<Applied> for_all(std::size_t count, Applied const& one);

}  // namespace dirsync::rest
