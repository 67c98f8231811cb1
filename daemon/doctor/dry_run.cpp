#include "daemon/doctor/dry_run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/doctor/still_journal.hpp"
#include "daemon/ending.hpp"
#include "daemon/wiring.hpp"
#include "sync/engine/engine.hpp"
#include "sync/model/dn.hpp"

namespace dirsync::doctor {
namespace asio = boost::asio;
namespace {

/// What it would say is said by the checks.
class SilentMonitor final : public Monitor {
 public:
  void event(Level, std::string_view, std::span<Field const>) override {}
  void progress(std::string_view, std::uint64_t, std::uint64_t) override {}
};

SearchedBases bases_of(config::Directory const& directory) {
  auto const key = [](std::string const& dn) { return normalized_dn(dn).value_or(""); };
  return {key(directory.ldap.base), key(directory.ldap.users.base), key(directory.ldap.groups.base)};
}

/// The sides of a setup, each behind one that notes its read.
struct WatchedSetup {
  engine::Setup setup;
  std::map<std::string, std::unique_ptr<WatchedDirectory>> directories;
  std::map<std::string, std::unique_ptr<WatchedTarget>> targets;
};

WatchedSetup watched(engine::Setup setup, config::Config const& config,
                     std::set<std::string> const& left_out) {
  WatchedSetup all;
  for (auto& source : setup.directories) {
    auto* const inner = left_out.contains(source.name) ? nullptr : source.directory;
    auto side = std::make_unique<WatchedDirectory>(inner, bases_of(config.directories.at(source.name)));
    source.directory = side.get();
    all.directories.emplace(source.name, std::move(side));
  }
  for (auto& sink : setup.targets) {
    auto side = std::make_unique<WatchedTarget>(sink.target, left_out.contains(sink.name));
    sink.target = side.get();
    all.targets.emplace(sink.name, std::move(side));
  }
  all.setup = std::move(setup);
  return all;
}

asio::awaitable<void> ask_mappings(WatchedSetup const& sides, DryRun& run) {
  for (auto const& sink : sides.setup.targets) {
    auto const& seen = sides.targets.at(sink.name)->seen();
    if (!seen || seen->error) continue;
    if (auto const* const why = sink.target->traits().no_provisioning) {
      run.no_mappings.emplace(sink.name, why);
      continue;
    }
    for (auto const& [directory, mapping] : sink.domains) {
      auto answer = co_await sink.target->ask_mapping(mapping);
      run.mappings[sink.name].insert_or_assign(mapping, std::move(answer));
    }
  }
}

asio::awaitable<void> look(WatchedSetup const& sides, DryRun& run) {
  engine::RunRequest request;
  request.trigger = "doctor";
  auto running = engine::run(sides.setup, std::move(request), std::stop_token{});
  auto report = co_await std::move(running);
  if (report)
    run.plan = std::move(report->plan);
  else
    run.error = report.error();
  co_await ask_mappings(sides, run);
}

}  // namespace

DryRun dry_run(config::Config const& config, store::Store* store, std::set<std::string> const& left_out) {
  DryRun run;
  asio::io_context io{1};
  SilentMonitor monitor;
  StillJournal journal{store};
  SystemClock const clock;
  http::WritesInHand writes;
  auto const wiring = Wiring::make(io.get_executor(), config, journal, clock, monitor, writes);
  if (!wiring) {
    run.error = wiring.error();
    return run;
  }
  auto const sides = watched((*wiring)->setup(), config, left_out);
  std::exception_ptr failure;
  asio::co_spawn(io, look(sides, run), [&failure](std::exception_ptr thrown) { failure = thrown; });
  io.run();
  log_off(io, **wiring);
  if (failure) std::rethrow_exception(failure);
  for (auto const& [name, side] : sides.directories)
    if (side->seen()) run.directories.emplace(name, *side->seen());
  for (auto const& [name, side] : sides.targets)
    if (side->seen()) run.targets.emplace(name, *side->seen());
  return run;
}

}  // namespace dirsync::doctor
