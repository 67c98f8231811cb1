#pragma once
// What metrics and the service manager's status show of the store.
#include <optional>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/control/metrics.hpp"
#include "store/store.hpp"
#include "sync/model/freeze.hpp"

namespace dirsync {

struct KeptFigures {
  control::StoreFigures figures;
  std::vector<Freeze> frozen;  // in force
};

/// Nothing where something of it cannot be read. Thread: that of the store.
std::optional<KeptFigures> kept_figures(store::Store& store, config::Config const& config, Time now);

}  // namespace dirsync
