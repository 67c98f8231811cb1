#include "daemon/cli/feed_view.hpp"

#include <vector>

#include "daemon/cli/output.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace json = boost::json;

json::object feed_values(config::Config const& config, watch::FeedStates const& feeds) {
  json::object values;
  for (auto const& [name, directory] : config.directories) {
    auto const found = feeds.find(name);
    auto const state = found == feeds.end() ? watch::FeedState{} : found->second;
    values[name] = {{"kind", to_text(state.kind)},
                    {"state", to_text(state.what)},
                    {"since", state.since ? json::value(rfc3339(*state.since)) : json::value{}},
                    {"reason", as_utf8(state.reason)}};
  }
  return values;
}

std::string feeds_view(watch::FeedStates const& feeds) {
  if (feeds.empty()) return {};
  std::vector<std::vector<std::string>> rows{{"DIRECTORY", "FEED", "STATE", "SINCE", "REASON"}};
  for (auto const& [name, state] : feeds)
    rows.push_back({name, std::string{to_text(state.kind)}, std::string{to_text(state.what)},
                    state.since ? rfc3339(*state.since) : std::string{}, state.reason});
  return table(rows);
}

}  // namespace dirsync::cli
