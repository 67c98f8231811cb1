#pragma once
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "sync/engine/apply/carry_out.hpp"
#include "sync/engine/setup.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::engine {

/// Shared by the appliers of one run.
struct ApplyContext {
  AuditContext audit;
  Monitor* monitor = nullptr;
  std::stop_token stop;                  // asked: finish what is in hand, send nothing more
  std::uint64_t total = 0;               // changes, for progress
  std::uint64_t done = 0;                // of them
  std::optional<Error> journal_failure;  // set here; nothing is sent after it
};

/// The event of one change: applied, or not. `settled`: what became of it; null: it waits for confirmation.
void tell_outcome(Monitor& monitor, RunId run, Change const& change, Settled const* settled);

/// Applies one target's part of a plan in the order of Phase: steps one after the other, within a step
/// several groups (console: users) at the same time, within a group one call after the other.
class Applier {
 public:
  /// All must outlive it.
  Applier(ApplyContext& context, SinkTarget const& target, Observed const& observed);
  /// Gives each of `changes`, all of this target and in plan order, its outcome.
  boost::asio::awaitable<void> apply(std::span<Settled> changes);
  /// Reads each changed group once and compares; a change that is not there becomes failed, and one whose
  /// group could not be read back says so. Each has a row of its own.
  boost::asio::awaitable<void> verify(std::span<Settled> changes);

 private:
  using Batch = std::vector<Settled*>;
  using Chain = std::vector<Batch>;  // one after the other
  using Step = std::vector<Chain>;   // at the same time

  std::vector<Step> steps(std::span<Settled> changes) const;
  boost::asio::awaitable<void> work(Step& step, std::size_t& next);
  boost::asio::awaitable<void> send(Batch batch);
  boost::asio::awaitable<void> look_at(Settled& settled);
  boost::asio::awaitable<void> verify_groups(std::vector<Batch> const& groups, std::size_t& next);
  boost::asio::awaitable<void> verify_group(Batch changes);
  std::string reason_to_skip(Change const& change) const;
  void skip(Settled& settled, std::string why);
  void note_creation(Settled const& settled);
  void tell(Settled const& settled) const;

  ApplyContext& context_;
  SinkTarget const& target_;
  Observed const& observed_;
  TargetTraits traits_;
  std::map<std::string, std::string> created_;  // group name -> id
  std::map<std::string, std::string> failed_creations_;
  std::optional<Error> down_;
};

}  // namespace dirsync::engine
