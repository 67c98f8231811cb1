// What a review of access asks for besides the intervals.
#include "store/group_owners.hpp"
#include "store/packing.hpp"
#include "store/write.hpp"

namespace dirsync::store {

Result<std::map<std::string, std::vector<ManagedGroup>>> Store::managed_groups() {
  static constexpr char kSelect[] =
      "SELECT target, group_id, group_name, rule, created_by_us, sources FROM managed_group "
      "ORDER BY target, group_id";
  using Groups = std::map<std::string, std::vector<ManagedGroup>>;
  return database_->attempt("managed groups cannot be read", [this]() -> Result<Groups> {
    Groups all;
    for (auto query = database_->query(kSelect); query.step();) {
      auto const sources = unpack_texts(query.blob(5));
      if (!sources) damaged("managed group " + query.text(1));
      ManagedGroup group{.group_id = query.text(1),
                         .group = query.text(2),
                         .rule = query.text(3),
                         .created_by_us = query.integer(4) != 0,
                         .sources = {}};
      for (auto const& source : *sources) group.sources.emplace_back(source);
      all[query.text(0)].push_back(std::move(group));
    }
    return all;
  });
}

Result<std::map<EntryId, std::vector<std::string>>> Store::group_owners() {
  using Owners = std::map<EntryId, std::vector<std::string>>;
  return database_->attempt("owners of groups cannot be read",
                            [this]() -> Result<Owners> { return owners_of_groups(*database_); });
}

Result<std::map<std::string, PlanApprovals>> Store::approvals() {
  static constexpr char kSelect[] =
      "SELECT one.plan, one.time, one.actor, coalesce(plan.approvals_needed, 1) FROM "
      "(SELECT plan, time, actor FROM audit WHERE phase = 'approve' AND result = 'approved' "
      "UNION SELECT plan, time, actor FROM pruned_approval) AS one "
      "LEFT JOIN plan ON plan.digest = one.plan ORDER BY one.plan, one.time, one.actor";
  using Approvals = std::map<std::string, PlanApprovals>;
  return database_->attempt("approvals cannot be read", [this]() -> Result<Approvals> {
    Approvals all;
    for (auto query = database_->query(kSelect); query.step();) {
      auto& plan = all[query.text(0)];
      plan.needed = static_cast<int>(query.integer(3));
      plan.given.push_back({query.text(2), query.time(1)});
    }
    return all;
  });
}

Result<void> Store::in_one_state(std::function<Result<void>()> const& look) {
  return database_->reading("the store cannot be read", look);
}

}  // namespace dirsync::store
