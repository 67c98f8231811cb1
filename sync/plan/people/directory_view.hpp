#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/account.hpp"
#include "sync/model/filter.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::plan {

/// A directory as the planner sees it: one snapshot, and who in it is disabled.
struct DirectoryView {
  std::string name;
  Snapshot const* snapshot = nullptr;
  /// Evaluated on the entry, so that disabled is told from absent; replaces what the directory itself says.
  std::optional<Filter> disabled;
  std::string normalized_base;                     // for "is this DN one of ours"
  AccountStates account_states = {};               // those that count
  std::chrono::system_clock::time_point now = {};  // at which accounts are judged
  std::string join = {};  // attribute that tells people apart over all directories; empty: none
};

/// Those of `views` other than `own` below whose base the DN lies, by name. `normalized`: from
/// normalized_dn().
std::vector<DirectoryView const*> others_with(std::map<std::string, DirectoryView> const& views,
                                              DirectoryView const& own, std::string_view normalized);

/// What the person's entry says of the account by the directory's own rules, where there is no
/// DirectoryView::disabled.
AccountFinding own_account_of(DirectoryView const& view, PersonIndex person);

/// Of somebody who is disabled: why.
AccountFinding why_blocked(DirectoryView const& view, PersonIndex person);

/// One entry of one directory.
struct PersonRef {
  DirectoryView const* view = nullptr;
  PersonIndex person = 0;
  Entry const& entry() const { return view->snapshot->people()[person]; }
  friend bool operator==(PersonRef const&, PersonRef const&) = default;
};

}  // namespace dirsync::plan
