#pragma once
#include "sync/plan/planner.hpp"

namespace dirsync::plan {

/// The diff of one target, group by group. Its results go to the members below.
class TargetPlanner {
 public:
  TargetPlanner(Input const& input, TargetInput const& target, Desired const& desired);
  void run();

  std::vector<Drafted> changes;
  std::vector<GroupFigures> groups;
  std::set<Notice> notices;
  std::vector<Reason> holds;
  Housekeeping housekeeping;
  Questions questions;
  std::map<std::string, std::set<std::string>> absent;

 private:
  struct Absence {
    bool confirmed = false;
    std::string key, text;
  };
  struct GroupWork;

  void plan_group(std::string const& key, DesiredGroup const& desired);
  TargetGroup const* find_renamed(DesiredGroup const& desired);
  void create_group(DesiredGroup const& desired);
  void diff(DesiredGroup const& desired, TargetGroup const& have, ManagedGroup const* managed);
  void collect_desired(GroupWork& work);
  void collect_granted(GroupWork& work);
  void plan_additions(GroupWork& work);
  void plan_departure(GroupWork& work, std::uint32_t user);
  void plan_removal(GroupWork& work, std::uint32_t user, Grant const& grant);
  void plan_foreign(GroupWork& work, std::uint32_t user);
  void hold_for_lost_nested_groups(GroupWork& work);
  void keep_house(GroupWork& work);
  void plan_orphans();
  void plan_orphan(ManagedGroup const& managed, TargetGroup const& have);

  Absence absence_of_person(std::string const& directory, EntryId const& id, std::string const& last_dn,
                            std::string const& principal);
  Absence absence_of_group(std::string const& directory, EntryId const& id);
  Absence counted(std::string const& directory, std::string key);
  bool still_named(std::string const& directory, std::string const& last_dn, std::string const& principal);
  Change membership_change(Verb verb, DesiredGroup const& desired, TargetGroup const* have) const;
  void notice(std::string code, std::string group, std::string principal, std::string text);
  bool addressable(std::string const& group, std::string const& principal);
  Rule const* rule_named(std::string const& name) const;

  Input const& input_;
  TargetInput const& target_;
  Desired const& desired_;
  Matcher matcher_;
  std::map<std::string, TargetGroup const*> by_key_, by_id_;
  std::map<std::string, ManagedGroup const*> managed_by_id_;
  std::map<std::string, std::vector<Grant const*>> grants_by_group_;
  std::set<std::string> visited_;  // ids of target groups that a desired group claims
  /// By directory: member values that name nothing that was read, normalized and as they stand.
  std::map<std::string, std::set<std::string, std::less<>>> dangling_;
};

}  // namespace dirsync::plan
