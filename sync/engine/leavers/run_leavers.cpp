#include <utility>

#include "sync/engine/leavers/leaver_books.hpp"
#include "sync/engine/leavers/leavers.hpp"
#include "sync/engine/leavers/plan_leavers.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

asio::awaitable<Result<std::optional<Report>>> run_leavers(Setup const& setup, RunRequest request,
                                                           LeaverBooks& books, std::stop_token stop) {
  DIRSYNC_ASSERT(request.apply && !request.told.empty());
  auto context = context_of(setup, request, std::move(stop));
  Reads reads;
  auto planned = co_await plan_leavers(context, books, reads);
  if (!planned) co_return planned.error();
  if (!*planned || context.stop.stop_requested()) co_return std::optional<Report>{};
  auto& [judged, arrivals] = **planned;
  auto const run = setup.journal->begin_run(context.start);
  if (!run) co_return run.error();
  context.run = *run;
  note_changes(judged, books);
  auto written = co_await apply(context, reads, judged, Decision::apply);
  if (!written) co_return written.error();
  auto report = record(context, std::move(reads), std::move(judged), std::move(*written));
  if (!report) co_return report.error();
  note_joined(*report, arrivals, books);
  co_return std::optional<Report>{std::move(*report)};
}

}  // namespace dirsync::engine
