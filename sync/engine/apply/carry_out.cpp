#include "sync/engine/apply/carry_out.hpp"

#include "sync/model/assert.hpp"
#include "sync/ports/unparted.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

/// The change with what the target said of it: ids and names that it gave, outcome and explanation.
Settled with_answer(Change change, Applied const& answer) {
  if (!answer.group_id.empty()) change.group_id = answer.group_id;
  if (!answer.principal.empty()) change.principal = answer.principal;
  if (!answer.principal_id.empty()) change.principal_id = answer.principal_id;
  auto detail = answer.detail.empty() ? change.new_name : answer.detail;
  return {std::move(change), answer.outcome, std::move(detail)};
}

void record(AuditContext const& audit, std::int64_t intent, Settled const& settled, Carried& carried) {
  auto const recorded = audit.journal->settle(intent, settled);
  if (!recorded) carried.journal_failure = recorded.error();
}

asio::awaitable<void> send_and_settle(AuditContext const& audit, std::vector<Change> batch,
                                      std::vector<std::int64_t> const& intents, Send const& send,
                                      Look const& look, Carried& carried) {
  auto sent = batch;
  auto const answers = co_await send(std::move(sent));
  DIRSYNC_ASSERT(answers.size() == batch.size());
  for (std::size_t at = 0; at < batch.size(); ++at) {
    carried.settled.push_back(with_answer(std::move(batch[at]), answers[at]));
    if (answers[at].target_down) carried.target_down = answers[at].target_down;
    if (answers[at].outcome != Outcome::unknown) record(audit, intents[at], carried.settled[at], carried);
  }
  for (std::size_t at = 0; at < carried.settled.size(); ++at) {
    auto& settled = carried.settled[at];
    if (settled.outcome != Outcome::unknown) continue;
    // Whoever cancels does not wait for a look; the next run makes it.
    auto const cancelled = co_await is_cancelled();
    if (look && !cancelled) co_await look(settled);
    record(audit, intents[at], settled, carried);
  }
}

}  // namespace

asio::awaitable<Carried> carry_out(AuditContext const& audit, std::vector<Change> batch, Send send,
                                   Look look) {
  Carried carried;
  auto const intents = audit.journal->intend(audit.run, audit.digest, audit.actor, batch);
  if (!intents) {
    carried.journal_failure = intents.error();
    for (auto& change : batch)
      carried.settled.push_back(
          {std::move(change), Outcome::skipped, "not sent: the journal cannot be written"});
    co_return carried;
  }
  carried.announced = true;
  auto work = send_and_settle(audit, std::move(batch), *intents, send, look, carried);
  co_await unparted(std::move(work));
  co_return carried;
}

}  // namespace dirsync::engine
