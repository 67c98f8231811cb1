#include "daemon/cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "daemon/cli/arguments_parts.hpp"
#include "sync/model/log_level.hpp"

namespace dirsync::cli {
namespace {

constexpr char kFooter[] =
    "Exit codes: 0 done or in sync, 1 internal error, 2 usage or configuration, 3 changes pending "
    "(--detailed-exitcode),\n4 held for approval, 5 a side could not be read; nothing written there, "
    "6 some changes failed, 7 locked by another\ninstance, 8 the audit chain does not hold.";

void add_cut(CLI::App& command, Arguments& arguments) {
  command
      .add_option("--rule", arguments.rule,
                  "Only changes of this rule; the limits still judge the whole plan")
      ->type_name("NAME");
  command.add_option("--group", arguments.group, "Only changes of this target group")->type_name("NAME");
  command.add_option("--user", arguments.user, "Only changes of this user: name, DN or immutable id")
      ->type_name("USER");
}

void add_verbose(CLI::App& command, Arguments& arguments) {
  command.add_flag("--verbose", arguments.verbose, "Whole DNs and paths, every member and every note");
}

/// Of commands that approve what they carry out.
void add_approval(CLI::App& command, Arguments& arguments, char const* what) {
  command.add_option("--approve", arguments.approve, what)->type_name("DIGEST");
  command.add_option("--reason", arguments.reason, "With --approve: why; kept in the audit trail")
      ->type_name("TEXT");
}

void add_run(CLI::App& app, Arguments& arguments) {
  auto& run = *app.add_subcommand("run", "Keep everything in sync until stopped (what systemd starts)");
  auto& show = *run.add_subcommand("show", "One run: plan, outcomes, certificates, timings");
  show.add_option("ID", arguments.run, "Number of the run")->required();
  run.require_subcommand(0, 1);
  run.callback([&arguments, &show] { arguments.command = show.parsed() ? Command::run_show : Command::run; });
}

void add_sync(CLI::App& app, Arguments& arguments) {
  auto& sync = *app.add_subcommand("sync", "One run now: shows the plan, asks on a terminal, applies");
  add_cut(sync, arguments);
  sync.add_flag("--dry-run", arguments.dry_run, "Stop before the first write");
  sync.add_flag("--yes", arguments.yes, "Do not ask; approves nothing that is held");
  add_approval(sync, arguments, "Approve this held plan or read, and run");
  sync.add_flag(
      "--accept-band", arguments.accept_band,
      "On a terminal: take a read out of band, or from before the last one, as the new level, once");
  sync.add_flag("--detailed-exitcode", arguments.detailed_exitcode,
                "With --dry-run: 3 pending, 4 held, 5 refused");
  add_verbose(sync, arguments);
  choose(sync, arguments, Command::sync);
}

void add_plan(CLI::App& app, Arguments& arguments) {
  auto& plan = *app.add_subcommand("plan", "What a run would do, and why; writes to no target");
  add_cut(plan, arguments);
  plan.add_flag("--detailed-exitcode", arguments.detailed_exitcode, "3 changes pending, 4 held, 5 refused");
  plan.add_flag(
      "--offline", arguments.offline,
      "Read no side: how the settings of --config differ from those in force, from the store alone");
  add_verbose(plan, arguments);
  choose(plan, arguments, Command::plan);
}

void add_undo(CLI::App& app, Arguments& arguments) {
  auto& undo = *app.add_subcommand("undo", "Take back what a run did, as far as it still stands");
  undo.add_option("RUN", arguments.run, "Number of the run, as `runs` prints it")
      ->required()
      ->check(CLI::PositiveNumber);
  undo.add_flag("--dry-run", arguments.dry_run, "Stop before the first write");
  add_approval(undo, arguments, "Approve this plan of the undo, and run it");
  add_verbose(undo, arguments);
  choose(undo, arguments, Command::undo);
}

void add_decisions(CLI::App& app, Arguments& arguments) {
  auto& approve = *app.add_subcommand("approve", "Let a held plan run, or take a held read as the new level");
  approve.add_option("DIGEST", arguments.digest, "As `plan` and `status` print it")->required();
  approve.add_option("--reason", arguments.reason, "Why; kept in the audit trail")->type_name("TEXT");
  choose(approve, arguments, Command::approve);
  auto& reject = *app.add_subcommand("reject", "Decide that a held plan shall not run");
  reject.add_option("DIGEST", arguments.digest, "As `plan` and `status` print it")->required();
  reject.add_option("--reason", arguments.reason, "Why; kept in the audit trail")->type_name("TEXT");
  choose(reject, arguments, Command::reject);
}

void add_freezes(CLI::App& app, Arguments& arguments) {
  auto& freeze = *app.add_subcommand("freeze", "Stop changes at once, until they are let go on");
  freeze.add_flag("--removals", arguments.removals_alone, "Only removals, those of leavers included");
  freeze.add_option("--target", arguments.target, "Only changes of this target")->type_name("NAME");
  freeze.add_option("--reason", arguments.reason, "Why; kept in the audit trail")
      ->type_name("TEXT")
      ->required();
  freeze.add_option("--until", arguments.until, "Ends by itself then: RFC 3339 time, or after 90m, 24h, 7d")
      ->type_name("TIME");
  choose(freeze, arguments, Command::freeze);
  auto& thaw = *app.add_subcommand("thaw", "Let go on what was frozen");
  thaw.add_option("--target", arguments.target, "Only what was frozen of this target by itself")
      ->type_name("NAME");
  choose(thaw, arguments, Command::thaw);
  auto& retry =
      *app.add_subcommand("retry", "Try again what was set aside, and sides that could not be read");
  retry.add_option("--target", arguments.target, "Only of this target")->type_name("NAME");
  retry.add_option("--group", arguments.group, "Only of this target group")->type_name("NAME");
  retry.add_option("--user", arguments.user, "Only of this user, by the target's name")->type_name("USER");
  choose(retry, arguments, Command::retry);
}

void add_claims(CLI::App& app, Arguments& arguments) {
  auto const add_decision = [&arguments](CLI::App& command) {
    add_approval(command, arguments, "Approve this plan, and carry it out");
    add_verbose(command, arguments);
  };
  auto& adopt = *app.add_subcommand("adopt", "Take existing groups of a target over; sends nothing to it");
  adopt.add_option("--rule", arguments.rule, "All groups that this rule feeds")->type_name("NAME");
  adopt.add_option("--group", arguments.group, "This group of a target, which a rule feeds")
      ->type_name("NAME");
  adopt
      .add_option("--members", arguments.members,
                  "desired: members whom the rule wants; all: also those whom the next run is to take out")
      ->check(CLI::IsMember({"desired", "all"}));
  add_decision(adopt);
  choose(adopt, arguments, Command::adopt);
  auto& recover = *app.add_subcommand(
      "recover", "Make a lost, damaged or older store know again what is dirsyncd's; sends nothing");
  recover
      .add_option(
          "--audit", arguments.audit,
          "What `log export` wrote, or a copy of dirsyncd.db; else the marks of groups in their targets")
      ->type_name("FILE");
  add_decision(recover);
  choose(recover, arguments, Command::recover);
}

void add_looks(CLI::App& app, Arguments& arguments) {
  auto& runs = *app.add_subcommand("runs", "History with counts and timings");
  runs.add_option("--limit", arguments.limit, "Only the newest N; default 20")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  choose(runs, arguments, Command::runs);
  choose(*app.add_subcommand("status", "What is frozen, targets, held plans, who is set aside or waited for"),
         arguments, Command::status);
  auto& config = *app.add_subcommand("config", "The configuration");
  config.require_subcommand(1);
  auto& check = *config.add_subcommand("check", "Validate; every mistake with file, line and column");
  check.add_flag("--online", arguments.online, "Look at directories and targets as well, as `doctor` does");
  check.callback(
      [&arguments] { arguments.command = arguments.online ? Command::doctor : Command::config_check; });
}

void add_doctor(CLI::App& app, Arguments& arguments) {
  auto& doctor =
      *app.add_subcommand("doctor", "What works and what does not, and what to do; changes nothing");
  doctor.add_option("--side", arguments.side, "Only this directory or target")->type_name("NAME");
  doctor.footer("Exit codes: 0 nothing failed, 2 usage, 6 a check failed.");
  choose(doctor, arguments, Command::doctor);
}

void add_init(CLI::App& app, Arguments& arguments) {
  auto& init = *app.add_subcommand("init", "Look at a directory and write a configuration for it");
  auto& to = arguments.init;
  auto const add = [&init](char const* option, char const* type, std::string& value, char const* help) {
    init.add_option(option, value, help)->type_name(type);
  };
  init.add_option("--uri", to.uris, "Server of the directory, ldaps://HOST; may be repeated")
      ->type_name("URI")
      ->allow_extra_args(false);
  init.add_option("--flavour", to.flavour, "Kind of server, where it does not tell it itself")
      ->type_name("KIND")
      ->check(CLI::IsMember({"auto", "openldap", "389ds", "ad"}));
  init.add_flag("--starttls", to.starttls, "Encrypt an ldap:// connection by StartTLS");
  init.add_flag("--anonymous", to.anonymous, "Read without logging on");
  add("--bind-dn", "DN", to.bind_dn, "Account that reads the directory");
  add("--bind-password-file", "FILE", to.bind_password_file, "File of its password, mode 0600");
  add("--ca-file", "FILE", to.ca_file, "CA of the server's certificate; else the system's");
  add("--base", "DN", to.base, "Where to look; else what the server names");
  add("--users-base", "DN", to.users_base, "Where people are; else found out");
  add("--groups-base", "DN", to.groups_base, "Where groups are; else found out");
  add("--groups", "FILTER", to.groups, "Which groups are kept; else proposed");
  add("--vault-url", "URL", to.vault_url, "Vault to write to");
  add("--vault-user", "NAME", to.vault_user, "User that logs on there");
  add("--vault-password-file", "FILE", to.vault_password_file, "File of its password");
  add("--vault-ca-file", "FILE", to.vault_ca_file, "CA of its certificate");
  add("--vault-domain", "NAME", to.vault_domain, "Its directory mapping for these people");
  add("--console-url", "URL", to.console_url, "Console to write to");
  add("--console-user", "NAME", to.console_user, "User that logs on there");
  add("--console-password-file", "FILE", to.console_password_file, "File of its password");
  add("--console-ca-file", "FILE", to.console_ca_file, "CA of its certificate");
  add("--console-role", "NAME", to.console_role, "Role of groups that are made there");
  add("--state-dir", "FOLDER", to.state_dir, "Where the service keeps its state");
  add("--output", "FILE", to.output, "File to write; else that of --config");
  init.add_flag("--yes", arguments.yes, "Do not ask; take what is proposed");
  init.add_flag("--force", to.force, "Replace a file that is there");
  choose(init, arguments, Command::init);
}

void add_time_and_target(CLI::App& command, Arguments& arguments) {
  command.add_option("--target", arguments.target, "In which target; needed when several have such a group")
      ->type_name("NAME");
  command.add_option("--at", arguments.at, "As of then: RFC 3339 time, or an age such as 90m, 24h, 7d")
      ->type_name("TIME");
}

void add_questions(CLI::App& app, Arguments& arguments) {
  auto& who = *app.add_subcommand("who", "Who is in a target group, now or at a time, and by which rule");
  who.add_option("GROUP", arguments.group, "Name of the group in the target, or its id there")->required();
  add_time_and_target(who, arguments);
  choose(who, arguments, Command::who);
  auto& why = *app.add_subcommand("why", "Why somebody is in a target group, or is not, now or at a time");
  why.add_option("USER", arguments.user, "Name in the target, DN, uid or immutable id")->required();
  why.add_option("GROUP", arguments.group, "Name of the group in the target, or its id there")->required();
  add_time_and_target(why, arguments);
  why.add_flag("--trace", arguments.trace, "Every step: selected, matched, judged, sent, answered");
  choose(why, arguments, Command::why);
}

void add_report(CLI::App& app, Arguments& arguments) {
  auto& report =
      *app.add_subcommand("report", "Review of access: who has which target group, since when and why");
  report.add_option("--at", arguments.at, "As of then: RFC 3339 time, or an age such as 90m, 24h, 7d")
      ->type_name("TIME");
  report.add_option("--format", arguments.report.format, "html, csv or json; default html")
      ->check(CLI::IsMember({"html", "csv", "json"}));
  report.add_option("--out", arguments.report.out, "A file that is not there yet; else standard output")
      ->type_name("FILE");
  choose(report, arguments, Command::report);
  choose(*app.add_subcommand("page", "How to open the page of the service in a browser; opens nothing"),
         arguments, Command::page);
}

}  // namespace

void choose(CLI::App& command, Arguments& arguments, Command chosen) {
  command.callback([&arguments, chosen] { arguments.command = chosen; });
}

std::variant<Arguments, Finished> parse_arguments(int argc, char const* const* argv) {
  Arguments arguments;
  CLI::App app{
      "dirsyncd keeps the groups of a CyberArk Vault and of a VMware Pulse IoT Center console equal to "
      "groups in LDAP.",
      "dirsyncd"};
  app.fallthrough();
  app.footer(kFooter);
  app.set_version_flag("--version", "dirsyncd " DIRSYNC_VERSION);
  app.require_subcommand(1);
  auto const* const config = app.add_option("--config", arguments.config, "Configuration file")
                                 ->capture_default_str()
                                 ->type_name("FILE");
  app.add_flag("--json", arguments.json, "One JSON document on standard output");
  app.add_option("--log-level", arguments.log_level, "trace, debug, info, warn or error")
      ->check(CLI::IsMember(std::vector<std::string>(kLogLevels.begin(), kLogLevels.end())));
  add_run(app, arguments);
  add_sync(app, arguments);
  add_plan(app, arguments);
  add_undo(app, arguments);
  add_decisions(app, arguments);
  add_freezes(app, arguments);
  add_claims(app, arguments);
  add_log(app, arguments);
  add_looks(app, arguments);
  add_questions(app, arguments);
  add_report(app, arguments);
  add_init(app, arguments);
  add_doctor(app, arguments);
  add_console(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (CLI::CallForHelp const&) {
    return Finished{0, app.help()};
  } catch (CLI::CallForVersion const&) {
    return Finished{0, "dirsyncd " DIRSYNC_VERSION "\n"};
  } catch (CLI::ParseError const& error) {
    return Finished{2, std::string{error.what()} + "; see `dirsyncd --help`"};
  }
  arguments.config_is_named = config->count() > 0;
  return arguments;
}

}  // namespace dirsync::cli
