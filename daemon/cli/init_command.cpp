// init: a look at a directory, and a configuration for it.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <vector>

#include "daemon/cli/context.hpp"
#include "daemon/cli/init_answers.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/presentation.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/init/configuration_text.hpp"
#include "daemon/init/findings.hpp"
#include "daemon/init/new_file.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

bool is_there(std::string const& path) {
  struct ::stat status {};
  return ::lstat(path.c_str(), &status) == 0 || errno != ENOENT;
}

std::string output_of(Arguments const& arguments) {
  auto const& named = arguments.init.output.empty() ? arguments.config : arguments.init.output;
  return std::filesystem::absolute(named).lexically_normal();
}

int refuse(Arguments const& arguments, Error const& error) {
  if (error.code == InitErrc::input_ended) {
    print_error(arguments, "usage", text(error));
    return kUsage;
  }
  print_error(arguments, error);
  return exit_of(error);
}

/// Looks, asks for what is left, and looks again where a person chose other bases.
Result<ldap::Survey> look_and_ask(Arguments const& arguments, bool asks, InitState& state) {
  ldap::Stop stop;
  auto seen = ldap::survey(settings_of(state), stop);
  if (!seen) return seen;
  if (!arguments.json)
    for (auto const& sentence : init::findings(*seen)) show(stdout, sentence + "\n");
  if (!asks) {
    take_the_rest(arguments.init, state);
    return seen;
  }
  std::fflush(stdout);
  auto const again = ask_for_the_rest(arguments.init, *seen, state);
  if (!again) return again.error();
  if (*again) seen = ldap::survey(settings_of(state), stop);
  return seen;
}

Result<void> write_files(InitState const& state, std::string const& output, std::string const& content,
                         bool force) {
  using init::NewFile;
  std::vector<NewFile> files;
  if (!state.password_file.empty())
    files.push_back({.path = state.password_file,
                     .content = state.bind_password.reveal(),
                     .mode = 0600,
                     .replaces = force,
                     .owner = NewFile::For::account});
  files.push_back({.path = output, .content = content, .mode = 0640, .replaces = force});
  return init::write_new_files(files);
}

int tell_json(std::string const& output, ldap::Survey const& seen, bool is_valid) {
  boost::json::array sentences;
  for (auto const& sentence : init::findings(seen)) sentences.emplace_back(sentence);
  show_json(boost::json::object{{"file", output},
                                {"valid", is_valid},
                                {"flavour", ldap::to_text(seen.server.flavour)},
                                {"base", as_utf8(seen.base)},
                                {"users_base", as_utf8(seen.people.base)},
                                {"groups_base", as_utf8(seen.groups.base)},
                                {"people", seen.people.looked.entries},
                                {"groups", seen.groups.looked.entries},
                                {"findings", std::move(sentences)}});
  return kDone;
}

/// A command line for the written file: "`dirsyncd plan`", with --config where it is not the usual file.
std::string command_line(std::string const& output, std::string const& command) {
  return "`" + command_with(output) + " " + command + "`";
}

/// The exit code of `doctor`, in a process of its own: it goes on as the owner of the state folder for good,
/// and what follows must still be able to read what is root's.
int look_at_all_sides(Arguments const& arguments) {
  std::fflush(nullptr);
  auto const child = ::fork();
  if (child < 0) {
    show(stderr, "dirsyncd: doctor could not be started; run it by hand\n");
    return kInternal;
  }
  if (child == 0) {
    auto code = kInternal;
    try {
      code = show_doctor(arguments);
    } catch (std::exception const& failure) {
      print_error(arguments, "internal", std::string{"internal error: "} + failure.what());
    }
    std::fflush(nullptr);
    ::_exit(code);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : kInternal;
}

/// Exit codes of what follows are its own: the file is written.
void look_and_plan(Arguments arguments) {
  show(stdout, "\nWhat works, and what does not:\n");
  arguments.command = Command::doctor;
  if (look_at_all_sides(arguments) != kDone) {
    show(stdout, "\nNext: mend what failed, from the top, then " + command_line(arguments.config, "doctor") +
                     " and " + command_line(arguments.config, "plan") + ".\n");
    return;
  }
  show(stdout, "\nWhat a first run would do:\n");
  std::fflush(stdout);
  arguments.command = Command::plan;
  if (auto const planned = plan_or_sync(arguments); planned != kDone)
    show(stderr, "dirsyncd: no plan yet (exit code " + std::to_string(planned) +
                     "); the configuration is written, mend what is named above and run " +
                     command_line(arguments.config, "plan") + "\n");
}

int go_on(Arguments const& arguments, InitState const& state, std::string const& output,
          ldap::Survey const& seen) {
  auto const secrets = state.has_all_secrets ? config::Secrets::fetch : config::Secrets::leave;
  config::ProcessEnvironment const environment;
  auto const loaded = config::load(output, environment, secrets);
  if (!loaded)
    for (auto const& problem : loaded.error()) show(stderr, "dirsyncd: " + config::text(problem) + "\n");
  if (arguments.json) return tell_json(output, seen, loaded.has_value());
  show(stdout,
       output + (loaded ? " is written and valid.\n" : " is written; correct what is named above.\n"));
  auto const check = command_line(output, "config check"), plan = command_line(output, "plan");
  auto const has_target = state.answers.vault || state.answers.console;
  if (!has_target) {
    show(stdout, "Next: add a [target.NAME] and a [[rule]], then " + check + " and " + plan + ".\n");
  } else if (!loaded || !state.has_all_secrets) {
    show(stdout, "Next: " + check + ", " + command_line(output, "doctor") + ", then " + plan + ".\n");
  } else {
    auto next = arguments;
    next.config = output;
    look_and_plan(std::move(next));
  }
  return kDone;
}

}  // namespace

int propose_configuration(Arguments const& arguments) {
  auto const& options = arguments.init;
  auto const output = output_of(arguments);
  if (!options.force && is_there(output)) {
    print_error(arguments, "usage",
                output + " exists already; name another file with --output, or replace it with --force");
    return kUsage;
  }
  auto const asks = !arguments.yes && !arguments.json && is_terminal(0) && is_terminal(2);
  if (auto const missing = missing_options(options); !asks && !missing.empty()) {
    print_error(arguments, "usage",
                "init has nobody to ask and needs " + missing + "; see `dirsyncd init --help`");
    return kUsage;
  }
  auto state = answers_for_the_look(options, output, asks);
  if (!state) return refuse(arguments, state.error());
  auto const seen = look_and_ask(arguments, asks, *state);
  if (!seen) {
    if (seen.error().code.category() == make_error_code(InitErrc::input_ended).category())
      return refuse(arguments, seen.error());
    print_error(arguments, seen.error());
    return kUnread;
  }
  auto const content = init::configuration_text(*seen, state->answers);
  if (auto const written = write_files(*state, output, content, options.force); !written)
    return refuse(arguments, written.error());
  return go_on(arguments, *state, output, *seen);
}

}  // namespace dirsync::cli
