#include "sync/engine/engine.hpp"

#include "sync/engine/run/stages.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

RunContext context_of(Setup const& setup, RunRequest const& request, std::stop_token stop) {
  return {.setup = setup,
          .request = request,
          .start = {.time = setup.clock->now(),
                    .trigger = request.trigger,
                    .actor = request.actor,
                    .configuration_digest = setup.configuration_digest},
          .run = RunId{0},
          .stop = std::move(stop),
          .begun = std::chrono::steady_clock::now()};
}

Result<RunContext> begin(Setup const& setup, RunRequest const& request, std::stop_token stop) {
  DIRSYNC_ASSERT(setup.journal != nullptr && setup.clock != nullptr && setup.monitor != nullptr);
  auto context = context_of(setup, request, std::move(stop));
  if (!request.apply) return context;
  auto const id = setup.journal->begin_run(context.start);
  if (!id) return id.error();
  context.run = *id;
  return context;
}

asio::awaitable<Result<Report>> run(Setup const& setup, RunRequest request, std::stop_token stop) {
  auto const context = begin(setup, request, std::move(stop));
  if (!context) co_return context.error();
  auto reads = co_await read(*context);
  if (!reads) co_return reads.error();
  auto ours = co_await recover(*context, *reads);
  if (!ours) co_return ours.error();
  auto lined_up = line_up(*context, *reads, std::move(*ours));
  if (!lined_up) co_return lined_up.error();
  auto drafted = co_await draft(*context, std::move(*lined_up));
  if (!drafted) co_return drafted.error();
  auto judged = with_decisions(*context, judge(*context, *reads, std::move(*drafted)));
  if (!judged) co_return judged.error();
  auto const decision = decide(*context, *reads, *judged);
  if (!decision) co_return decision.error();
  auto written = co_await apply(*context, *reads, *judged, *decision);
  if (!written) co_return written.error();
  co_return record(*context, std::move(*reads), std::move(*judged), std::move(*written));
}

}  // namespace dirsync::engine
