#pragma once
// What the commands share.
#include <exception>
#include <optional>
#include <string>

#include "daemon/cli/arguments.hpp"
#include "daemon/config/load.hpp"
#include "daemon/log.hpp"
#include "sync/model/error.hpp"

namespace dirsync::cli {

constexpr int kDone = 0, kInternal = 1, kUsage = 2, kHeld = 4, kUnread = 5, kFailed = 6, kLocked = 7,
              kBrokenChain = 8;

/// RunStart::trigger of a run that is one change by hand.
constexpr char kConsoleTrigger[] = "console";
/// Of one that takes another one back.
constexpr char kUndoTrigger[] = "undo";
/// Of those that take over what is there, and send nothing.
constexpr char kAdoptTrigger[] = "adopt";
constexpr char kRecoverTrigger[] = "recover";

/// Loads the configuration; prints all mistakes.
config::Loaded read_config(Arguments const& arguments, config::Secrets secrets);
/// The same for whom every mistake is one: nothing (exit 2).
std::optional<config::Config> load_config(Arguments const& arguments, config::Secrets secrets);

/// The exit code of an error: 1 for what passes by itself (a busy store, a full disk, a file that is just
/// being replaced), so that a service manager tries again; else 2.
int exit_of(Error const& error);

/// Its code in JSON; docs/json.md has them.
std::string_view error_code_name(Error const& error);

/// Prints an error the way `--json` asks for.
void print_error(Arguments const& arguments, std::string_view code, std::string_view text);
void print_error(Arguments const& arguments, Error const& error);

/// --log-level, else the configuration's; one-shot commands say nothing below a warning unless asked.
Log::Options log_options(Arguments const& arguments, config::Config const& config, bool one_shot);

/// Whether a coroutine ended because it was cancelled. `failure`: not null.
bool is_cancellation(std::exception_ptr const& failure);

// One function per command; each returns the exit code.
int plan_or_sync(Arguments const& arguments);
int decide(Arguments const& arguments);
int freeze_changes(Arguments const& arguments);
int thaw_changes(Arguments const& arguments);
int retry_set_aside(Arguments const& arguments);
int adopt_groups(Arguments const& arguments);
int recover_store(Arguments const& arguments);
int show_log(Arguments const& arguments);
int verify_log(Arguments const& arguments);
int export_log(Arguments const& arguments);
int show_log_key(Arguments const& arguments);
int prune_log(Arguments const& arguments);
int acknowledge_log(Arguments const& arguments);
int show_runs(Arguments const& arguments);
int show_run(Arguments const& arguments);
int show_status(Arguments const& arguments);
int show_who(Arguments const& arguments);
int show_why(Arguments const& arguments);
int show_report(Arguments const& arguments);
int show_page(Arguments const& arguments);
int check_config(Arguments const& arguments);
int propose_configuration(Arguments const& arguments);
int show_doctor(Arguments const& arguments);
int manage_console(Arguments const& arguments);

}  // namespace dirsync::cli
