#pragma once
// Watches the runs of one world, and tells what must not be.
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/sequences/ledger.hpp"

namespace dirsync::sequences {

class Oracle {
 public:
  explicit Oracle(World& world) : world_(world) {}

  std::vector<std::string> problems;

  /// Before a run: what was edited by hand.
  void before_run() { ledger_.note_edits(world_); }
  /// After it. `was`: its circumstances.
  void after_run(Attempt const& attempt, Circumstances const& was);
  /// At the very end: whether both targets are as the directory says.
  void at_the_end();
  Ledger const& ledger() const { return ledger_; }

 private:
  struct Absent {
    int runs = 0;
    Time counted{};
  };
  /// One run with all that is needed to judge it.
  struct Case {
    Attempt const& attempt;
    Circumstances const& was;
    std::map<std::string, Wishes> wishes, settled_wishes;  // by target
    bool approved = false;
  };
  struct Removal {
    Change const& change;
    fake::TargetWorld before;
    TargetGroup const* group;  // in `before`
    std::string user, person;  // ids
  };

  Case look_at(Attempt const& attempt, Circumstances const& was);
  void count_absences(Case const& one);
  void expect_nothing_unread(Case const& one);
  void expect_frozen(Case const& one);
  void expect_retried(Case const& one);
  void expect_approvals(Case const& one);
  void expect_few_removals(Case const& one);
  void expect_justified(Case const& one, Change const& change);
  void expect_addition(Case const& one, Change const& change);
  void expect_taken_in(Person const& person, Change const& change);
  void expect_removal(Case const& one, Change const& change);
  Wish const* wish_for(Case const& one, std::string const& target, std::string const& group_id,
                       std::string const& name) const;
  void expect_foreigner(Case const& one, Removal const& removal, Wish const* wish);
  void expect_departure(Case const& one, Removal const& removal, Wish const* wish);
  void expect_orphan(Case const& one, Removal const& removal);
  void expect_group_change(Case const& one, Change const& change);
  void expect_told(Case const& one);
  void settle(Case const& one);
  void keep_sources(Case const& one);
  void keep_read(Case const& one);
  void note_unsure(Case const& one);
  void hand_over(Case const& one);
  bool is_accepted(Case const& one) const;

  /// Nothing of the plan waits for a person, but for what is frozen.
  bool is_decided(Case const& one, std::string const& target) const;
  /// The same, and nothing of that target is frozen.
  bool is_applied(Case const& one, std::string const& target) const;
  bool look_finds(Case const& one, std::string const& id) const;
  bool look_says_gone(Case const& one, std::string const& id) const;
  /// `dn`: to which it was granted; may be empty.
  bool is_confirmed_gone(Case const& one, std::string const& id, std::string const& dn) const;
  bool is_still_named(Case const& one, std::string const& dn) const;
  std::string lost_nested_group(Case const& one, Wish const& wish) const;
  bool is_theirs(Case const& one, std::string const& target, TargetUser const& user,
                 std::string const& person) const;
  Person const* bearer(Said const& said, std::string const& target, TargetUser const& user) const;
  bool is_kept_from_view(Case const& one, OurMembership const& ours) const;
  void complain(std::string what, Change const& change);

  World& world_;
  Ledger ledger_;
  std::map<std::string, Followed> followed_;    // by rule
  std::map<std::string, Absent> absent_;        // by id
  std::map<std::string, Settings> settled_;     // by rule, behind the last plan that was applied
  std::set<std::string> applied_;               // rules that sent something under an applied plan
  std::set<std::string> group_dns_;             // of groups that any read showed
  std::map<std::string, std::string> last_dn_;  // by id, as of the last read that showed it
};

}  // namespace dirsync::sequences
