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
#include "sync/console/error.hpp"
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

awaitable<Result<Answer>> look(console::ConsoleTarget& target, std::string name, ConsoleArguments asked) {
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
struct Desk {
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
  console::GroupEdit edit{asked.new_name, asked.description, asked.roles, asked.update_version};
  return admin.prepare_update(std::move(key), std::move(edit));
}

/// A change by hand is a run of one change, so that one which nobody saw end is looked up like any other.
class HandRun {
 public:
  explicit HandRun(Desk& desk) : desk_(desk) {
    run_.start = {desk.clock.now(), kConsoleTrigger, invoking_person(), desk.configuration_digest};
  }
  RunId id() const { return run_.id; }

  Result<void> announce(Change const& change) {
    auto const run = desk_.store.begin_run(run_.start);
    if (!run) return run.error();
    run_.id = *run;
    auto const intents = desk_.store.intend(run_.id, PlanDigest{""}, run_.start.actor, {&change, 1});
    if (!intents) return intents.error();
    intent_ = intents->front();
    return {};
  }

  Result<void> record(Change const& change, int exit_code) {
    tell(change, exit_code == kDone);
    if (auto const settled = desk_.store.settle(intent_, change); !settled) return settled.error();
    run_.finished = desk_.clock.now();
    run_.verdict = "run";
    run_.exit_code = exit_code;
    run_.planned = 1;
    (exit_code == kDone ? run_.done : run_.failed) = 1;
    return desk_.store.end_run(run_);
  }

 private:
  void tell(Change const& change, bool success) {
    Monitor::Field const fields[] = {{"cycle", std::to_string(run_.id.value())},
                                     {"change", "1"},
                                     {"target", change.target},
                                     {"verb", to_text(change.verb)},
                                     {"group", change.group},
                                     {"outcome", to_text(change.outcome)},
                                     {"detail", change.detail}};
    desk_.monitor.event(success ? Monitor::Level::info : Monitor::Level::warn,
                        success ? "change_applied" : "change_not_applied", fields);
  }

  Desk& desk_;
  RunRecord run_;
  std::int64_t intent_ = 0;
};

awaitable<Result<Answer>> change_group(console::ConsoleTarget& target, Desk& desk, ConsoleArguments asked) {
  if (auto const entered = co_await target.enter(); !entered) co_return entered.error();
  auto managed = desk.store.managed(desk.target);
  if (!managed) co_return managed.error();
  console::GroupAdmin admin{target.context(), std::move(*managed)};
  auto write = co_await prepare(admin, std::move(asked));
  if (!write) co_return write.error();
  auto& change = write->change;
  change.n = 1;
  change.target = desk.target;
  change.phase = change.verb == Verb::create_group ? Phase::addition : Phase::tidying;
  change.why = "by hand";
  if (change.outcome == Outcome::already) co_return change_answer(change, std::nullopt);

  HandRun run{desk};
  if (auto const announced = run.announce(change); !announced) co_return announced.error();
  auto applied = co_await admin.send(*write);
  change.outcome = applied.outcome;
  change.detail = std::move(applied.detail);
  if (!applied.group_id.empty()) change.group_id = std::move(applied.group_id);
  auto answer = change_answer(change, run.id());
  if (auto const recorded = run.record(change, answer.exit_code); !recorded)
    co_return within("the change was sent (" + std::string{to_text(change.outcome)} +
                         "), but its outcome could not be recorded; the next run looks it up",
                     recorded.error());
  co_return answer;
}

awaitable<Result<Answer>> close_after(console::ConsoleTarget& target, awaitable<Result<Answer>> work) {
  auto answer = co_await std::move(work);
  co_await target.close();
  co_return answer;
}

Result<Answer> run_to_end(asio::io_context& io, awaitable<Result<Answer>> work) {
  std::exception_ptr failure;
  Result<Answer> answer{Answer{}};
  asio::co_spawn(io, std::move(work), [&failure, &answer](std::exception_ptr failed, Result<Answer> came) {
    failure = std::move(failed);
    answer = std::move(came);
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return answer;
}

int print(Arguments const& arguments, Result<Answer> const& answer) {
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

/// `store`: for a change.
int run_command(Arguments const& arguments, config::Config const& config, std::string const& name,
                store::Store* store) {
  Log log{log_options(arguments, config, true)};
  for (auto const& warning : config.warnings) {
    Monitor::Field const fields[] = {{"text", warning}};
    log.event(Monitor::Level::warn, "insecure_setting", fields);
  }
  asio::io_context io{1};
  SystemClock const clock;
  auto const& settings = std::get<console::Settings>(config.targets.at(name).settings);
  auto const target = open_console(io.get_executor(), settings, clock);
  if (!target) {
    print_error(arguments, within("target " + name, target.error()));
    return kUsage;
  }
  if (store == nullptr) {
    auto work = look(**target, name, arguments.console);
    return print(arguments, run_to_end(io, close_after(**target, std::move(work))));
  }
  Desk desk{*store, log, clock, name, config.digest};
  auto work = change_group(**target, desk, arguments.console);
  return print(arguments, run_to_end(io, close_after(**target, std::move(work))));
}

int change_command(Arguments const& arguments, config::Config const& config, std::string const& name) {
  auto state = open_state(config, StateUse::hold);
  if (state) return run_command(arguments, config, name, &state->store);
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
