#pragma once
// What a command has to say, whoever asked: a person at a shell, or one who asked the service by its socket.
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/cli/arguments.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/config/config.hpp"
#include "daemon/watch/feed_state.hpp"
#include "sync/model/error.hpp"

namespace dirsync::cli {

struct Answer {
  int exit = 0;
  bool is_refusal = false;
  std::string document{};  // JSON
  std::string text{};      // for people, as a palette painted it
  std::string digest{};    // of the plan of a run
  std::string expect{};    // digest of all that its plan sends, leavers included
  std::string message{};   // a line for standard error; empty: none
  /// Of a run that stopped before its first write: what a person is asked, and what is shown before that.
  /// `text` is for one who says no.
  std::string question{}, shown_first{};
};

/// An answer that says no: `document` is error_document().
Answer refusal(int exit, std::string_view code, std::string_view text);
/// The same for an error, with its code and, unless `exit` is given, exit_of() it.
Answer refusal(Error const& error, std::optional<int> exit = std::nullopt);
/// Prints it as `--json` asks for; returns its exit code. Thread: main.
int show_answer(Arguments const& arguments, Answer const& answer, Palette const& palette);

// What several ways lead to. Thread: that of `state`.

/// `status`: `config` says which directories and targets there are, `instance` the process that holds the
/// lock, `feeds` which directories it follows.
Answer status_answer(config::Config const& config, store::Store& store,
                     std::optional<store::InstanceLock::Holder> const& instance,
                     watch::FeedStates const& feeds);
/// {plans: [{digest, since, approvals, reasons}]}, those that wait for a person.
Answer held_plans_answer(config::Config const& config, store::Store& store);
/// A plan as it was stored; `digest` as `approve` takes it.
Answer stored_plan_answer(store::Store& store, std::string const& digest);

}  // namespace dirsync::cli
