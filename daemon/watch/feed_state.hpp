#pragma once
// How the feed of a directory is, for people and for monitoring.
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "sync/model/time.hpp"
#include "sync/ports/feed.hpp"

namespace dirsync::watch {

struct FeedState {
  enum class What {
    off,       // nobody follows: [schedule] watch = false, or there is no service
    starting,  // no answer yet
    following,
    down,  // it failed, and is tried again
  };
  What what = What::off;
  FeedKind kind = FeedKind::none;
  std::optional<Time> since{};  // of `what`; none: off
  std::string reason{};         // of down: the last error
  friend bool operator==(FeedState const&, FeedState const&) = default;
};
/// "off", "starting", "following", "down".
std::string_view to_text(FeedState::What what);

using FeedStates = std::map<std::string, FeedState>;  // by directory, of those that are followed

/// The last states, for whoever asks. Thread: any.
class FeedBoard {
 public:
  void set(FeedStates states) {
    std::lock_guard const lock{mutex_};
    states_ = std::move(states);
  }
  FeedStates states() const {
    std::lock_guard const lock{mutex_};
    return states_;
  }

 private:
  std::mutex mutable mutex_;
  FeedStates states_;
};

}  // namespace dirsync::watch
