#pragma once
// What this run no longer sees: how often that was so, what must be asked, what a person must approve.
#include <string>

#include "sync/model/policy.hpp"
#include "sync/plan/facts.hpp"

namespace dirsync::plan {

/// Whether what is no longer seen counts as gone, and in words why.
struct Absence {
  bool confirmed = false;
  std::string text;
};

/// The one owner of counts, questions and confirmations while one plan is drafted. Every stage of the diff
/// counts and asks here; what is written down does not depend on the order in which they do.
class AbsenceBook {
 public:
  /// `facts` must outlive the book.
  AbsenceBook(Facts const& facts, Limits::Confirm const& confirm) : facts_(facts), confirm_(confirm) {}

  Facts const& facts() const { return facts_; }
  /// Consecutive runs that did not see it, with this one where it is far enough from the last that counted.
  int runs_now(std::string const& directory, AbsenceKey const& key) const;
  /// The count with this run.
  AbsentBefore with_this_run(AbsentBefore const& before) const {
    return plan::with_this_run(before, facts_, confirm_);
  }
  /// Not seen in this run either. Confirmed: in as many consecutive runs as it takes.
  Absence count(std::string const& directory, AbsenceKey const& key);
  /// Once a person approves the plan, that absence is settled.
  void settle_by_approval(std::string const& directory, AbsenceKey const& key);
  /// Who bore that DN in the last accepted read? Null: nobody, or it is asked with this.
  KnownEntry const* known_as_or_ask(std::string const& directory, std::string const& normalized_dn);
  void ask_whether_gone(GoneQuestion question) { written_.questions.gone.insert(std::move(question)); }
  void ask_whether_it_exists(std::string const& target, std::string const& group_id) {
    written_.questions.groups[target].insert(group_id);
  }
  /// What the target says of that mapping; null: nothing, or it is asked with this.
  MappingAnswer const* mapping_or_ask(std::string const& target, std::string const& domain);
  /// Nobody could look in this run: the count stays as it is.
  void keep_count(std::string const& directory, AbsenceKey const& key) {
    written_.kept[directory].insert(key);
  }

  int reads_to_confirm() const { return confirm_.reads; }
  struct Written {
    AbsenceKeys absent, kept, settled_by_approval;
    Questions questions;
  };
  Written const& written() const { return written_; }

 private:
  Facts const& facts_;
  Limits::Confirm const& confirm_;
  Written written_;
};

}  // namespace dirsync::plan
