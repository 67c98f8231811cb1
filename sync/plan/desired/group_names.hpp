#pragma once
// Which target group a source group feeds.
#include <optional>
#include <string>

#include "sync/model/bound_filter.hpp"
#include "sync/model/plan.hpp"
#include "sync/model/policy.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::plan {

/// The names that one rule gives. The values of an attribute are a set, and whoever may write to a group may
/// add one: where there are several, the one in the group's own RDN counts, and it must be one for which the
/// rule's filter selects the group. `rule` and `schema`, that of its directory, must outlive it.
class GroupNames {
 public:
  GroupNames(Rule const& rule, Schema const& schema);
  /// Notices: `unnamed-group`, `several-values`.
  OrNotice<std::string> of(Entry const& source);

 private:
  Rule const& rule_;
  Schema const& schema_;
  bool by_filter_;
  /// None: the groups were not chosen by a filter, or by one that only the server can evaluate.
  std::optional<BoundFilter> selection_;
};

/// The value by which somebody looks the entry up: the only one, or the one in its RDN; empty: nobody knows.
std::string_view naming_value(Entry const& entry, std::string_view attribute);

}  // namespace dirsync::plan
