#pragma once
// What the two writers share.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sync/console/api/profile.hpp"
#include "sync/console/read/last_read.hpp"
#include "sync/console/read/reader.hpp"
#include "sync/console/session/session.hpp"
#include "sync/console/settings.hpp"
#include "sync/ports/target.hpp"
#include "sync/rest/look_until.hpp"
#include "sync/rest/outcomes.hpp"
#include "sync/rest/requests.hpp"
#include "sync/rest/sending.hpp"

namespace dirsync::console {

struct WriteContext {
  Session& session;
  Reader& reader;
  Profile const& profile;
  Settings const& settings;
  LastRead& last_read;
};

/// After a write: the console gives no promise of reading its own writes at once.
rest::Looks looks_of(Settings const& settings);

/// Conflicts in a row after which the object is left to the other writer.
constexpr int kRetries = 5;

/// Between half of it and all of it, so that two writers do not meet for ever.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds base);

using rest::applied;
using rest::for_all;
/// With target_down where the error ends writing.
Applied applied(Outcome outcome, Error const& error);

/// A batch without those changes that are refused before anything is sent.
class Admitted {
 public:
  /// `refused_because`: empty for a change that may go on.
  Admitted(std::vector<Change> batch, std::function<std::string(Change const&)> const& refused_because);
  std::vector<Change> changes;
  /// One answer per change of the batch, in its order. `written`: one per change of `changes`.
  std::vector<Applied> answers(std::vector<Applied> written);

 private:
  std::vector<Applied> answers_;
  std::vector<std::size_t> places_;  // of `changes` in the batch
};

/// Nothing when the console answered a success; else what the failure means if no look tells better.
std::optional<Applied> failure(std::string const& doing, Result<http::Response> const& answer);

}  // namespace dirsync::console
