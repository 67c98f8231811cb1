#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <exception>

#include "daemon/cli/arguments.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/service.hpp"

namespace {

using dirsync::cli::Arguments;
using dirsync::cli::Command;

int dispatch(Arguments const& arguments) {
  using namespace dirsync::cli;
  switch (arguments.command) {
    case Command::run:
      return dirsync::run_service(arguments);
    case Command::sync:
    case Command::plan:
    case Command::undo:
      return plan_or_sync(arguments);
    case Command::approve:
    case Command::reject:
      return decide(arguments);
    case Command::freeze:
      return freeze_changes(arguments);
    case Command::thaw:
      return thaw_changes(arguments);
    case Command::retry:
      return retry_set_aside(arguments);
    case Command::adopt:
      return adopt_groups(arguments);
    case Command::recover:
      return recover_store(arguments);
    case Command::log:
      return show_log(arguments);
    case Command::log_verify:
      return verify_log(arguments);
    case Command::log_export:
      return export_log(arguments);
    case Command::log_key:
      return show_log_key(arguments);
    case Command::log_prune:
      return prune_log(arguments);
    case Command::log_acknowledge:
      return acknowledge_log(arguments);
    case Command::runs:
      return show_runs(arguments);
    case Command::run_show:
      return show_run(arguments);
    case Command::status:
      return show_status(arguments);
    case Command::who:
      return show_who(arguments);
    case Command::why:
      return show_why(arguments);
    case Command::report:
      return show_report(arguments);
    case Command::page:
      return show_page(arguments);
    case Command::config_check:
      return check_config(arguments);
    case Command::init:
      return propose_configuration(arguments);
    case Command::doctor:
      return show_doctor(arguments);
    case Command::console:
      return manage_console(arguments);
  }
  return kInternal;
}

/// It holds passwords and tokens (P9). The limit alone does not keep them from a program that takes in core
/// dumps through a pipe, nor from a debugger of the same account.
void keep_memory_private() {
  constexpr rlimit kNoCore{0, 0};
  ::setrlimit(RLIMIT_CORE, &kNoCore);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/// An ignored SIGCHLD is inherited, and then nobody learns how a child ended.
void learn_how_children_end() { ::signal(SIGCHLD, SIG_DFL); }

bool wants_json(int argc, char const* const* argv) {
  for (int at = 1; at < argc; ++at)
    if (std::string_view{argv[at]} == "--json") return true;
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory_private();
  learn_how_children_end();
  auto const parsed = dirsync::cli::parse_arguments(argc, argv);
  if (auto const* finished = std::get_if<dirsync::cli::Finished>(&parsed)) {
    if (finished->exit_code == 0) {
      dirsync::cli::show(stdout, finished->message);
      return 0;
    }
    dirsync::cli::show(stderr, "dirsyncd: " + finished->message + "\n");
    if (wants_json(argc, argv))
      dirsync::cli::show_json(dirsync::cli::error_document("usage", finished->message));
    return finished->exit_code;
  }
  auto const& arguments = std::get<Arguments>(parsed);
  try {
    return dispatch(arguments);
  } catch (std::exception const& failure) {
    dirsync::cli::print_error(arguments, "internal", std::string{"internal error: "} + failure.what());
    return dirsync::cli::kInternal;
  }
}
