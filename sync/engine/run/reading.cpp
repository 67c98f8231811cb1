// read and recover: what both sides and the journal say before anything is planned.
#include <algorithm>

#include "sync/engine/apply/recover.hpp"
#include "sync/engine/apply/strangers.hpp"
#include "sync/engine/run/stages.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

Result<void> audit_failed_read(RunContext const& context, std::string const& side, Error const& error) {
  auto const why = text(error);
  Monitor::Field const fields[] = {
      {"cycle", std::to_string(context.run.value())}, {"side", side}, {"err", why}};
  context.setup.monitor->event(Monitor::Level::error, "read_incomplete", fields);
  if (!context.request.apply) return {};
  AuditRow row;
  row.time = context.setup.clock->now();
  row.run = context.run;
  row.phase = "read";
  row.target = side;
  row.actor = context.request.actor;
  row.result = "refused";
  row.detail = why;
  return context.setup.journal->append(std::move(row));
}

void tell_fate(RunContext const& context, RunId sender, Fate const& fate) {
  Monitor::Field const fields[] = {
      {"cycle", std::to_string(sender.value())}, {"target", fate.change.target},
      {"verb", to_text(fate.change.verb)},       {"group", fate.change.group},
      {"principal", fate.change.principal},      {"outcome", to_text(fate.outcome)}};
  context.setup.monitor->event(Monitor::Level::warn, "change_recovered", fields);
}

asio::awaitable<Result<void>> recover_one(RunContext const& context, Reads const& reads, OpenIntent intent,
                                          Ours& ours) {
  auto const& name = intent.change.target;
  auto const target = std::ranges::find(context.setup.targets, name, &SinkTarget::name);
  auto& managed = ours[name];
  auto fate = co_await fate_of(intent.change, *target->target, reads.observed.at(name), managed);
  if (fate.outcome == Outcome::done) overlay(managed, fate.change);
  if (!context.request.apply) co_return Result<void>{};
  intent.change = fate.change;
  // First the strangers: once the intent is closed nothing else tells of them.
  if (!fate.strangers.empty()) {
    AuditContext const audit{
        .journal = context.setup.journal, .run = intent.run, .digest = intent.plan, .actor = intent.actor};
    if (auto const listed = list_strangers(audit, fate.change, fate.strangers); !listed)
      co_return listed.error();
  }
  auto const recorded = context.setup.journal->recover(intent, fate.outcome, fate.words);
  if (recorded) tell_fate(context, intent.run, fate);
  co_return recorded;
}

}  // namespace

StageClock::StageClock(RunContext const& context, char const* stage) : context_(context), stage_(stage) {}

StageClock::~StageClock() {
  auto const took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_);
  Monitor::Field const fields[] = {{"cycle", std::to_string(context_.run.value())},
                                   {"stage", stage_},
                                   {"ms", std::to_string(took.count())}};
  context_.setup.monitor->event(Monitor::Level::debug, "stage_finished", fields);
}

asio::awaitable<Result<Reads>> read(RunContext const& context) {
  StageClock const clock{context, "read"};
  auto const& request = context.request;
  context.setup.monitor->progress("reading directories and targets", 0, 0);
  Acceptance acceptance{.band = request.accept_band,
                        .approve = request.approve,
                        .reason = request.reason,
                        .actor = request.actor,
                        .run = context.run};
  auto reads = co_await read_sides(context.setup, std::move(acceptance), request.untried, request.rehearses);
  if (!reads) co_return reads;
  for (auto const* failed : {&reads->failed_directories, &reads->failed_targets})
    for (auto const& [side, error] : *failed)
      if (auto const audited = audit_failed_read(context, side, error); !audited) co_return audited.error();
  co_return reads;
}

asio::awaitable<Result<Ours>> recover(RunContext const& context, Reads const& reads) {
  StageClock const clock{context, "recover"};
  auto& journal = *context.setup.journal;
  Ours ours;
  for (auto const& target : context.setup.targets) {
    if (reads.refused.contains(target.name)) continue;
    auto managed = journal.managed(target.name);
    if (!managed) co_return managed.error();
    ours.emplace(target.name, std::move(*managed));
  }
  auto const intents = journal.open_intents();
  if (!intents) co_return intents.error();
  for (auto const& intent : *intents) {
    // What could not be read stays open.
    if (!reads.observed.contains(intent.change.target)) continue;
    auto found = intent;
    if (auto const recovered = co_await recover_one(context, reads, std::move(found), ours); !recovered)
      co_return recovered.error();
  }
  co_return ours;
}

}  // namespace dirsync::engine
