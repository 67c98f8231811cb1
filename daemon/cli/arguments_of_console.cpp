// console and what follows it.
#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "daemon/cli/arguments_parts.hpp"

namespace dirsync::cli {
namespace {

CLI::App& add_console_action(CLI::App& console, Arguments& arguments, char const* name, char const* help,
                             ConsoleArguments::Action action) {
  auto& command = *console.add_subcommand(name, help);
  command
      .add_option("--target", arguments.console.target, "Which console; needed when several are configured")
      ->type_name("NAME");
  command.callback([&arguments, action] {
    arguments.command = Command::console;
    arguments.console.action = action;
  });
  return command;
}

void add_which_group(CLI::App& command, ConsoleArguments& which) {
  command.add_option("GROUP", which.group, "Exact name of the group, as the console spells it");
  command.add_option("--id", which.id, "Its id, instead of the name")->type_name("ID");
}

/// An empty text is one, too, which CLI11 would take for none.
void add_text(CLI::App& command, char const* option, char const* type, std::optional<std::string>& to,
              char const* help) {
  command
      .add_option_function<std::string>(
          option, [&to](std::string const& text) { to = text; }, help)
      ->type_name(type);
}

void add_roles(CLI::App& command, ConsoleArguments& which, char const* help) {
  command.add_option("--role", which.roles, help)->type_name("NAME")->allow_extra_args(false);
}

void add_console_writes(CLI::App& console, Arguments& arguments) {
  using enum ConsoleArguments::Action;
  auto& which = arguments.console;
  auto& make = add_console_action(console, arguments, "create",
                                  "Create a group; a run neither deletes nor renames it", create);
  make.add_option("NAME", which.group, "Its name")->required();
  add_roles(make, which, "Name of a role that its members get; may be repeated, one at least");
  add_text(make, "--description", "TEXT", which.description, "Its description; empty when left out");
  auto& change = add_console_action(console, arguments, "update",
                                    "Change a group; what is not named stays as it is", update);
  add_which_group(change, which);
  add_text(change, "--new-name", "NAME", which.new_name, "Rename it");
  add_text(change, "--description", "TEXT", which.description, "Its new description");
  add_roles(change, which, "Name of a role; may be repeated. Those named replace the roles that it has");
  change
      .add_option("--update-version", which.update_version,
                  "Refuse unless the group is at this version, as `get` showed it")
      ->type_name("N");
  auto& erase =
      add_console_action(console, arguments, "delete", "Delete a group that has no members", remove);
  add_which_group(erase, which);
}

}  // namespace

void add_console(CLI::App& app, Arguments& arguments) {
  using enum ConsoleArguments::Action;
  auto& console =
      *app.add_subcommand("console", "Groups of a console, by hand: look, create, change, delete");
  console.require_subcommand(1);
  console.footer(
      "Looking needs no lock and leaves no trace. A change needs the lock of the service (stop it first, "
      "exit 7 otherwise),\nand leaves a row in the audit trail. Protected groups and those that a rule keeps "
      "are not renamed or deleted.\nExit codes: 0 done, 2 usage, not found or refused, "
      "5 the console could not be read, 6 the change failed, 7 locked.");
  auto& all = add_console_action(console, arguments, "list", "Groups of the organization", list);
  add_text(all, "--name", "TEXT", arguments.console.name,
           "Only names that have these letters, in any order: the console's own filter, three at least");
  all.add_option("--query-type", arguments.console.query_type,
                 "Which organizations, seen from the target's own")
      ->check(CLI::IsMember({"SHOW_CURRENT", "SHOW_ANCESTORS", "SHOW_DESCENDANTS", "SHOW_ALL"}))
      ->capture_default_str();
  auto& one = add_console_action(console, arguments, "get",
                                 "One group: roles, description, version, why it is protected", get);
  add_which_group(one, arguments.console);
  auto& people = add_console_action(console, arguments, "users", "Who is in a group", users);
  add_which_group(people, arguments.console);
  add_console_writes(console, arguments);
}

}  // namespace dirsync::cli
