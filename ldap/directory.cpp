#include "ldap/directory.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>

#include "ldap/connect/server.hpp"
#include "ldap/errors.hpp"
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
  Certificate proven;  // by the last read; not looked at while one runs
  Worker worker;

  template <class T>
  asio::awaitable<Result<T>> run_once(std::function<Result<T>(Stops&)> work) {
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

LdapDirectory::LdapDirectory(Settings settings) : reading_(new Reading{std::move(settings), {}, {}}) {
  reading_->settings.entries = std::make_shared<std::atomic<std::uint64_t>>(0);
  reading_->settings.memory = std::make_shared<ServerMemory>(reading_->settings.retry);
  reading_->settings.schemas = std::make_shared<SchemaMemory>();
}
LdapDirectory::~LdapDirectory() = default;

asio::awaitable<Result<Snapshot>> LdapDirectory::read(DirectoryQuery query) {
  std::function<Result<Snapshot>(Stops&)> work = [reading = reading_.get(),
                                                  query = std::move(query)](Stops& stops) {
    return read_directory(reading->settings, query, stops, reading->proven);
  };
  return reading_->run_with_retries<Snapshot>(std::move(work));
}

Certificate LdapDirectory::proven() const { return reading_->proven; }

std::uint64_t LdapDirectory::entries_so_far() const {
  return reading_->settings.entries->load(std::memory_order_relaxed);
}

asio::awaitable<Result<std::vector<Presence>>> LdapDirectory::look_for(std::vector<EntryProbe> probes) {
  std::function<Result<std::vector<Presence>>(Stops&)> work = [reading = reading_.get(),
                                                               probes = std::move(probes)](Stops& stops) {
    return probe_entries(reading->settings, probes, stops.first);
  };
  return reading_->run_with_retries<std::vector<Presence>>(std::move(work));
}

/// Once: a whole run follows, and has time for more attempts.
asio::awaitable<Result<Snapshot>> LdapDirectory::read_people(DirectoryQuery query, std::vector<EntryId> ids) {
  std::function<Result<Snapshot>(Stops&)> work = [reading = reading_.get(), query = std::move(query),
                                                  ids = std::move(ids)](Stops& stops) {
    return read_some_people(reading->settings, query, ids, stops.first);
  };
  co_return co_await reading_->run_once<Snapshot>(std::move(work));
}

asio::awaitable<Result<Snapshot>> LdapDirectory::read_groups(DirectoryQuery query, std::vector<EntryId> ids) {
  std::function<Result<Snapshot>(Stops&)> work = [reading = reading_.get(), query = std::move(query),
                                                  ids = std::move(ids)](Stops& stops) {
    return read_some_groups(reading->settings, query, ids, stops.first);
  };
  co_return co_await reading_->run_once<Snapshot>(std::move(work));
}

asio::awaitable<Result<std::vector<EntryId>>> LdapDirectory::groups_naming(DirectoryQuery query,
                                                                           EntryNames names) {
  std::function<Result<std::vector<EntryId>>(Stops&)> work =
      [reading = reading_.get(), query = std::move(query), names = std::move(names)](Stops& stops) {
        return find_groups_naming(reading->settings, query, names, stops.first);
      };
  co_return co_await reading_->run_once<std::vector<EntryId>>(std::move(work));
}

asio::awaitable<Result<std::optional<MemberChanges>>> LdapDirectory::member_changes(DirectoryQuery query,
                                                                                    EntryId group,
                                                                                    std::string last_dn,
                                                                                    ChangeStamp since) {
  using Told = std::optional<MemberChanges>;
  GroupOnceRead read{std::move(group), std::move(last_dn), since};
  std::function<Result<Told>(Stops&)> work = [reading = reading_.get(), query = std::move(query),
                                              read = std::move(read)](Stops& stops) {
    return read_member_changes(reading->settings, query, read, stops.first);
  };
  co_return co_await reading_->run_once<Told>(std::move(work));
}

}  // namespace dirsync::ldap
