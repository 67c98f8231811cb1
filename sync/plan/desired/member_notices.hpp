#pragma once
// What is odd about the member lists of the groups behind a target group.
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

/// Tells each thing once for each target, however many target groups it is behind. Codes: `two-lists`,
/// `unread-class`, `alias`.
class MemberNotices {
 public:
  std::vector<Notice> of(SourceTree const& tree, std::string const& group);

 private:
  bool is_new(SourceTree const& tree, Snapshot const& in, std::string_view dn);
  std::set<std::tuple<std::string, std::string, std::string>> told_;  // target, directory, DN
};

}  // namespace dirsync::plan
