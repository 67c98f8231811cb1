#include "daemon/kept_figures.hpp"

namespace dirsync {

std::optional<KeptFigures> kept_figures(store::Store& store, config::Config const& config, Time now) {
  auto const aside = store.all_set_aside();
  auto const successes = store.last_successes();
  auto const held = store.held_plans();
  auto const head = store.chain_head();
  auto const pruned = store.pruned();
  auto const bytes = store.size();
  auto const freezes = store.freezes();
  if (!aside || !successes || !held || !head || !pruned || !bytes || !freezes) return std::nullopt;
  KeptFigures kept{.figures = {}, .frozen = in_force(*freezes, now)};
  auto& figures = kept.figures;
  figures.frozen = static_cast<std::int64_t>(kept.frozen.size());
  for (auto const& [name, target] : config.targets) figures.set_aside[name] = 0;
  for (auto const& object : *aside) ++figures.set_aside[object.target];
  for (auto const& [target, success] : *successes) figures.last_success[target] = success.time;
  figures.held_plans = static_cast<std::int64_t>(held->size());
  figures.audit_rows = head->sequence - (*pruned ? (*pruned)->rows() : 0);
  figures.bytes = *bytes;
  return kept;
}

}  // namespace dirsync
