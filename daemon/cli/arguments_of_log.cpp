// log and what follows it.
#include <CLI/CLI.hpp>

#include "daemon/cli/arguments_parts.hpp"

namespace dirsync::cli {
namespace {

void add_times(CLI::App& command, Arguments& arguments) {
  command.add_option("--since", arguments.since, "RFC 3339 time, or an age such as 90m, 24h, 7d")
      ->type_name("TIME");
  command.add_option("--until", arguments.until, "As --since")->type_name("TIME");
}

void add_log_export(CLI::App& log, Arguments& arguments) {
  auto& extract = arguments.extract;
  auto& command =
      *log.add_subcommand("export", "Write rows to FILE, and to FILE.proof that they are of the trail");
  add_times(command, arguments);
  command.add_option("--format", extract.format, "jsonl, csv or cef; default jsonl")
      ->check(CLI::IsMember({"jsonl", "csv", "cef"}));
  command.add_option("--out", extract.out, "A file that is not there yet")->type_name("FILE")->required();
  choose(command, arguments, Command::log_export);
}

void add_log_verify(CLI::App& log, Arguments& arguments) {
  auto& extract = arguments.extract;
  auto& command = *log.add_subcommand(
      "verify", "Check hashes, checkpoints and signatures; exit 8 where they do not hold");
  command
      .add_option("--file", extract.file, "Check what `log export` wrote, without configuration and store")
      ->type_name("FILE");
  command.add_option("--head", extract.head, "The row of this sequence must have this hash")
      ->type_name("SEQ:HASH");
  command.add_option("--key", extract.key, "Public key in PEM, as `log key` prints it")->type_name("FILE");
  choose(command, arguments, Command::log_verify);
}

void add_log_mending(CLI::App& log, Arguments& arguments) {
  auto& prune = *log.add_subcommand(
      "prune", "Take the oldest rows out of the trail, under the lock; leaves a signed checkpoint");
  prune
      .add_option("--before", arguments.extract.before, "Rows of before that time, or of more than that age")
      ->type_name("TIME")
      ->required();
  choose(prune, arguments, Command::log_prune);
  auto& acknowledge =
      *log.add_subcommand("acknowledge", "Let runs go on although somebody edited the trail, under the lock");
  acknowledge.add_option("--reason", arguments.extract.reason, "Why; kept in a row of the trail")
      ->type_name("TEXT")
      ->required();
  choose(acknowledge, arguments, Command::log_acknowledge);
}

}  // namespace

void add_log(CLI::App& app, Arguments& arguments) {
  auto& log = *app.add_subcommand("log", "The audit trail");
  add_times(log, arguments);
  log.add_option("--target", arguments.target, "Only of this target")->type_name("NAME");
  log.add_option("--group", arguments.group, "Only of this target group")->type_name("NAME");
  log.add_option("--user", arguments.user, "Only of this user: name, DN or immutable id")->type_name("USER");
  log.add_option("--run", arguments.run, "Only of this run")->type_name("ID");
  log.add_option("--action", arguments.action,
                 "Verb or phase: add, remove, create-group, hold, approve, freeze, store, ...");
  log.add_option("--outcome", arguments.outcome, "done, already, failed, unknown, unconfirmed, skipped, ...");
  log.add_option("--limit", arguments.limit, "Only the newest N rows")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  log.add_option("--after", arguments.after, "Only rows after the one of this sequence")
      ->type_name("SEQ")
      ->check(CLI::NonNegativeNumber);
  log.add_flag("--follow", arguments.follow, "Go on with every row that is added, until SIGINT");
  log.add_option("--format", arguments.format, "table, json or csv; default table")
      ->check(CLI::IsMember({"table", "json", "csv"}));
  add_log_export(log, arguments);
  add_log_verify(log, arguments);
  add_log_mending(log, arguments);
  choose(*log.add_subcommand("key", "The public key that checkpoints of the trail are signed with, in PEM"),
         arguments, Command::log_key);
  log.require_subcommand(0, 1);
  // Called after those of the commands below it.
  log.callback([&arguments, &log] {
    if (log.get_subcommands().empty()) arguments.command = Command::log;
  });
}

}  // namespace dirsync::cli
