#include "ldap/directory.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>

#include "ldap/connect/broken_pipes.hpp"
#include "ldap/connect/server.hpp"
#include "ldap/errors.hpp"
#include "ldap/read/kept_connection.hpp"
#include "ldap/read/member_changes.hpp"
#include "ldap/read/probe.hpp"
#include "ldap/read/reader.hpp"
#include "ldap/read/some_groups.hpp"
#include "ldap/read/some_people.hpp"
#include "ldap/search/schema.hpp"
#include "ldap/worker.hpp"

namespace dirsync::ldap {

namespace asio = boost::asio;

struct LdapDirectory::Reading {
  Settings settings;
  Certificate proven;   // by the last read; not looked at while one runs
  KeptConnection kept;  // the thread's
  Worker worker;        // last: its thread ends before what it works with

  /// On the directory's thread.
  Result<Snapshot> read(DirectoryQuery const& query, Stops& stops) {
    auto snapshot = read_directory(settings, query, stops, proven);
    kept.stay_with(snapshot ? proven.server : std::string{});
    return snapshot;
  }

  /// On the directory's thread.
  void close_kept_later() {
    worker.run_after(KeptConnection::kLongestIdle, [this] { kept.drop_if_idle(); });
  }

  /// On the directory's thread. No connection is kept of this alone: it is asked in whole runs, too.
  Result<std::vector<Presence>> look_for(std::vector<EntryProbe> const& probes, Stops& stops) {
    auto const careful = careful_settings(settings);
    std::function<Result<std::vector<Presence>>(Opened&)> const look_at = [&careful,
                                                                           &probes](Opened& opened) {
      return probe_entries(careful, opened.connection, opened.flavour, probes);
    };
    auto seen = kept.use_kept<std::vector<Presence>>(careful, DirectoryQuery{}, stops.first, look_at);
    if (!seen) return probe_entries(careful, probes, stops.first);
    close_kept_later();
    return *std::move(seen);
  }

  /// Once: a whole run follows, and has time for more attempts.
  template <class T>
  asio::awaitable<Result<T>> look_once(DirectoryQuery query, std::function<Result<T>(Opened&)> look_at) {
    std::function<Result<T>(Stops&)> work = [this, query = std::move(query),
                                             look_at = std::move(look_at)](Stops& stops) {
      auto result = kept.use<T>(settings, query, stops.first, look_at);
      close_kept_later();
      return result;
    };
    auto stops = std::make_shared<Stops>();
    return worker.run<T>(std::move(stops), std::move(work));
  }

  /// Runs `work` on the directory's thread, and again after a pause while the error is transient and attempts
  /// are left.
  template <class T>
  asio::awaitable<Result<T>> run_with_retries(std::function<Result<T>(Stops&)> work) {
    auto pause = settings.retry.first;
    for (int attempt = 1;; ++attempt) {
      auto result = co_await worker.run<T>(std::make_shared<Stops>(), work);
      auto const again =
          !result && result.error().code == Failure::transient && attempt < settings.retry.attempts;
      if (!again) co_return result;
      asio::steady_timer timer{co_await asio::this_coro::executor, std::min(pause, settings.retry.longest)};
      co_await timer.async_wait(asio::use_awaitable);
      pause *= 2;
    }
  }
};

LdapDirectory::LdapDirectory(Settings settings) : reading_(new Reading{std::move(settings), {}, {}, {}}) {
  reading_->settings.entries = std::make_shared<std::atomic<std::uint64_t>>(0);
  reading_->settings.memory = std::make_shared<ServerMemory>(reading_->settings.retry);
  reading_->settings.schemas = std::make_shared<SchemaMemory>();
}
/// A kept connection says good-bye, from here, and the server may have cut it.
LdapDirectory::~LdapDirectory() { block_broken_pipes(); }

asio::awaitable<Result<Snapshot>> LdapDirectory::read(DirectoryQuery query) {
  std::function<Result<Snapshot>(Stops&)> work = [reading = reading_.get(), query = std::move(query)](
                                                     Stops& stops) { return reading->read(query, stops); };
  return reading_->run_with_retries<Snapshot>(std::move(work));
}

Certificate LdapDirectory::proven() const { return reading_->proven; }

std::uint64_t LdapDirectory::entries_so_far() const {
  return reading_->settings.entries->load(std::memory_order_relaxed);
}

asio::awaitable<Result<std::vector<Presence>>> LdapDirectory::look_for(std::vector<EntryProbe> probes) {
  std::function<Result<std::vector<Presence>>(Stops&)> work = [reading = reading_.get(),
                                                               probes = std::move(probes)](Stops& stops) {
    return reading->look_for(probes, stops);
  };
  return reading_->run_with_retries<std::vector<Presence>>(std::move(work));
}

asio::awaitable<Result<Snapshot>> LdapDirectory::read_people(DirectoryQuery query, std::vector<EntryId> ids) {
  std::function<Result<Snapshot>(Opened&)> look_at = [reading = reading_.get(),
                                                      ids = std::move(ids)](Opened& opened) {
    return read_some_people(reading->settings, opened, ids);
  };
  return reading_->look_once<Snapshot>(std::move(query), std::move(look_at));
}

asio::awaitable<Result<Snapshot>> LdapDirectory::read_groups(DirectoryQuery query, std::vector<EntryId> ids) {
  std::function<Result<Snapshot>(Opened&)> look_at = [reading = reading_.get(),
                                                      ids = std::move(ids)](Opened& opened) {
    return read_some_groups(reading->settings, opened, ids);
  };
  return reading_->look_once<Snapshot>(std::move(query), std::move(look_at));
}

asio::awaitable<Result<std::vector<EntryId>>> LdapDirectory::groups_naming(DirectoryQuery query,
                                                                           EntryNames names) {
  std::function<Result<std::vector<EntryId>>(Opened&)> look_at = [reading = reading_.get(),
                                                                  names = std::move(names)](Opened& opened) {
    return find_groups_naming(reading->settings, opened, names);
  };
  return reading_->look_once<std::vector<EntryId>>(std::move(query), std::move(look_at));
}

asio::awaitable<Result<std::optional<MemberChanges>>> LdapDirectory::member_changes(DirectoryQuery query,
                                                                                    EntryId group,
                                                                                    std::string last_dn,
                                                                                    ChangeStamp since) {
  using Told = std::optional<MemberChanges>;
  GroupOnceRead read{std::move(group), std::move(last_dn), since};
  std::function<Result<Told>(Opened&)> look_at = [reading = reading_.get(),
                                                  read = std::move(read)](Opened& opened) {
    return read_member_changes(reading->settings, opened, read);
  };
  return reading_->look_once<Told>(std::move(query), std::move(look_at));
}

}  // namespace dirsync::ldap
