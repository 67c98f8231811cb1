#pragma once
// Intents of several coroutines, written together: a sync of the disk takes longer than most calls.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sync/model/change.hpp"
#include "sync/ports/journal.hpp"

namespace dirsync::engine {

/// What is announced while others are on their way to announce something is one transaction with theirs.
/// Thread: event loop. All that wait belong to one run and one executor.
class IntentQueue {
 public:
  using Intents = Result<std::vector<std::int64_t>>;
  /// As Journal::intend, durable when it completes. A cancellation does not end the wait.
  boost::asio::awaitable<Intents> announce(Journal& journal, RunId run, PlanDigest const& plan,
                                           std::string const& actor, std::vector<Change> const& batch);

 private:
  struct Waiting {
    std::vector<Change> const& batch;
    boost::asio::steady_timer answer_came;
    std::optional<Intents> answer = std::nullopt;
  };
  static void write_all(Journal& journal, RunId run, PlanDigest const& plan, std::string const& actor,
                        std::vector<Waiting*> const& waiting);

  std::vector<Waiting*> waiting_;
  bool is_gathering_ = false;  // somebody waits for the others, and writes for all
};

}  // namespace dirsync::engine
