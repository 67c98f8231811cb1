// runs, run show, status.
#include <algorithm>
#include <span>

#include "daemon/cli/context.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "sync/engine/report.hpp"
#include "sync/model/join.hpp"
#include "sync/model/json.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

json::object run_value(RunRecord const& run) {
  return {{"run", run.id.value()},
          {"started", rfc3339(run.start.time)},
          {"finished", run.finished ? json::value(rfc3339(*run.finished)) : json::value{}},
          {"trigger", run.start.trigger},
          {"actor", run.start.actor},
          {"verdict", run.verdict},
          {"exit", run.finished ? json::value(run.exit_code) : json::value{}},
          {"digest", run.digest},
          {"planned", run.planned},
          {"done", run.done},
          {"failed", run.failed},
          {"unconfirmed", run.unconfirmed}};
}

std::string duration_text(RunRecord const& run) {
  if (!run.finished) return "did not end";
  auto const took =
      std::chrono::duration_cast<std::chrono::milliseconds>(*run.finished - run.start.time).count();
  return std::to_string(took) + " ms";
}

void print_certificates(json::object const& report) {
  for (auto const& [side, value] : object_at(report, "certificates")) {
    auto const& certificate = object_in(value);
    auto const failing = text_at(certificate, "failing");
    show(stdout, "certificate of " + std::string{side} + " (" + text_at(certificate, "server") +
                     "): " + (failing.empty() ? "complete" : "NOT COMPLETE, clause " + failing) + "\n");
    std::vector<std::vector<std::string>> rows{{"", "CLAUSE", "FIGURES"}};
    for (auto const& clause : array_at(certificate, "clauses")) {
      auto const& fields = object_in(clause);
      rows.push_back(
          {flag_at(fields, "holds") ? "holds" : "FAILS", text_at(fields, "name"), text_at(fields, "detail")});
    }
    show(stdout, table(rows));
  }
}

void print_changes(json::object const& report) {
  auto const& plan = object_at(report, "plan");
  std::vector<std::vector<std::string>> rows{{"N", "TARGET", "VERB", "GROUP", "PRINCIPAL", "OUTCOME", "WHY"}};
  for (auto const& [name, target] : object_at(plan, "targets"))
    for (auto const& value : array_at(object_in(target), "changes")) {
      auto const& change = object_in(value);
      auto const outcome = text_at(change, "outcome");
      rows.push_back({std::to_string(integer_at(change, "n").value_or(0)), std::string{name},
                      text_at(change, "verb"), text_at(change, "group"), text_at(change, "principal"),
                      outcome.empty() ? "not run" : outcome, text_at(change, "why")});
    }
  if (rows.size() > 1) show(stdout, table(rows));
  for (auto const& value : array_at(plan, "reasons")) {
    auto const& reason = object_in(value);
    show(stdout, text_at(reason, "code") + ": " + text_at(reason, "text") + "\n");
  }
}

json::object target_value(TargetState const& state) {
  json::array waiting, effective;
  for (auto const& name : state.waiting) waiting.push_back(json::string{name});
  for (auto const& one : state.effective) effective.push_back({{"group", one.group}, {"text", one.text}});
  return {{"state", to_text(state.kind)},  {"last_success", nullptr},           {"set_aside", json::array{}},
          {"waiting", std::move(waiting)}, {"effective", std::move(effective)}, {"in_sync", state.in_sync()}};
}

/// Of a target that no run had in its plan yet.
json::object unknown_target() {
  return {{"state", "never run"},     {"last_success", nullptr},    {"set_aside", json::array{}},
          {"waiting", json::array{}}, {"effective", json::array{}}, {"in_sync", false}};
}

Result<json::object> targets_status(store::Store& store, config::Config const& config) {
  auto const states = store.target_states();
  if (!states) return states.error();
  json::object targets;
  for (auto const& [name, target] : config.targets) {
    auto const state = states->find(name);
    targets[name] = state == states->end() ? unknown_target() : target_value(state->second);
  }
  if (auto const successes = store.last_successes())
    for (auto const& [name, success] : *successes)
      if (targets.contains(name)) targets[name].as_object()["last_success"] = rfc3339(success.time);
  if (auto const aside = store.all_set_aside())
    for (auto const& object : *aside)
      if (targets.contains(object.target))
        targets[object.target].as_object()["set_aside"].as_array().push_back(
            {{"group", object.group},
             {"principal", object.principal},
             {"reason", object.reason},
             {"attempts", object.attempts},
             {"next_try", rfc3339(object.next_try)}});
  return targets;
}

/// Of groups whose member is an LDAP group itself.
void print_people_behind(json::object const& targets) {
  for (auto const& [name, target] : targets)
    for (auto const& value : array_at(object_in(target), "effective"))
      show(stdout, std::string{name} + ", " + text_at(object_in(value), "group") + ": " +
                       text_at(object_in(value), "text") + "\n");
}

/// Who gets what they are due once the target knows them.
void print_waiting(json::object const& targets) {
  constexpr std::size_t kMost = 10;
  for (auto const& [name, target] : targets) {
    auto const& waiting = array_at(object_in(target), "waiting");
    if (waiting.empty()) continue;
    auto const first = std::span{waiting.data(), std::min(kMost, waiting.size())};
    auto line = "waiting in " + std::string{name} + ": " +
                join(first, ", ", [](json::value const& who) { return std::string_view{who.as_string()}; });
    if (waiting.size() > kMost)
      line += " and " + std::to_string(waiting.size() - kMost) + " more; --json lists all";
    show(stdout, line + "\n");
  }
}

}  // namespace

int show_runs(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto* const store = &state->store;
  auto const runs = store->runs(arguments.limit.value_or(20));
  if (!runs) {
    print_error(arguments, runs.error());
    return kInternal;
  }
  if (arguments.json) {
    json::array array;
    for (auto const& run : *runs) array.push_back(run_value(run));
    show_json(json::object{{"runs", std::move(array)}});
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{{"RUN", "STARTED", "TOOK", "TRIGGER", "VERDICT", "EXIT",
                                              "PLANNED", "DONE", "FAILED", "UNCONFIRMED", "ACTOR"}};
  for (auto const& run : *runs)
    rows.push_back({std::to_string(run.id.value()), rfc3339(run.start.time), duration_text(run),
                    run.start.trigger, run.verdict, run.finished ? std::to_string(run.exit_code) : "-",
                    std::to_string(run.planned), std::to_string(run.done), std::to_string(run.failed),
                    std::to_string(run.unconfirmed), run.start.actor});
  show(stdout, table(rows));
  return kDone;
}

int show_run(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto* const store = &state->store;
  auto const run = store->find_run(RunId{arguments.run});
  if (!run || !*run) {
    print_error(
        arguments, "usage",
        run ? "no run " + std::to_string(arguments.run) + "; `dirsyncd runs` lists them" : text(run.error()));
    return kUsage;
  }
  auto const report = engine::kept_report(**run);
  if (arguments.json) {
    auto object = run_value(**run);
    object["report"] = report;
    show_json(object);
    return kDone;
  }
  auto const& start = (*run)->start;
  show(stdout, "run " + std::to_string((*run)->id.value()) + ", " + start.trigger + ", by " + start.actor +
                   ", started " + rfc3339(start.time) + ", " + duration_text(**run) + ", verdict " +
                   (*run)->verdict + ", exit " + std::to_string((*run)->exit_code) + "\n");
  print_changes(object_in(report));
  print_certificates(object_in(report));
  if ((*run)->done + (*run)->failed == 0 && report.is_object())
    show(stdout, "This run sent nothing: the figures of clauses that hold are not kept of such runs.\n");
  return kDone;
}

int show_status(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::read);
  if (!state) return refuse_state(arguments, state.error());
  auto* const store = &state->store;
  auto const held = store->held_plans();
  if (!held) {
    print_error(arguments, held.error());
    return kInternal;
  }
  auto status = targets_status(*store, *config);
  if (!status) {
    print_error(arguments, status.error());
    return kInternal;
  }
  auto& targets = *status;
  auto const daemon = store::InstanceLock::holder(state->folder);
  if (!arguments.json) {
    std::vector<std::vector<std::string>> rows{{"TARGET", "STATE", "LAST SUCCESS", "WAITING", "SET ASIDE"}};
    for (auto const& [name, value] : targets) {
      auto const& target = object_in(value);
      auto const success = text_at(target, "last_success");
      rows.push_back({std::string{name}, text_at(target, "state"), success.empty() ? "never" : success,
                      std::to_string(array_at(target, "waiting").size()),
                      std::to_string(array_at(target, "set_aside").size())});
    }
    show(stdout, table(rows));
    print_people_behind(targets);
    print_waiting(targets);
    for (auto const& plan : *held)
      show(stdout, "held since " + rfc3339(plan.first_seen) + ": " + plan.digest.value() + "\n");
    show(stdout,
         daemon ? "instance running, pid " + std::to_string(*daemon) + "\n" : "no instance running\n");
    return kDone;
  }
  json::array held_values;
  for (auto const& plan : *held) {
    auto const full = store->find_plan(plan.digest);
    auto const document =
        full && *full ? parse_json((*full)->document_json).value_or(json::value{}) : json::value{};
    held_values.push_back({{"digest", plan.digest.value()},
                           {"since", rfc3339(plan.first_seen)},
                           {"reasons", array_at(object_in(document), "reasons")}});
  }
  show_json(json::object{
      {"targets", std::move(targets)},
      {"held", std::move(held_values)},
      {"freeze", nullptr},
      {"daemon", {{"running", daemon.has_value()}, {"pid", daemon ? json::value(*daemon) : json::value{}}}}});
  return kDone;
}

}  // namespace dirsync::cli
