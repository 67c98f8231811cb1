#include "sync/engine/apply/carry_out.hpp"

#include "sync/engine/apply/strangers.hpp"
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
  if (answer.source) change.source = answer.source;
  change.made_by_us = change.made_by_us || answer.made_user;
  auto detail = answer.detail.empty() ? change.new_name : answer.detail;
  return {std::move(change), answer.outcome, std::move(detail)};
}

/// Nothing is closed once something could not be written: the next run looks it up.
void record(AuditContext const& audit, std::int64_t intent, Settled const& settled, Carried& carried) {
  if (carried.journal_failure) return;
  auto const recorded = audit.journal->settle(intent, settled);
  if (!recorded) carried.journal_failure = recorded.error();
}

/// They were announced; then the run was cancelled.
std::vector<Applied> not_sent(std::vector<Change> const& batch) {
  Applied skipped;
  skipped.outcome = Outcome::skipped;
  skipped.detail = "announced, but not sent: asked to stop";
  return std::vector<Applied>(batch.size(), skipped);
}

/// How one call of carry_out() goes about it.
struct Manner {
  Send send;
  Look look;
  Rows rows;
};

/// Takes out a stranger who was certainly let in, with an intent and a row of its own; whoever stays is
/// listed. Before the addition is settled: its open intent is what tells of them until then.
asio::awaitable<void> see_to_strangers(AuditContext const& audit, Settled& addition, Applied const& answer,
                                       Send const& send, Carried& carried) {
  auto const& strangers = answer.strangers;
  if (answer.take_back) {
    std::vector<Change> batch{take_back_of(addition.change, strangers.front())};
    auto again = send;
    Look next_run_looks;
    auto const taken = co_await carry_out(audit, std::move(batch), std::move(again),
                                          std::move(next_run_looks), Rows::at_once);
    if (taken.journal_failure) carried.journal_failure = taken.journal_failure;
    auto const& removal = taken.settled.front();
    auto const is_out = is_success(removal.outcome);
    addition.detail += is_out
                           ? "; " + strangers.front().name + " was taken out again; make logon names unique"
                           : "; taking " + strangers.front().name + " out failed: " + removal.detail;
    if (is_out) co_return;
  }
  if (auto const listed = list_strangers(audit, addition.change, strangers); !listed)
    carried.journal_failure = listed.error();
}

asio::awaitable<void> send_and_settle(AuditContext const& audit, std::vector<Change> batch,
                                      std::vector<std::int64_t> const& intents, Manner const& manner,
                                      Carried& carried) {
  auto cancelled = co_await is_cancelled();
  std::vector<Applied> answers;
  if (cancelled) {
    answers = not_sent(batch);
  } else {
    auto sent = batch;
    answers = co_await manner.send(std::move(sent));
    cancelled = co_await is_cancelled();
  }
  DIRSYNC_ASSERT(answers.size() == batch.size());
  auto const settle = [&](std::size_t at) {
    auto& settled = carried.settled[at];
    auto const to_verify =
        manner.rows == Rows::once_verified && shows_in_group(settled.change) && is_success(settled.outcome);
    if (to_verify && !cancelled) {
      carried.unverified.emplace(at, intents[at]);
      return;
    }
    if (to_verify) tell_unverified(settled, "the run was cancelled");
    record(audit, intents[at], settled, carried);
  };
  for (std::size_t at = 0; at < batch.size(); ++at) {
    carried.settled.push_back(with_answer(std::move(batch[at]), answers[at]));
    if (!answers[at].strangers.empty())
      co_await see_to_strangers(audit, carried.settled[at], answers[at], manner.send, carried);
    if (answers[at].target_down) carried.target_down = answers[at].target_down;
    if (answers[at].outcome != Outcome::unknown) settle(at);
  }
  for (std::size_t at = 0; at < carried.settled.size(); ++at) {
    if (answers[at].outcome != Outcome::unknown) continue;
    // Whoever cancels does not wait for a look; the next run makes it.
    if (manner.look && !cancelled) co_await manner.look(carried.settled[at]);
    cancelled = co_await is_cancelled();
    settle(at);
  }
}

asio::awaitable<void> announce_and_send(AuditContext const& audit, std::vector<Change> batch,
                                        Manner const& manner, Carried& carried) {
  auto const intents =
      co_await audit.queue->announce(*audit.journal, audit.run, audit.digest, audit.actor, batch);
  if (intents) {
    carried.announced = true;
    co_await send_and_settle(audit, std::move(batch), *intents, manner, carried);
    co_return;
  }
  carried.journal_failure = intents.error();
  for (auto& change : batch)
    carried.settled.push_back(
        {std::move(change), Outcome::skipped, "not sent: the journal cannot be written"});
}

}  // namespace

bool is_membership(Change const& change) { return change.verb == Verb::add || change.verb == Verb::remove; }

bool shows_in_group(Change const& change) {
  return is_membership(change) || change.verb == Verb::rename_group || change.verb == Verb::delete_group;
}

void tell_unverified(Settled& settled, std::string_view why) {
  if (!settled.detail.empty()) settled.detail += "; ";
  settled.detail += "unverified: ";
  settled.detail += why;
}

asio::awaitable<Carried> carry_out(AuditContext const& audit, std::vector<Change> batch, Send send, Look look,
                                   Rows rows) {
  Carried carried;
  Manner const manner{std::move(send), std::move(look), rows};
  auto work = announce_and_send(audit, std::move(batch), manner, carried);
  co_await unparted(std::move(work));
  co_return carried;
}

}  // namespace dirsync::engine
