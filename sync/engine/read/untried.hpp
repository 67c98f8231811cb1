#pragma once
#include <map>
#include <string>

#include "sync/model/error.hpp"

namespace dirsync::engine {

/// Sides that a run does not call, by name, with the error that stands for the read: they count as unread,
/// which is never as empty.
struct Untried {
  std::map<std::string, Error> directories, targets;
};

}  // namespace dirsync::engine
