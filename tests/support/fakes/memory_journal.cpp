#include "tests/support/fakes/memory_journal.hpp"

#include <algorithm>
#include <utility>

namespace dirsync::fake {
namespace {

constexpr char kNoSuchIntent[] = "no such intent";

}  // namespace

bool MemoryJournal::is_open(State state) { return state != State::applied && state != State::superseded; }

Error MemoryJournal::failure(boost::system::errc::errc_t code, std::string context) {
  return {make_error_code(code), std::move(context)};
}

Result<void> MemoryJournal::step(char const* what) {
  ++calls_;
  if (!failed() && calls_ != fail_once_) return {};
  return failure(boost::system::errc::io_error, std::string{"the fake journal fails at "} + what);
}

void MemoryJournal::add_row(AuditRow row) {
  if (row.time == Time{}) row.time = clock_->now();
  row.sequence = static_cast<std::int64_t>(audit.size()) + 1;
  audit.push_back(std::move(row));
}

Result<RunId> MemoryJournal::begin_run(RunStart const& start) {
  if (auto const ok = step("begin_run"); !ok) return ok.error();
  RunRecord record;
  record.id = RunId{static_cast<std::int64_t>(runs.size()) + 1};
  record.start = start;
  runs.push_back(record);
  return record.id;
}

Result<void> MemoryJournal::end_run(RunRecord const& run) {
  if (auto const ok = step("end_run"); !ok) return ok.error();
  runs.at(static_cast<std::size_t>(run.id.value() - 1)) = run;
  for (auto const& [directory, cookie] : run.feed_cookies) feed_cookies_.insert_or_assign(directory, cookie);
  AuditRow row;
  row.run = run.id;
  row.phase = "run";
  row.plan = run.digest;
  row.actor = run.start.actor;
  row.result = run.verdict;
  add_row(std::move(row));
  return {};
}

Result<void> MemoryJournal::append(AuditRow row) {
  if (auto const ok = step("append"); !ok) return ok.error();
  add_row(std::move(row));
  return {};
}

Result<std::vector<std::int64_t>> MemoryJournal::intend(RunId run, PlanDigest const& plan,
                                                        std::string const& actor,
                                                        std::span<Change const> batch) {
  if (auto const ok = step("intend"); !ok) return ok.error();
  std::vector<std::int64_t> numbers;
  for (auto const& change : batch) {
    numbers.push_back(++last_intent_);
    intents_.emplace(last_intent_, OpenIntent{last_intent_, run, plan, actor, change});
  }
  return numbers;
}

Result<void> MemoryJournal::close_intent(std::int64_t intent, Settled const& settled, char const* phase) {
  auto const found = intents_.find(intent);
  if (found == intents_.end()) return failure(boost::system::errc::invalid_argument, kNoSuchIntent);
  auto const last_look = settled.change.verb == Verb::update_group && std::string_view{phase} == "recovered";
  if (settled.outcome == Outcome::unknown && !last_look) return {};
  add_row(
      change_row(found->second.run, found->second.plan, found->second.actor, settled, phase, clock_->now()));
  take_effect(settled);
  if (is_success(settled.outcome))
    events_.push_back(
        {found->second.run, to_text(settled.change.verb), settled.change, settled.outcome, clock_->now()});
  intents_.erase(found);
  return {};
}

Result<void> MemoryJournal::settle_all(std::span<Answered const> answered) {
  if (auto const ok = step("settle"); !ok) return ok.error();
  for (auto const& one : answered)
    if (!intents_.contains(one.intent)) return failure(boost::system::errc::invalid_argument, kNoSuchIntent);
  for (auto const& [intent, settled] : answered)
    if (auto const closed = close_intent(intent, *settled, "change"); !closed) return closed;
  return {};
}

Result<std::vector<OpenIntent>> MemoryJournal::open_intents() {
  if (auto const ok = step("open_intents"); !ok) return ok.error();
  std::vector<OpenIntent> open;
  for (auto const& [number, intent] : intents_) open.push_back(intent);
  return open;
}

Result<void> MemoryJournal::recover(OpenIntent const& intent, Outcome outcome, std::string detail) {
  if (auto const ok = step("recover"); !ok) return ok.error();
  Settled const settled{intent.change, outcome, std::move(detail)};
  return close_intent(intent.intent, settled, "recovered");
}

Result<void> MemoryJournal::record_unsent(RunId run, PlanDigest const& plan, std::string const& actor,
                                          Change const& change, std::string why) {
  if (auto const ok = step("record_unsent"); !ok) return ok.error();
  add_row(unsent_row(run, plan, actor, change, std::move(why), clock_->now()));
  return {};
}

}  // namespace dirsync::fake
