#pragma once
// A request and its answer, as values.
#include <sys/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dirsync::control {

class EventFeed;

struct Request {
  std::string method;                          // "GET"
  std::string path;                            // without the query, as it was written
  std::map<std::string, std::string> query;    // decoded; of a name that stands there twice the last
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::optional<uid_t> peer;  // of a unix socket: who opened the connection
};

/// The header's value; empty: not there. `name` in lower case.
std::string header(Request const& request, std::string const& name);

/// Bytes that its copies share. Thread: any.
class SharedText {
 public:
  SharedText() = default;
  SharedText(std::string text) : text_(std::make_shared<std::string const>(std::move(text))) {}
  SharedText(char const* text) : SharedText(std::string{text}) {}
  /// Lives as long as a copy does.
  std::string_view view() const { return text_ ? std::string_view{*text_} : std::string_view{}; }

 private:
  std::shared_ptr<std::string const> text_;
};

struct Page {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  SharedText body;
  std::vector<std::pair<std::string, std::string>> headers{};
  /// Instead of a body: lines as they come, until the feed ends.
  std::shared_ptr<EventFeed> feed{};
  /// Sent whenever nothing else was for so long, so that a reader can tell a quiet feed from a dead
  /// connection; empty: nothing.
  std::string alive_line{};
  std::chrono::milliseconds alive_after{20'000};
};

/// {"error": {"code", "text"}}.
Page error_page(int status, std::string_view code, std::string_view text);

}  // namespace dirsync::control
