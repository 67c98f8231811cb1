#pragma once
// Who has which target group, for people who review access: from the store alone.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "sync/model/approvals.hpp"
#include "sync/model/plan.hpp"
#include "sync/model/record.hpp"

namespace dirsync::cli {

/// A membership that is there because of dirsyncd.
struct ReviewedMember {
  std::string principal, dn;
  EntryId id;
  std::string rule, path;
  std::optional<Time> since;  // nothing: not known
  std::string verb;           // how it began, as store::verb_text()
  RunId run;                  // that brought it about; 0: not known
  std::string plan, actor;
  std::optional<Approval> approved;  // of the plan; nothing: nobody had to, or it is not known
};

struct ReviewedGroup {
  std::string target, name, id;
  bool is_managed = false;           // now
  std::vector<std::string> sources;  // DNs of directory groups that feed it, as of the last accepted reads
  std::vector<std::string> owners;   // of these, DNs as the directory spells them; each once, ordered
  /// Members who are there without dirsyncd; nothing: not known, or not of now.
  std::optional<std::vector<std::string>> foreign;
  std::int64_t number = 0;  // within the store; 0: nobody was ever in it
};

/// Changes of a target, or of all where it is empty, that are frozen.
struct FrozenTarget {
  std::string target, text;
};

struct Review {
  Time made;
  std::optional<Time> at;  // nothing: now
  RunId run;               // the last one that had ended by then; 0: none
  std::optional<Time> run_finished;
  std::vector<ReviewedGroup> groups;  // those without an owner last; by owners, target, name
  // As of the last run, what is frozen as of now; and not with `at`:
  std::map<std::string, std::vector<std::string>> waiting;  // by target: whom it does not know yet
  std::vector<SetAside> set_aside;
  std::vector<Blocked> blocked;
  std::vector<FrozenTarget> frozen;
};

/// Errors: the store's.
Result<Review> review_of(store::Store& store, std::optional<Time> at, Time made);

/// Who approved which plan, and when.
class Approvals {
 public:
  /// Errors: the store's.
  static Result<Approvals> of(store::Store& store);
  /// Of that plan, by all who let it be used at that time; at any where that is not known.
  std::optional<Approval> find(std::string const& plan, std::optional<Time> used) const;

 private:
  std::map<std::string, PlanApprovals> by_plan_;
};

/// By principal. Errors: the store's.
Result<std::vector<ReviewedMember>> members_of(store::Store& store, ReviewedGroup const& group,
                                               std::optional<Time> at, Approvals const& approvals);

}  // namespace dirsync::cli
