#pragma once
// What the two writers share.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>

#include "sync/console/knowledge.hpp"
#include "sync/console/profile.hpp"
#include "sync/console/reader.hpp"
#include "sync/console/session.hpp"
#include "sync/console/settings.hpp"
#include "sync/ports/target.hpp"

namespace dirsync::console {

struct Writing {
  Session& session;
  Reader& reader;
  Profile const& profile;
  Settings const& settings;
  Knowledge& known;
};

/// Looks after a write: at once and after a pause, so often.
constexpr int kLooks = 3;

/// Conflicts in a row after which the object is left to the other writer.
constexpr int kRetries = 5;

/// Between half of it and all of it, so that two writers do not meet for ever.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds base);

boost::asio::awaitable<void> pause(std::chrono::milliseconds duration);

Applied applied(Outcome outcome, std::string detail);
/// With target_down where the error ends writing.
Applied applied(Outcome outcome, Error const& error);

/// The request of a write: repeated by the client only when the server certainly did not do it.
http::Request write_request(http::Method method, std::string path, std::string body);

}  // namespace dirsync::console
