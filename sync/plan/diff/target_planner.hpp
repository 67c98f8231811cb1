#pragma once
#include "sync/plan/diff/dangling.hpp"
#include "sync/plan/diff/object_dns.hpp"
#include "sync/plan/planner.hpp"

namespace dirsync::plan {

/// The diff of one target, group by group. Its results go to the members below.
class TargetPlanner {
 public:
  /// `dangling`: by directory, for every view.
  TargetPlanner(Input const& input, TargetInput const& target, Desired const& desired,
                std::map<std::string, Dangling> const& dangling);
  void run();

  std::vector<Drafted> changes;
  std::vector<GroupFigures> groups;
  std::set<Notice> notices;
  std::vector<Reason> holds;
  Housekeeping housekeeping;
  Questions questions;
  std::map<std::string, std::set<std::string>> absent;
  std::map<std::string, std::set<std::string>> to_approve;

 private:
  struct Absence {
    bool confirmed = false;
    std::string text;
  };
  /// The entries of the person of a grant.
  struct Whereabouts {
    std::vector<PersonRef> found;
    std::vector<EntryId> missing;  // named by the grant, and no longer found
    std::string directory;         // whose reads say so
  };
  struct Foreigner {
    SourceTree const* tree = nullptr;  // null: of none of the rules' directories
    std::optional<PersonRef> person;
  };
  struct GroupWork;

  // Groups and additions: target_planner.cpp
  void plan_group(std::string const& key, DesiredGroup const& desired);
  TargetGroup const* meant_by(std::vector<TargetGroup const*> const& bearers);
  TargetGroup const* find_renamed(DesiredGroup const& desired);
  void create_group(DesiredGroup const& desired);
  void diff(DesiredGroup const& desired, TargetGroup const& have, ManagedGroup const* managed);
  std::string unclear_account(DesiredGroup const& desired, DesiredMember const& member) const;
  bool may_mean_another(DesiredGroup const& desired, DesiredMember const& member);
  void collect_wanted(GroupWork& work);
  void collect_desired(GroupWork& work);
  void report_foreign_others(GroupWork const& work);
  void collect_granted(GroupWork& work);
  void plan_additions(GroupWork& work);
  void keep_house(GroupWork& work);
  EntryId id_to_keep(EntryId const& granted, PersonRef const& person) const;

  // Removals: departures.cpp, absences.cpp
  void find_lost_groups(GroupWork& work);
  void find_unclear_names(GroupWork& work) const;
  void plan_departure(GroupWork& work, std::uint32_t user);
  void plan_removal(GroupWork& work, std::uint32_t user, Grant const& grant);
  void plan_foreign(GroupWork& work, std::uint32_t user);
  void wait_for_lost_groups(GroupWork const& work, Change& change);
  Whereabouts find_person(GroupWork const& work, Grant const& grant) const;
  Foreigner find_foreigner(GroupWork const& work, TargetUser const& user) const;
  Drafted removal(GroupWork const& work, std::uint32_t user, Cause cause) const;
  std::string why_disabled(GroupWork const& work, PersonRef const& person) const;
  std::string why_excluded(GroupWork const& work, std::vector<PersonRef> const& entries) const;
  std::string why_left(GroupWork const& work, Whereabouts const& person, Grant const& grant,
                       TargetUser const& user) const;
  void wait_for_doubt(GroupWork const& work, std::vector<PersonRef> const& entries,
                      std::string const& last_dn, Drafted& drafted);
  void wait_until_certain(GroupWork const& work, Whereabouts const& person, Grant const& grant,
                          Drafted& drafted);
  std::string doubt(GroupWork const& work, std::vector<PersonRef> const& entries,
                    std::string const& last_dn) const;
  Absence absence_of(Whereabouts const& person, Grant const& grant);
  Absence absence_of_entry(std::string const& directory, EntryId const& id, Grant const& grant);
  Absence absence_of_group(std::string const& directory, EntryId const& id);
  std::string home_of(EntryId const& id, std::string const& otherwise, std::string const& key) const;
  Absence counted(std::string const& directory, std::string const& key);
  bool still_named(std::string const& dn, std::string const& uid) const;

  // Groups without a source: orphans.cpp
  void plan_orphans();
  void plan_orphan(ManagedGroup const& managed, TargetGroup const& have);
  void empty_orphan(ManagedGroup const& managed, TargetGroup const& have, Rule const& rule);
  std::size_t empty_of_group(TargetGroup const& have, OtherMember const& member, Grant const& grant,
                             Rule const& rule);
  bool source_is_there(EntryId const& source) const;

  // Directory groups as members: nestings.cpp
  TargetGroup const* group_of(OtherMember const& member) const;
  bool stands_for(OtherMember const& member, std::string_view normalized) const;
  OtherMember const* granted_member(TargetGroup const& have, Grant const& grant) const;
  OtherMember const* member_for(GroupWork const& work, Entry const& source) const;
  void collect_sources(GroupWork& work);
  void plan_nestings(GroupWork& work);
  std::optional<Change> nesting(TargetGroup const& have, DirectoryView const& view, Entry const& source,
                                std::string const& rule);
  bool named_once(std::string const& holder, std::string const& name);
  void count_names();
  std::size_t groups_named(DirectoryView const& view, std::string const& name);
  void tell_people_behind(DesiredGroup const& desired, std::string const& group);
  void plan_unnestings(GroupWork& work);
  void plan_unnesting(GroupWork& work, OtherMember const& member, Grant const& grant);
  Change unnesting(TargetGroup const& have, OtherMember const& member, std::string dn, EntryId id) const;
  void adopt_nestings(GroupWork& work);

  // Directory groups and LDAP users themselves: directory_objects.cpp
  void check_directory_objects();
  void check_group(TargetGroup const& group, DnFinding const& finding);
  void replace_moved(TargetGroup const& old, DnFinding const& finding);
  struct Replacement;
  void replace_in(TargetGroup const& have, OtherMember const& member, TargetGroup const& old,
                  DnFinding const& finding);
  void put_successor(Replacement const& one);
  void take_out_old(Replacement const& one);
  Grant const* grant_of(TargetGroup const& have, OtherMember const& member) const;
  GroupFigures& figures_of(TargetGroup const& have);

  Change change_of(Verb verb, TargetGroup const& group, std::string const& rule) const;
  void notice(std::string code, std::string group, std::string principal, std::string text);
  bool addressable(std::string const& group, std::string const& principal);
  bool removable(TargetGroup const& have, TargetUser const& user);
  Rule const* rule_named(std::string const& name) const;

  Input const& input_;
  TargetInput const& target_;
  Desired const& desired_;
  std::map<std::string, Dangling> const& dangling_;
  Identities const& identities_;
  Matcher matcher_;
  std::map<std::string, std::vector<TargetGroup const*>> by_key_;
  std::map<std::string, TargetGroup const*> by_id_;
  std::map<std::string, ManagedGroup const*> managed_by_id_;
  std::map<std::string, std::vector<Grant const*>> grants_by_group_;
  std::set<std::string> visited_;    // ids of target groups that a desired group claims
  std::set<std::string> new_names_;  // folded names of groups to create
  /// By directory: how many of its groups have a logon name, folded.
  std::map<std::string, std::unordered_map<std::string, std::size_t>> logon_names_;
  std::unordered_map<std::string, std::vector<TargetGroup const*>> directory_groups_;  // by normalized DN
  std::unordered_map<std::string, std::size_t> bearers_;  // users and groups by folded name, once needed
};

}  // namespace dirsync::plan
