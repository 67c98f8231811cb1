#include "daemon/folded_log.hpp"

namespace dirsync {

void FoldedLog::event(Level level, std::string_view name, std::span<Field const> fields) {
  auto const verdict = folding_.note(name, fields, clock_.now());
  if (!verdict.tell) return;
  if (verdict.repeated == 1) return log_.event(level, name, fields);
  std::vector<Field> more{fields.begin(), fields.end()};
  more.push_back({"repeated", std::to_string(verdict.repeated)});
  more.push_back({"since", rfc3339(verdict.since)});
  log_.event(level, name, more);
}

void FoldedLog::end_run() {
  for (auto const& [side, runs, since] : folding_.end_run()) {
    Field const fields[] = {{"side", side}, {"repeated", std::to_string(runs)}, {"since", rfc3339(since)}};
    log_.event(Level::info, "read_complete_again", fields);
  }
}

}  // namespace dirsync
