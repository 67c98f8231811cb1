#pragma once
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "sync/engine/apply/carry_out.hpp"
#include "sync/engine/apply/group_room.hpp"
#include "sync/engine/apply/order.hpp"
#include "sync/engine/apply/way_for_leavers.hpp"
#include "sync/engine/setup.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::engine {

/// How many changes were not sent, by target and why. They are told together.
using LeftAlike = std::map<std::pair<std::string, std::string>, std::uint64_t>;

/// Shared by the appliers of one run.
struct ApplyContext {
  AuditContext audit;
  Monitor* monitor = nullptr;
  Clock const* clock = nullptr;
  std::stop_token stop;                  // asked: finish what is in hand, send nothing more
  std::uint64_t total = 0;               // changes, for progress
  std::uint64_t done = 0;                // of them
  std::uint64_t unverified = 0;          // made, and nobody could look whether they are so
  LeftAlike left = {};                   // because of a stop, a person's freeze, or who goes first
  std::vector<Freeze> freezes = {};      // in force before the last call
  std::vector<Freeze> stopped_by = {};   // those that came meanwhile and kept something back
  std::optional<Error> journal_failure;  // set here; nothing is sent after it
  WayForLeavers way = {};                // given: finish what is in hand, send nothing more

  void count_answered(Change const& change) {
    ++done;
    way.note_answered(change);
  }
};

/// The event of one change: applied, or not. `settled`: what became of it; null: it waits for confirmation.
void tell_outcome(Monitor& monitor, RunId run, Change const& change, Settled const* settled);

/// Applies one target's part of a plan in the order of Order: within a step several groups (console: users)
/// at the same time, within a group one call after the other. Whom the target takes in is taken in once; all
/// further additions name them as the target does by then. Each changed group is read back once, one that is
/// renamed or deleted after that: a change that is not there becomes failed, and one whose group could not be
/// read back says so. Only then does it get its row; until then its intent is open.
class Applier {
 public:
  /// All must outlive it. `standings`: of this target's groups.
  Applier(ApplyContext& context, SinkTarget const& target, Observed const& observed, Standings standings);
  /// Gives each of `changes`, all of this target and in plan order, its outcome.
  boost::asio::awaitable<void> apply(std::span<Settled> changes);
  /// Why the target took no more changes, where it did not.
  std::optional<Error> const& down() const noexcept { return down_; }

 private:
  /// Changes of one group that were made, with their intents.
  struct ToVerify {
    Batch changes;
    std::vector<std::int64_t> intents;
  };

  boost::asio::awaitable<void> take(Step& step);
  boost::asio::awaitable<void> work(Step& step, std::size_t& next);
  boost::asio::awaitable<void> send(Batch batch);
  void settle_what_is_not_sent(Batch& batch);
  void note(Batch const& batch, Carried carried);
  boost::asio::awaitable<void> look_at(Settled& settled);
  boost::asio::awaitable<void> verify(std::set<std::string> const& but_for);
  boost::asio::awaitable<void> verify_groups(std::vector<ToVerify*> const& groups, std::size_t& next);
  boost::asio::awaitable<void> verify_group(ToVerify& group);
  /// A person may freeze changes at any time; the journal is asked before each call.
  void look_for_freezes();
  std::string reason_to_leave(Change const& change) const;
  void note_freeze(Change const& change);
  std::string reason_to_skip(Change const& change) const;
  std::string reason_not_to_look() const;
  void skip(Settled& settled, std::string why);
  void note_creation(Settled const& settled);
  void note_newcomer(Settled const& settled);
  void note_removal(Settled const& settled);
  /// Of whom the target took in before the name and the id are known by now.
  void name_as_known(Change& change) const;
  void tell(Settled const& settled) const;

  ApplyContext& context_;
  SinkTarget const& target_;
  Observed const& observed_;
  TargetTraits traits_;
  GroupRoom room_;
  Step put_off_;  // removals that one call would have carried together with additions
  std::map<std::string, ToVerify> to_verify_;   // by id of the group
  std::map<std::string, std::string> created_;  // group name -> id
  std::map<std::string, std::string> failed_creations_;
  std::set<std::string> keep_members_;  // ids of groups from which somebody was not taken out for certain
  struct Known {
    std::string name, id;
    std::optional<UserSource> source;
  };
  std::map<std::string, Known> taken_in_;            // in this run, by newcomer_of()
  std::map<std::string, std::string> not_taken_in_;  // why
  std::optional<Error> down_;
};

}  // namespace dirsync::engine
