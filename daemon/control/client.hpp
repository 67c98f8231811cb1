#pragma once
// The other end of the control socket.
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/model/error.hpp"

namespace dirsync::control {

enum class ClientErrc {
  no_service = 1,  // nobody answers there, or we may not ask
  ended,           // the service ended, or parted with us, before it had answered
  silent,          // it did not answer in time
};
boost::system::error_code make_error_code(ClientErrc code);
char const* category_name(ClientErrc);
char const* to_text(ClientErrc code);
Failure failure_of(ClientErrc code);

struct Call {
  std::string method = "GET", target, body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::optional<std::chrono::seconds> patience{};  // for the answer; nothing: as long as a run takes
};
struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};
/// What a person sees who waits; called while call() does.
struct Watcher {
  std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)> progress;
  std::function<void()> tick;  // five times a second
};

/// Asks the service at `socket` and waits for the answer; with a watcher it also watches the events.
/// Errors: ClientErrc. Thread: any; it has an event loop of its own.
Result<Reply> call(std::string const& socket, Call const& what,
                   std::optional<Watcher> watcher = std::nullopt);

}  // namespace dirsync::control

template <>
struct boost::system::is_error_code_enum<dirsync::control::ClientErrc> : std::true_type {};
