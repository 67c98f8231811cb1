#pragma once
// Whom the memberUid values may mean that several people bear.
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "sync/model/snapshot.hpp"

namespace dirsync::plan {

/// Of one directory. Values compare exactly, as where they are resolved. The snapshot must outlive the book.
class UidBook {
 public:
  explicit UidBook(Snapshot const& snapshot);
  /// Ascending; empty: the value does not stand in a group, or no more than one entry bears it.
  std::span<PersonIndex const> bearers(std::string_view value) const;

 private:
  std::map<std::string_view, std::vector<PersonIndex>> shared_;
};

}  // namespace dirsync::plan
