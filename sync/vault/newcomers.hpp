#pragma once
// Who came into a group while people and groups were being provisioned into it. No I/O.
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/model/applied.hpp"
#include "sync/model/observed.hpp"

namespace dirsync::vault {

/// Matches members that a group has now with the additions that were sent, by their DNs. Additions that were
/// answered are about newcomers alone; one without a clear answer may also be about somebody who was there.
class Newcomers {
 public:
  /// `answers`: one for each of `batch`, in order, where settle() leaves what became of the additions. Both
  /// must outlive it.
  Newcomers(std::span<Change const> batch, std::vector<Applied>& answers)
      : batch_{batch}, answers_{answers} {}

  /// `said_so`: the Vault answered that it added somebody.
  void expect(std::size_t at, bool said_so);
  bool waits() const { return !open_.empty(); }
  /// An addition that waits may be about a group.
  bool wants_groups() const;
  /// Members to be looked at, the likeliest first; each only while is_of_interest().
  struct Candidate {
    OtherMember member;
    bool was_there = false;
  };
  std::vector<Candidate> candidates(TargetGroup const& before, TargetGroup const& after) const;
  bool is_of_interest(Candidate const& candidate) const;
  /// `found`: who or what that member is; nothing: the Vault does not tell.
  void see(Candidate const& candidate, std::optional<TargetUser> found);
  /// Gives every addition that still waits this answer.
  void end_all(Applied const& answer);
  /// Of those that still wait nobody came.
  void settle();

 private:
  struct Open {
    std::size_t at;  // in `batch_`
    bool said_so;
  };
  /// Somebody new whom no addition explains.
  struct Unexplained {
    Stranger who;
    bool is_known = false;        // the Vault tells who it is
    std::vector<std::size_t> of;  // additions that may have meant to let them in, by place in `batch_`
  };
  std::string why_not(Change const& change, bool said_so) const;
  Applied not_come(Open const& one) const;

  std::span<Change const> batch_;
  std::vector<Applied>& answers_;
  std::vector<Open> open_;
  std::map<std::string, std::size_t> by_dn_;  // key of an addition that waits -> its place in `batch_`
  std::vector<Unexplained> unexplained_;
};

}  // namespace dirsync::vault
