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

boost::asio::awaitable<void> pause(std::chrono::milliseconds duration);

Applied applied(Outcome outcome, std::string detail);
/// With target_down where the error ends writing.
Applied applied(Outcome outcome, Error const& error);

/// The request of a write: repeated by the client only when the server certainly did not do it.
http::Request write_request(http::Method method, std::string path, std::string body);

}  // namespace dirsync::console
