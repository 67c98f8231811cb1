#pragma once
// Changes through the applier, with a journal on disk.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "sync/engine/apply/applier.hpp"
#include "tests/bench/measured.hpp"
#include "tests/support/fakes/recording_monitor.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::bench {

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Seconds until all were applied, read back and recorded. Ends this program when a change is not done.
inline double apply_all(boost::asio::io_context& io, Target& target, Observed const& observed,
                        std::vector<Change>& changes) {
  TempFolder const folder;
  auto store = store::Store::open({store::StateFolder::open(folder.path()).value()});
  if (!store) give_up(text(store.error()));
  auto const run = store->begin_run({});
  if (!run) give_up(text(run.error()));

  fake::RecordingMonitor monitor;
  engine::ApplyContext context;
  context.audit = {.journal = &*store, .run = *run, .digest = PlanDigest{"bench"}, .actor = "bench"};
  context.monitor = &monitor;
  SystemClock const clock;
  context.clock = &clock;
  context.total = changes.size();
  engine::SinkTarget const sink{"bench", &target, {}, {}};
  engine::Applier applier{context, sink, observed, {}};
  std::vector<Settled> all;
  for (auto const& change : changes) all.push_back({change, Outcome::skipped, ""});
  auto const start = std::chrono::steady_clock::now();
  boost::asio::co_spawn(io, applier.apply(all), boost::asio::detached);
  io.restart();
  io.run();
  auto const took = seconds_since(start);

  auto const done = std::ranges::count(all, Outcome::done, &Settled::outcome);
  if (done != static_cast<std::ptrdiff_t>(all.size()))
    give_up("only " + std::to_string(done) + " of the changes were done");
  return took;
}

}  // namespace dirsync::bench
