#include "daemon/watch/watch.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "sync/engine/read/reads.hpp"
#include "sync/model/join.hpp"

namespace dirsync::watch {
namespace asio = boost::asio;
namespace {

/// Entries that are named where many are told of.
constexpr std::size_t kExamples = 3;

/// What answers and is refused for what it says needs a person, and no further look.
bool could_not_read(engine::Report const& report) {
  auto const failed = [](auto const& side) { return engine::refusal_code(side.second) == "read-failed"; };
  return std::ranges::any_of(report.unread_directories, failed) ||
         std::ranges::any_of(report.unread_targets, failed);
}

}  // namespace

Watch::Watch(asio::any_io_executor executor, Listeners listeners)
    : listeners_(std::move(listeners)),
      watcher_(
          std::move(executor), listeners_.log, listeners_.clock,
          {.on_news = [this](std::string const& directory, FeedNews const& news) { note(directory, news); },
           .on_state = [this] { tell_states(); },
           .on_failure = listeners_.on_failure}),
      leaver_news_(listeners_.may_be_leavers) {}

asio::awaitable<void> Watch::follow(Feeds feeds, Pace pace) {
  co_await watcher_.stop();
  gathering_.set_pace(pace);
  watcher_.follow(std::move(feeds));
}

void Watch::note(std::string const& directory, FeedNews const& news) {
  listeners_.metrics.count_feed_events(directory, news.events.size());
  gathering_.note(directory, news, since_boot(), listeners_.clock.now());
  leaver_news_.note(directory, news);
  leaver_looks_.note(directory, news);
  full_reads_.note(directory, news);
  listeners_.on_news();
}

void Watch::tell_states() {
  auto states = watcher_.states();
  full_reads_.note(states);
  listeners_.metrics.note_feeds(states);
  listeners_.board.set(std::move(states));
  listeners_.on_news();
}

std::optional<SinceBoot> Watch::due() const {
  auto const wanted = gathering_.due();
  if (!wanted) return std::nullopt;
  return std::max(*wanted, spacing_.earliest());
}

void Watch::begin_look(engine::RunRequest& request, SinceBoot now) {
  look_began_ = now;
  request.told = leaver_looks_.take();
  request.deleted_at = gathering_.deleted_at();
}

void Watch::begin_full_read() {
  for (auto const& [directory, entries] : full_reads_.begin()) {
    auto const examples = std::views::take(entries, kExamples);
    Monitor::Field const fields[] = {{"directory", directory},
                                     {"count", std::to_string(entries.size())},
                                     {"entries", join(examples, ", ", &EntryId::value)}};
    listeners_.log.event(Monitor::Level::warn, "full_read_differed", fields);
    listeners_.metrics.count_full_read_differences(directory, entries.size());
  }
}

void Watch::begin_run(engine::RunRequest& request, bool by_feed, SinceBoot now) {
  looked_at_ = gathering_.take();
  by_feed_ = by_feed;
  began_ = now;
  request.feed_cookies = watcher_.cookies();
  request.deleted_at = looked_at_.deleted_at;
  leaver_looks_.begin_whole_run();
  leaver_news_.begin_run(now);
  request.gives_way = [this] { return leaver_news_.gives_way(since_boot()); };
}

void Watch::end_run(engine::Report const& report, SinceBoot now, SinceBoot again) {
  leaver_news_.end_run();
  if (by_feed_) spacing_.note_run(began_, now);
  auto looked_at = std::exchange(looked_at_, {});
  if (!looked_at.directories.empty() && could_not_read(report))
    gathering_.put_back(std::move(looked_at), again);
}

}  // namespace dirsync::watch
