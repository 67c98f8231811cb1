#include "tests/simulators/console/context.hpp"

namespace dirsync::sim::console {

void Model::replace(State state) {
  state_ = std::move(state);
  past_.clear();
}

State const& Model::seen(std::int64_t now) const {
  for (auto const& past : past_)
    if (past.until > now - knobs.number("stale_reads_ms")) return past.state;
  return state_;
}

State& Model::edit(std::int64_t now) {
  while (!past_.empty() && past_.front().until <= now - knobs.number("stale_reads_ms")) past_.pop_front();
  if (knobs.number("stale_reads_ms") > 0) past_.push_back({now, state_});
  return state_;
}

}  // namespace dirsync::sim::console
