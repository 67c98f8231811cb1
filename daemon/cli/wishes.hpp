#pragma once
// What people ask for besides runs, and what they are answered, whoever carries it out: the command or the
// service. Thread: that of the store.
#include <optional>
#include <string>

#include "daemon/cli/answer.hpp"

namespace dirsync::cli {

struct DecisionWish {
  std::string digest;  // as `approve` takes it
  bool approves = true;
  std::string reason{};  // may be empty
};

struct FreezeWish {
  std::string target{};  // empty: all
  bool removals_alone = false;
  std::string reason{};
  std::string until{};  // an RFC 3339 time, or how long, such as "2h"; empty: until `thaw`
};

/// `approve` and `reject`, with the audit row of `actor` and what the system's log is told.
Answer decision_answer(config::Config const& config, store::Store& store, DecisionWish const& wish,
                       std::string const& actor);
/// `freeze`; the same.
Answer freeze_answer(config::Config const& config, store::Store& store, FreezeWish const& wish,
                     std::string const& actor);
/// `thaw`; the same. `target`: empty: every freeze.
Answer thaw_answer(config::Config const& config, store::Store& store, std::string const& target,
                   std::string const& actor);
/// `retry`; the same. `comes_at_once`: the service makes a run of its own for it.
Answer retry_answer(config::Config const& config, store::Store& store, store::RetryWish const& wish,
                    std::string const& actor, bool comes_at_once = false);

/// What is wrong with a person's words for the audit trail; nothing: they will do.
std::optional<std::string> flaw_of_reason(std::string const& reason);
/// The same of `--approve` with `--reason`, either of which may be empty; names the option.
std::optional<std::string> flaw_of_approval(std::string const& approve, std::string const& reason);

}  // namespace dirsync::cli
