#pragma once
// Which people of a directory may have anything at all.
#include <map>
#include <string>
#include <vector>

#include "sync/plan/people/directory_view.hpp"

namespace dirsync::plan {

struct Accounts {
  std::vector<bool> disabled;  // by PersonIndex
  /// Those of whom nobody can tell whether they are disabled, or who they are, and why.
  std::map<PersonIndex, std::string> unclear;
};

Accounts judge_accounts(DirectoryView const& view);

}  // namespace dirsync::plan
