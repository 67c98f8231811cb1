#include "daemon/control/on_thread.hpp"

#include <string>

#include "daemon/cli/context.hpp"

namespace dirsync::control {

cli::Answer answer_from(config::Config const& config, store::Options options,
                        std::function<cli::Answer(config::Config const&, store::Store&)> const& make) {
  try {
    auto store = store::Store::open(std::move(options));
    return store ? make(config, *store) : cli::refusal(store.error());
  } catch (std::exception const& failure) {
    return cli::refusal(cli::kInternal, "internal", std::string{"internal error: "} + failure.what());
  }
}

}  // namespace dirsync::control
