#include "daemon/page/front.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <utility>

#include "daemon/control/events.hpp"
#include "daemon/control/headers.hpp"
#include "daemon/page/browser.hpp"
#include "daemon/page/files.hpp"

namespace dirsync::page {
namespace asio = boost::asio;
namespace json = boost::json;
using control::Page;
using control::Request;
namespace {

constexpr char kAboutPath[] = "/v1/page", kEventsPath[] = "/v1/events";
constexpr char kAliveLine[] = "{\"event\":\"alive\"}\n";

/// Of those who only look, and hold one of a few connections for that.
constexpr std::size_t kMostWatchers = 8;

bool is_decision(std::string_view path) { return path == "/v1/approve" || path == "/v1/reject"; }

/// What an answerer of the desk may be asked without a run: /v1/plan alone would make one.
bool is_stored(Request const& request) {
  return request.path == "/v1/status" || request.path == "/v1/plans" ||
         (request.path == "/v1/plan" && request.query.contains("digest"));
}

/// Whoever is privileged under any limits is for a person who types: too many rather than too few.
std::vector<std::string> privileged_names(config::Config const& config) {
  std::set<std::string> names;
  auto const add = [&names](Limits const& limits) {
    names.insert(limits.privileged.names.begin(), limits.privileged.names.end());
  };
  add(config.limits);
  for (auto const& [name, target] : config.targets) add(target.limits);
  for (auto const& rule : config.rules) add(rule.limits);
  return {names.begin(), names.end()};
}

json::array texts(std::vector<std::string> const& names) {
  json::array all;
  for (auto const& name : names) all.push_back(json::string{name});
  return all;
}

}  // namespace

Front::Front(config::Config const& config, std::string host, Behind behind)
    : host_(std::move(host)), behind_(std::move(behind)) {
  set_config(config);
}

void Front::set_config(config::Config const& config) {
  about_ = {};
  for (auto const& [name, target] : config.targets) about_.targets.push_back(name);
  for (auto const& [name, directory] : config.directories) about_.directories.push_back(name);
  about_.privileged = privileged_names(config);
  auto const& listen = config.service.http_listen;
  about_.is_known_as_machine = !listen.starts_with("127.") && !listen.starts_with("[::1]");
}

asio::awaitable<Page> Front::about(Request request, bool may_decide) const {
  json::object document{{"version", DIRSYNC_VERSION},
                        {"host", host_},
                        {"may_decide", may_decide},
                        {"person", nullptr},
                        {"targets", texts(about_.targets)},
                        {"directories", texts(about_.directories)},
                        {"privileged_groups", texts(about_.privileged)}};
  if (may_decide) document["person"] = co_await behind_.person_of(request);
  co_return Page{.content_type = "application/json", .body = json::serialize(document) + "\n"};
}

/// A reader who is no browser gets what it always got.
asio::awaitable<Page> Front::events(Request request) {
  auto const of_browser = is_of_browser(request);
  auto const peer = request.peer;
  auto page = co_await behind_.desk(std::move(request));
  if (!of_browser || !page.feed) co_return page;
  auto const token = tokens_.issue(page.feed, peer);
  json::object const line{{"event", "connected"}, {"token", token ? json::value(*token) : json::value{}}};
  page.feed->add(json::serialize(line) + "\n");
  page.alive_line = kAliveLine;
  co_return page;
}

std::optional<Page> Front::refuse_post(Request const& request) const {
  if (!is_of_browser(request)) return std::nullopt;
  if (!is_decision(request.path))
    return control::error_page(403, "not-here",
                               "the page decides plans, and nothing else; there is a command for it");
  if (tokens_.holds(control::header(request, control::kTokenHeader), request.peer)) return std::nullopt;
  return control::error_page(
      403, "token",
      "this page is not the one that was connected last; nothing was done. It connects "
      "again by itself: look at the plan once more, and decide then");
}

asio::awaitable<Page> Front::on_socket(Request request) {
  if (auto refused = refuse_foreign(request, "")) co_return guarded(*std::move(refused));
  auto const gets = request.method == "GET";
  if (request.method == "POST")
    if (auto refused = refuse_post(request)) co_return guarded(*std::move(refused));
  if (gets && is_of_browser(request) && request.path == "/v1/plan" && !is_stored(request))
    co_return guarded(control::error_page(
        403, "not-here", "a browser gets plans that wait, by their digest; `dirsyncd plan` makes one"));
  if (gets)
    if (auto file = file_page(request.path)) co_return guarded(*std::move(file));
  if (gets && request.path == kAboutPath) {
    auto page = co_await about(std::move(request), true);
    co_return guarded(std::move(page));
  }
  Page page;
  if (gets && request.path == kEventsPath)
    page = co_await events(std::move(request));
  else
    page = co_await ask(std::move(request));
  co_return guarded(std::move(page));
}

asio::awaitable<Page> Front::on_listener(Request request) {
  if (auto refused = refuse_foreign(request, about_.is_known_as_machine ? host_ : ""))
    co_return guarded(*std::move(refused));
  if (auto file = file_page(request.path)) co_return guarded(*std::move(file));
  auto const watches = request.path == kEventsPath;
  if (request.path != kAboutPath && !watches && !behind_.is_look(request.path) && !is_stored(request))
    co_return guarded(control::error_page(
        404, "not-found",
        "there are the page, /metrics, /healthz and /readyz, and nothing that changes anything"));
  if (request.method != "GET") co_return guarded(control::error_page(405, "method", "GET alone"));
  request.peer.reset();
  if (request.path == kAboutPath) {
    auto page = co_await about(std::move(request), false);
    co_return guarded(std::move(page));
  }
  if (watches && count_watchers() >= kMostWatchers)
    co_return guarded(
        control::error_page(503, "busy", "too many pages are open here; this one asks from time to time"));
  auto page = co_await ask(std::move(request));
  if (page.feed) {
    watchers_.push_back(page.feed);
    page.alive_line = kAliveLine;
  }
  co_return guarded(std::move(page));
}

asio::awaitable<Page> Front::ask(Request request) {
  if (behind_.is_look(request.path)) co_return co_await behind_.looks(std::move(request));
  co_return co_await behind_.desk(std::move(request));
}

std::size_t Front::count_watchers() {
  std::erase_if(watchers_, [](auto const& watched) {
    auto const feed = watched.lock();
    return !feed || feed->has_ended();
  });
  return watchers_.size();
}

}  // namespace dirsync::page
