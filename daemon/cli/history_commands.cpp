// runs, run show, status.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>

#include "daemon/cli/context.hpp"
#include "daemon/cli/output.hpp"
#include "store/instance_lock.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

std::optional<store::Store> open_for_reading(Arguments const& arguments,
                                             std::optional<config::Config>& config) {
  config = load_config(arguments, config::Secrets::leave);
  if (!config) return std::nullopt;
  return open_store(arguments, *config, store::Options::Mode::read_only);
}

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

json::value parsed(std::string const& text) {
  boost::system::error_code failed;
  auto value = json::parse(text, failed);
  return failed ? json::value{} : value;
}

std::string text_at(json::object const& object, char const* key) {
  auto const* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string{value->as_string()} : "";
}

json::array array_at(json::object const& object, char const* key) {
  auto const* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->as_array() : json::array{};
}

void print_certificates(json::object const& report) {
  auto const* certificates = report.if_contains("certificates");
  if (certificates == nullptr || !certificates->is_object()) return;
  for (auto const& [side, value] : certificates->as_object()) {
    auto const& certificate = value.as_object();
    auto const failing = text_at(certificate, "failing");
    std::printf("certificate of %s (%s): %s\n", std::string{side}.c_str(),
                text_at(certificate, "server").c_str(),
                failing.empty() ? "complete" : ("NOT COMPLETE, clause " + failing).c_str());
    std::vector<std::vector<std::string>> rows{{"", "CLAUSE", "FIGURES"}};
    for (auto const& clause : array_at(certificate, "clauses")) {
      auto const& fields = clause.as_object();
      auto const holds = fields.contains("holds") && fields.at("holds").as_bool();
      rows.push_back({holds ? "holds" : "FAILS", text_at(fields, "name"), text_at(fields, "detail")});
    }
    std::fputs(table(rows).c_str(), stdout);
  }
}

void print_changes(json::object const& report) {
  auto const* plan = report.if_contains("plan");
  if (plan == nullptr || !plan->is_object()) return;
  std::vector<std::vector<std::string>> rows{{"N", "TARGET", "VERB", "GROUP", "PRINCIPAL", "OUTCOME", "WHY"}};
  for (auto const& [name, target] : plan->at("targets").as_object())
    for (auto const& value : array_at(target.as_object(), "changes")) {
      auto const& change = value.as_object();
      auto const outcome = text_at(change, "outcome");
      rows.push_back({std::to_string(change.at("n").to_number<std::int64_t>()), std::string{name},
                      text_at(change, "verb"), text_at(change, "group"), text_at(change, "principal"),
                      outcome.empty() ? "not run" : outcome, text_at(change, "why")});
    }
  if (rows.size() > 1) std::fputs(table(rows).c_str(), stdout);
  for (auto const& reason : array_at(plan->as_object(), "reasons"))
    std::printf("%s: %s\n", text_at(reason.as_object(), "code").c_str(),
                text_at(reason.as_object(), "text").c_str());
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
    for (auto const& value : array_at(target.as_object(), "effective"))
      std::printf("%s, %s: %s\n", std::string{name}.c_str(),
                  printable(text_at(value.as_object(), "group")).c_str(),
                  printable(text_at(value.as_object(), "text"), 2000).c_str());
}

/// Who gets what they are due once the target knows them.
void print_waiting(json::object const& targets) {
  constexpr std::size_t kMost = 10;
  for (auto const& [name, target] : targets) {
    auto const waiting = array_at(target.as_object(), "waiting");
    if (waiting.empty()) continue;
    std::string line = "waiting in " + std::string{name} + ":";
    for (std::size_t at = 0; at < std::min(kMost, waiting.size()); ++at)
      line += (at == 0 ? " " : ", ") + printable(waiting[at].as_string());
    if (waiting.size() > kMost)
      line += " and " + std::to_string(waiting.size() - kMost) + " more; --json lists all";
    std::puts(line.c_str());
  }
}

}  // namespace

int show_runs(Arguments const& arguments) {
  std::optional<config::Config> config;
  auto store = open_for_reading(arguments, config);
  if (!store) return kUsage;
  auto const runs = store->runs(arguments.limit.value_or(20));
  if (!runs) {
    print_error(arguments, runs.error());
    return kInternal;
  }
  if (arguments.json) {
    json::array array;
    for (auto const& run : *runs) array.push_back(run_value(run));
    std::puts(json::serialize(json::object{{"runs", std::move(array)}}).c_str());
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{{"RUN", "STARTED", "TOOK", "TRIGGER", "VERDICT", "EXIT",
                                              "PLANNED", "DONE", "FAILED", "UNCONFIRMED", "ACTOR"}};
  for (auto const& run : *runs)
    rows.push_back({std::to_string(run.id.value()), rfc3339(run.start.time), duration_text(run),
                    run.start.trigger, run.verdict, run.finished ? std::to_string(run.exit_code) : "-",
                    std::to_string(run.planned), std::to_string(run.done), std::to_string(run.failed),
                    std::to_string(run.unconfirmed), run.start.actor});
  std::fputs(table(rows).c_str(), stdout);
  return kDone;
}

int show_run(Arguments const& arguments) {
  std::optional<config::Config> config;
  auto store = open_for_reading(arguments, config);
  if (!store) return kUsage;
  auto const run = store->find_run(RunId{arguments.run});
  if (!run || !*run) {
    print_error(
        arguments, "usage",
        run ? "no run " + std::to_string(arguments.run) + "; `dirsyncd runs` lists them" : text(run.error()));
    return kUsage;
  }
  auto const report = parsed((*run)->report_json);
  if (arguments.json) {
    auto object = run_value(**run);
    object["report"] = report;
    std::puts(json::serialize(object).c_str());
    return kDone;
  }
  std::printf("run %lld, %s, by %s, started %s, %s, verdict %s, exit %d\n",
              static_cast<long long>((*run)->id.value()), (*run)->start.trigger.c_str(),
              (*run)->start.actor.c_str(), rfc3339((*run)->start.time).c_str(), duration_text(**run).c_str(),
              (*run)->verdict.c_str(), (*run)->exit_code);
  if (!report.is_object()) return kDone;
  print_changes(report.as_object());
  print_certificates(report.as_object());
  return kDone;
}

int show_status(Arguments const& arguments) {
  std::optional<config::Config> config;
  auto store = open_for_reading(arguments, config);
  if (!store) return kUsage;
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
  auto const daemon = store::InstanceLock::holder(config->service.state_dir);
  if (!arguments.json) {
    std::vector<std::vector<std::string>> rows{{"TARGET", "STATE", "LAST SUCCESS", "WAITING", "SET ASIDE"}};
    for (auto const& [name, value] : targets) {
      auto const& target = value.as_object();
      auto const success = text_at(target, "last_success");
      rows.push_back({std::string{name}, text_at(target, "state"), success.empty() ? "never" : success,
                      std::to_string(array_at(target, "waiting").size()),
                      std::to_string(array_at(target, "set_aside").size())});
    }
    std::fputs(table(rows).c_str(), stdout);
    print_people_behind(targets);
    print_waiting(targets);
    for (auto const& plan : *held)
      std::printf("held since %s: %s\n", rfc3339(plan.first_seen).c_str(), plan.digest.value().c_str());
    std::printf("%s\n", daemon ? ("instance running, pid " + std::to_string(*daemon)).c_str()
                               : "no instance running");
    return kDone;
  }
  json::array held_values;
  for (auto const& plan : *held) {
    auto const full = store->find_plan(plan.digest);
    auto const document = full && *full ? parsed((*full)->document_json) : json::value{};
    held_values.push_back(
        {{"digest", plan.digest.value()},
         {"since", rfc3339(plan.first_seen)},
         {"reasons", document.is_object() ? array_at(document.as_object(), "reasons") : json::array{}}});
  }
  std::puts(json::serialize(json::object{{"targets", std::move(targets)},
                                         {"held", std::move(held_values)},
                                         {"freeze", nullptr},
                                         {"daemon",
                                          {{"running", daemon.has_value()},
                                           {"pid", daemon ? json::value(*daemon) : json::value{}}}}})
                .c_str());
  return kDone;
}

}  // namespace dirsync::cli
