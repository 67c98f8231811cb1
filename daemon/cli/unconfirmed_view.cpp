#include "daemon/cli/unconfirmed_view.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "daemon/cli/output.hpp"
#include "sync/engine/report.hpp"
#include "sync/model/counted.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

/// So many runs that could not read a target are looked past for one that did.
constexpr int kMostRuns = 20;

void add_waiting(std::string const& target, json::object const& plan, json::array& waiting) {
  for (auto const& value : array_at(plan, "changes")) {
    auto change = object_in(value);
    if (text_at(change, "outcome") != "unconfirmed") continue;
    change["n"] = waiting.size() + 1;
    change["target"] = target;
    waiting.push_back(std::move(change));
  }
}

}  // namespace

Result<json::array> unconfirmed_changes(store::Store& store, config::Config const& config) {
  std::set<std::string> left;
  for (auto const& [name, target] : config.targets) left.insert(name);
  json::array waiting;
  std::optional<Time> at;
  std::optional<RunId> later;
  for (int looked = 0; looked < kMostRuns && !left.empty(); ++looked) {
    auto const run = store.last_run(at);
    if (!run) return run.error();
    if (!*run || (*run)->id == later) break;
    later = (*run)->id;
    at = (*run)->start.time - std::chrono::milliseconds{1};
    auto const plan = object_at(object_in(engine::kept_report(**run)), "plan");
    for (auto const& [name, value] : object_at(plan, "targets")) {
      auto const& of_target = object_in(value);
      if (text_at(of_target, "verdict") == "refuse" || left.erase(std::string{name}) == 0) continue;
      add_waiting(std::string{name}, of_target, waiting);
    }
  }
  return waiting;
}

std::string unconfirmed_view(json::array const& changes) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (auto const& value : changes) {
    auto const& change = object_in(value);
    ++counts[{text_at(change, "target"), text_at(change, "group")}];
  }
  std::string view;
  for (auto const& [where, count] : counts)
    view += where.first + ", " + where.second + ": " + counted(count, "change waits", "changes wait") +
            " for further reads, which must confirm what they follow from\n";
  return view;
}

}  // namespace dirsync::cli
