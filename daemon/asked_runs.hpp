#pragma once
// Runs that people asked the service for and that have not begun yet.
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/run_ask.hpp"
#include "daemon/control/answer_page.hpp"

namespace dirsync {

/// Asks that are equal and by the same person share one run while it has not begun. Thread: any.
class AskedRuns {
 public:
  static constexpr std::size_t kMostWaiting = 16;                    // different ones
  static constexpr std::size_t kMostOfOnePerson = kMostWaiting / 2;  // so that nobody keeps out the others

  struct Asked {
    cli::RunAsk what;
    std::string actor;
    friend bool operator==(Asked const&, Asked const&) = default;
  };
  /// Makes the answer, on the thread that tells of the end; once in each form that is asked for.
  using Rendering = control::AnswerPages::MakeAnswer;
  using OnEnd = std::function<void(control::AnswerPages&)>;

  /// `on_end` is called once, on any thread, be it now: too many wait, or close() was called.
  void add(Asked asked, OnEnd on_end);
  /// The one that has waited longest; it has begun then, and end() tells those who wait for it.
  std::optional<Asked> begin();
  void end(Rendering const& rendering);
  bool has_waiting() const;
  /// From now on nothing begins; tells those who wait that the service ends.
  void close();
  /// The same to those who wait for a run that has begun and was broken off.
  void end_unfinished();

 private:
  struct Waiting {
    Asked asked;
    std::vector<OnEnd> on_end;
  };

  std::optional<Rendering> queue(Asked asked, OnEnd const& on_end);

  std::mutex mutable mutex_;
  std::deque<Waiting> waiting_;
  std::vector<OnEnd> begun_;
  bool closed_ = false;
};

}  // namespace dirsync
