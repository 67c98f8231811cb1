#include "tests/simulators/simulator.hpp"

namespace dirsync::sim {
namespace {
constexpr std::string_view kControl = "/_sim/";

json::object to_json(Call const& call) {
  using std::chrono::microseconds;
  auto const at = std::chrono::duration_cast<microseconds>(call.at.time_since_epoch()).count();
  return {{"seq", call.seq},
          {"at_us", at},
          {"method", call.method},
          {"target", call.target},
          {"path", call.path},
          {"route", call.route},
          {"status", call.status},
          {"caller", call.caller},
          {"write", call.write},
          {"changed", call.changed},
          {"body", call.body},
          {"fault", call.fault},
          {"marks", to_array(call.marks)}};
}

Response outcome(std::optional<std::string> const& wrong) {
  if (wrong) return json_response(400, json::object{{"error", *wrong}});
  return json_response(200, json::object{{"ok", true}});
}
}  // namespace

Response Simulator::handle(Request const& request) {
  std::lock_guard const lock{mutex_};
  return request.path.starts_with(kControl) ? control(request) : answer_call(request);
}

Response Simulator::answer_call(Request const& request) {
  auto const at = std::chrono::system_clock::now();
  auto const route = route_of(request);
  auto const fault = faults_.next(request, route.name, route.write);
  Answer given;
  if (fault) {
    if (auto wrong = run_edits(fault->edits)) return json_response(500, json::object{{"error", *wrong}});
  }
  if (!fault || fault->effect == Fault::Effect::happens) given = answer(request);
  if (fault) fault->apply_to(given.response);

  Call call;
  call.seq = ++counters_.requests;
  call.at = at;
  call.method = request.method;
  call.target = request.target;
  call.path = request.path;
  call.route = route.name;
  call.status = given.response.status;
  call.caller = given.caller;
  call.write = route.write;
  call.changed = given.changed;
  if (route.write) call.body = request.body;
  if (fault) call.fault = fault->name;
  counters_.writes += route.write ? 1 : 0;
  counters_.changes += given.changed ? 1 : 0;
  counters_.answer_bytes += static_cast<std::int64_t>(given.response.body.size());
  counters_.logons += route.logon ? 1 : 0;
  ++counters_.by_route[route.name.empty() ? "unknown" : route.name];
  ++counters_.by_status[call.status];
  if (is_unfit(request.path)) given.marks.emplace_back("unfit_paths");
  for (auto const& mark : given.marks) ++counters_.by_mark[mark];
  call.marks = std::move(given.marks);
  journal_.push_back(std::move(call));
  return std::move(given.response);
}

Response Simulator::control(Request const& request) {
  auto const what = std::string_view{request.path}.substr(kControl.size());
  auto const& method = request.method;
  if (method == "GET") {
    if (what == "counters") return json_response(200, counters_json());
    if (what == "journal") return json_response(200, journal_json());
    if (what == "state") return json_response(200, dump_state());
  }
  if (method == "DELETE" && what == "journal") {
    journal_.clear();
    counters_ = {};
    return outcome(std::nullopt);
  }
  auto const changes =
      (method == "POST" && (what == "faults" || what == "do")) || (method == "PUT" && what == "state");
  if (!changes)
    return json_response(404, json::object{{"error", "no such control: " + method + " " + request.path}});
  auto const body = parse_json(request.body);
  if (!body) return outcome("the body is not JSON");
  if (what == "faults") return outcome(faults_.replace(*body));
  if (what == "do") return outcome(run_edits(*body));
  return outcome(load_state(*body));
}

std::optional<std::string> Simulator::run_edits(json::value const& edits) {
  if (edits.is_object()) return do_edit(edits.get_object());
  if (!edits.is_array()) return "an edit is an object, or a list of them";
  for (auto const& edit : edits.get_array()) {
    if (!edit.is_object()) return "an edit is an object";
    if (auto wrong = do_edit(edit.get_object())) return wrong;
  }
  return std::nullopt;
}

json::value Simulator::counters_json() const {
  json::object by_route, by_status;
  for (auto const& [route, count] : counters_.by_route) by_route[route] = count;
  for (auto const& [status, count] : counters_.by_status) by_status[std::to_string(status)] = count;
  json::object all = {{"requests", counters_.requests},
                      {"writes", counters_.writes},
                      {"unfit_paths", 0},
                      {"answer_bytes", counters_.answer_bytes},
                      {"changes", counters_.changes},
                      {"logons", counters_.logons},
                      {"by_route", std::move(by_route)},
                      {"by_status", std::move(by_status)}};
  for (auto const& [mark, count] : counters_.by_mark) all[mark] = count;
  add_counters(all);
  return all;
}

json::value Simulator::journal_json() const {
  json::array calls;
  for (auto const& call : journal_) calls.push_back(to_json(call));
  return calls;
}

std::vector<Call> Simulator::journal() const {
  std::lock_guard const lock{mutex_};
  return journal_;
}

Counters Simulator::counters() const {
  std::lock_guard const lock{mutex_};
  return counters_;
}

void Simulator::forget_calls() {
  std::lock_guard const lock{mutex_};
  journal_.clear();
  counters_ = {};
}

json::value Simulator::state() const {
  std::lock_guard const lock{mutex_};
  return dump_state();
}

std::optional<std::string> Simulator::replace_state(json::value const& state) {
  std::lock_guard const lock{mutex_};
  return load_state(state);
}

std::optional<std::string> Simulator::replace_faults(json::value const& rules) {
  std::lock_guard const lock{mutex_};
  return faults_.replace(rules);
}

std::optional<std::string> Simulator::edit(json::value const& edit_or_list) {
  std::lock_guard const lock{mutex_};
  return run_edits(edit_or_list);
}

}  // namespace dirsync::sim
