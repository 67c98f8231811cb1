// console list, get, users, create, update, delete.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <exception>

#include "daemon/account.hpp"
#include "daemon/cli/console_output.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/wiring.hpp"
#include "daemon/witness.hpp"
#include "sync/console/api/errors.hpp"
#include "sync/engine/apply/by_hand.hpp"
#include "sync/model/join.hpp"

namespace dirsync::cli {
namespace asio = boost::asio;
namespace {
using Action = ConsoleArguments::Action;
using asio::awaitable;

bool is_change(Action action) {
  return action == Action::create || action == Action::update || action == Action::remove;
}

auto letters_in(std::string const& text) {
  return std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; });
}

/// What is wrong with the command line beyond its form; empty: nothing.
std::string mistake_in(ConsoleArguments const& asked) {
  auto const whole = asked.action == Action::list || asked.action == Action::create;
  if (!whole && asked.group.empty() == asked.id.empty()) return "name one group, or give its --id";
  if (asked.name && letters_in(*asked.name) < 3)
    return "--name takes three letters at least: the console's own filter, which looks for names that have "
           "them in any order, knows no fewer. Leave it out to list all";
  if (asked.action == Action::create && asked.roles.empty())
    return "the console creates no group without a role; name one with --role";
  if (asked.action == Action::update && !asked.new_name && !asked.description && asked.roles.empty())
    return "nothing to change; give --new-name, --description or --role";
  return {};
}

/// The name of the console that is meant; nothing, and why, when none or several are.
std::optional<std::string> choose_target(Arguments const& arguments, config::Config const& config) {
  std::vector<std::string> consoles;
  for (auto const& [name, target] : config.targets)
    if (std::holds_alternative<console::Settings>(target.settings)) consoles.push_back(name);
  auto const& wanted = arguments.console.target;
  if (wanted.empty() && consoles.size() == 1) return consoles.front();
  if (!wanted.empty() && std::ranges::find(consoles, wanted) != consoles.end()) return wanted;
  auto const known = join(consoles, ", ");
  if (consoles.empty())
    print_error(arguments, "usage", config.file + " has no target of kind pulse-console; add one");
  else if (wanted.empty())
    print_error(arguments, "usage", "there are several consoles; choose one with --target: " + known);
  else
    print_error(arguments, "usage",
                "--target: no console " + wanted + " in " + config.file + "; there are: " + known);
  return std::nullopt;
}

awaitable<Result<ConsoleAnswer>> look(console::ConsoleTarget& target, std::string name,
                                      ConsoleArguments asked) {
  if (auto const entered = co_await target.enter(); !entered) co_return entered.error();
  console::GroupAdmin admin{target.context(), Managed{}};
  if (asked.action == Action::list) {
    auto const list = co_await admin.list(asked.query_type, asked.name.value_or(""));
    if (!list) co_return list.error();
    co_return list_answer(name, asked, *list);
  }
  console::GroupKey key{asked.group, asked.id};
  auto const details = co_await admin.get(std::move(key));
  if (!details) co_return details.error();
  co_return asked.action == Action::users ? users_answer(name, *details) : group_answer(name, *details);
}

/// Where changes by hand are recorded.
struct HandContext {
  store::Store& store;
  Monitor& monitor;
  Clock const& clock;
  std::string target;
  std::string configuration_digest;
};

awaitable<Result<console::GroupWrite>> prepare(console::GroupAdmin& admin, ConsoleArguments asked) {
  console::GroupKey key{asked.group, asked.id};
  if (asked.action == Action::create) {
    console::NewGroup wanted{asked.group, asked.description.value_or(""), asked.roles};
    return admin.prepare_create(std::move(wanted));
  }
  if (asked.action == Action::remove) return admin.prepare_delete(std::move(key));
  console::GroupEdit edit{.name = asked.new_name,
                          .description = asked.description,
                          .roles = asked.roles,
                          .version = asked.update_version};
  return admin.prepare_update(std::move(key), std::move(edit));
}

awaitable<std::vector<Applied>> send_one(console::GroupAdmin& admin, console::GroupWrite write) {
  auto applied = co_await admin.send(std::move(write));
  std::vector<Applied> answers;
  answers.push_back(std::move(applied));
  co_return answers;
}

awaitable<Result<ConsoleAnswer>> change_group(console::ConsoleTarget& target, HandContext& hand,
                                              ConsoleArguments asked) {
  if (auto const entered = co_await target.enter(); !entered) co_return entered.error();
  auto managed = hand.store.managed(hand.target);
  if (!managed) co_return managed.error();
  console::GroupAdmin admin{target.context(), std::move(*managed)};
  auto write = co_await prepare(admin, std::move(asked));
  if (!write) co_return write.error();
  auto& change = write->change;
  change.target = hand.target;
  change.phase = change.verb == Verb::create_group ? Phase::addition : Phase::tidying;
  change.why = "by hand";
  if (!write->nothing_to_do.empty()) {
    Settled const settled{change, Outcome::already, write->nothing_to_do};
    co_return change_answer(settled, std::nullopt);
  }
  Observed seen;
  if (!change.group_id.empty()) seen.groups.push_back(write->seen);
  RunStart start{.time = hand.clock.now(),
                 .trigger = kConsoleTrigger,
                 .actor = invoking_person(),
                 .configuration_digest = hand.configuration_digest};
  engine::HandChange wanted{
      .start = std::move(start),
      .change = change,
      .guard = Guard{target.traits(), seen},
      .send = [&admin, &write](std::vector<Change>) { return send_one(admin, *write); }};
  engine::HandPorts const recorder{.journal = &hand.store, .monitor = &hand.monitor, .clock = &hand.clock};
  auto const report = co_await engine::change_by_hand(recorder, std::move(wanted));
  if (!report) co_return report.error();
  co_return change_answer(report->settled, report->run);
}

awaitable<Result<ConsoleAnswer>> close_after(console::ConsoleTarget& target,
                                             awaitable<Result<ConsoleAnswer>> work) {
  auto answer = co_await std::move(work);
  co_await target.close();
  co_return answer;
}

Result<ConsoleAnswer> run_to_end(asio::io_context& io, awaitable<Result<ConsoleAnswer>> work) {
  std::exception_ptr failure;
  Result<ConsoleAnswer> answer{ConsoleAnswer{}};
  asio::co_spawn(io, std::move(work),
                 [&failure, &answer](std::exception_ptr failed, Result<ConsoleAnswer> came) {
                   failure = std::move(failed);
                   answer = std::move(came);
                 });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return answer;
}

int print(Arguments const& arguments, Result<ConsoleAnswer> const& answer) {
  if (answer) {
    if (arguments.json) show_json(answer->document);
    if (!arguments.json || answer->exit_code != kDone)
      show(answer->exit_code == kDone ? stdout : stderr, answer->text);
    return answer->exit_code;
  }
  auto const& error = answer.error();
  using console::ConsoleErrc;
  for (auto const code : {ConsoleErrc::ambiguous, ConsoleErrc::against_rule, ConsoleErrc::bad_settings})
    if (error.code == code) {
      print_error(arguments, "refused", text(error));
      return kUsage;
    }
  print_error(arguments, error);
  auto const is_store = error.code.category() == make_error_code(store::StoreErrc::failed).category();
  return is_store ? kInternal : kUnread;
}

/// `state`: for a change.
int run_command(Arguments const& arguments, config::Config const& config, std::string const& name,
                State* state) {
  Log log{log_options(arguments, config, true)};
  for (auto const& warning : config.warnings) {
    Monitor::Field const fields[] = {{"text", warning}};
    log.event(Monitor::Level::warn, "insecure_setting", fields);
  }
  asio::io_context io{1};
  SystemClock const clock;
  auto const& settings = std::get<console::Settings>(config.targets.at(name).settings);
  auto const target = open_console(io.get_executor(), settings, clock, log);
  if (!target) {
    print_error(arguments, within("target " + name, target.error()));
    return exit_of(target.error());
  }
  if (state == nullptr) {
    auto work = look(**target, name, arguments.console);
    return print(arguments, run_to_end(io, close_after(**target, std::move(work))));
  }
  tell_of_missing_mark(log, *state);
  HandContext hand{state->store, log, clock, name, config.digest};
  auto work = change_group(**target, hand, arguments.console);
  auto const answer = run_to_end(io, close_after(**target, std::move(work)));
  tell_chain_head(state->store);
  return print(arguments, answer);
}

int change_command(Arguments const& arguments, config::Config const& config, std::string const& name) {
  auto state = open_state(config, StateUse::hold);
  if (state) return run_command(arguments, config, name, &*state);
  auto const& error = state.error();
  if (error.code != store::make_error_code(store::StoreErrc::locked)) return refuse_state(arguments, error);
  print_error(
      arguments, "locked",
      text(error) + "; for a change by hand stop the service, or wait until the other command has ended");
  return kLocked;
}

}  // namespace

int manage_console(Arguments const& arguments) {
  if (auto const mistake = mistake_in(arguments.console); !mistake.empty()) {
    print_error(arguments, "usage", mistake);
    return kUsage;
  }
  auto const config = load_config(arguments, config::Secrets::fetch);
  if (!config) return kUsage;
  auto const name = choose_target(arguments, *config);
  if (!name) return kUsage;
  if (is_change(arguments.console.action)) return change_command(arguments, *config, *name);
  return run_command(arguments, *config, *name, nullptr);
}

}  // namespace dirsync::cli
