#pragma once
// What an audit trail says is ours. Pure.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sync/model/record.hpp"
#include "sync/plan/claims/confirm.hpp"

namespace dirsync::cli {

/// Takes the rows of a trail, oldest first. The trail names groups and users by name, not by id.
class AuditReplay {
 public:
  void take(AuditRow const& row);
  /// By target, ordered by name.
  plan::RememberedByTarget remembered() const;

 private:
  using Name = std::pair<std::string, std::string>;  // target and group: some tell case apart
  struct Group {
    ManagedGroup group;
    bool is_renamed = false;
    std::map<std::string, Grant> grants, ended;  // by folded name
  };

  Group& group_of(AuditRow const& row);
  void create(AuditRow const& row);
  void rename(AuditRow const& row);

  std::map<Name, Group> groups_;
  /// By target and rule: whose new name no row has told yet.
  std::map<std::pair<std::string, std::string>, std::vector<Group>> renamed_;
};

}  // namespace dirsync::cli
