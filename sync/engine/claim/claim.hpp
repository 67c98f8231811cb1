#pragma once
// A run that makes ours what is there, because a person asked for it: read, recover, line up, claim, judge,
// record. Nothing is sent to a target.
#include <boost/asio/awaitable.hpp>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "sync/engine/report.hpp"
#include "sync/engine/setup.hpp"
#include "sync/plan/claims/confirm.hpp"
#include "sync/plan/claims/take_over.hpp"

namespace dirsync::engine {

struct ClaimRequest {
  RunRequest run;  // `cut` and `is_claim` do not count
  /// What to claim: what is found by the rules, or what is remembered.
  std::variant<plan::TakeOver, plan::RememberedByTarget> what;
  std::string code;              // of the reason why it waits: "adopt" or "recover"
  std::string command;           // Plan::command
  std::string detail{};          // of the audit rows; may be empty
  std::vector<Reason> doubts{};  // what a person must know besides
  bool needs_all_sides = false;  // nothing is claimed while a side could not be read
};

/// One pass, as run(). Of what could not be claimed the plan's notices and blocked changes tell.
boost::asio::awaitable<Result<Report>> claim(Setup const& setup, ClaimRequest request, std::stop_token stop);

}  // namespace dirsync::engine
