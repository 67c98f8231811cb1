#pragma once
#include <optional>
#include <string>

#include "sync/model/snapshot.hpp"

namespace dirsync::plan {

/// A directory as the planner sees it: one snapshot, and who in it is disabled.
struct DirectoryView {
  std::string name;
  Snapshot const* snapshot = nullptr;
  std::optional<Filter> disabled;  // evaluated on the entry, so that disabled is told from absent
  std::string normalized_base;     // for "is this DN one of ours"
  std::string join = {};           // attribute that tells people apart over all directories; empty: none
};

/// One entry of one directory.
struct PersonRef {
  DirectoryView const* view = nullptr;
  PersonIndex person = 0;
  Entry const& entry() const { return view->snapshot->people()[person]; }
  friend bool operator==(PersonRef const&, PersonRef const&) = default;
};

}  // namespace dirsync::plan
