// runs, run show.
#include "daemon/cli/context.hpp"
#include "daemon/cli/looks.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/pruned_notice.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "sync/engine/report.hpp"
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

}  // namespace

Result<json::object> runs_document(store::Store& store, std::int64_t limit, std::optional<RunId> before) {
  auto const runs = store.runs(limit, before);
  if (!runs) return runs.error();
  json::array array;
  for (auto const& run : *runs) array.push_back(run_value(run));
  return json::object{{"runs", std::move(array)}};
}

Result<json::object> run_document(store::Store& store, RunId id) {
  auto const run = store.find_run(id);
  if (!run) return run.error();
  if (!*run) return json::object{};
  auto const pruned = store.pruned();
  if (!pruned) return pruned.error();
  auto object = run_value(**run);
  object["report"] = engine::kept_report(**run);
  if (*pruned && (*run)->id <= (*pruned)->last_run) object["pruned"] = pruned_text(**pruned);
  return object;
}

int show_runs(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto const limit = arguments.limit.value_or(20);
  if (arguments.json) {
    auto const document = runs_document(state->store, limit);
    if (!document) return print_error(arguments, document.error()), kInternal;
    show_json(*document);
    return kDone;
  }
  auto const runs = state->store.runs(limit);
  if (!runs) return print_error(arguments, runs.error()), kInternal;
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
  if (!run) return refuse_state(arguments, run.error());
  if (!*run) {
    print_error(arguments, "usage",
                "no run " + std::to_string(arguments.run) + "; `dirsyncd runs` lists them");
    return kUsage;
  }
  if (arguments.json) {
    auto const document = run_document(*store, RunId{arguments.run});
    if (!document) return refuse_state(arguments, document.error());
    show_json(*document);
    return kDone;
  }
  auto const pruned = store->pruned();
  if (!pruned) return refuse_state(arguments, pruned.error());
  auto const is_pruned = *pruned && (*run)->id <= (*pruned)->last_run;
  auto const report = engine::kept_report(**run);
  auto const& start = (*run)->start;
  show(stdout, "run " + std::to_string((*run)->id.value()) + ", " + start.trigger + ", by " + start.actor +
                   ", started " + rfc3339(start.time) + ", " + duration_text(**run) + ", verdict " +
                   (*run)->verdict + ", exit " + std::to_string((*run)->exit_code) + "\n");
  if (is_pruned)
    show(stdout,
         "It may be among those that the audit trail tells of no more: " + pruned_text(**pruned) + "\n");
  print_changes(object_in(report));
  print_certificates(object_in(report));
  auto const* const sent = object_in(report).if_contains("sent");
  if (sent != nullptr && *sent == false)
    show(stdout, "This run sent nothing: the figures of clauses that hold are not kept of such runs.\n");
  return kDone;
}

}  // namespace dirsync::cli
