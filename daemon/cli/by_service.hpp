#pragma once
// Commands that the running service carries out: who may open its control socket needs no credentials, no
// state folder and no lock.
#include <optional>
#include <string>

#include "daemon/cli/arguments.hpp"
#include "daemon/cli/wishes.hpp"
#include "daemon/config/config.hpp"

namespace dirsync::cli {

/// The exit code of the command; nothing when there is no service that could do it: then it goes on by
/// itself. `why_not`: is set to what a person should know of a service that is, or was, there.
struct ServiceAnswer {
  std::optional<int> exit;
  std::string why_not{};
};

// Each shows what the service answers, as the command itself would have. Thread: main.

/// A service that ends before it has answered is none: looking by oneself does no harm.
ServiceAnswer status_by_service(Arguments const& arguments, config::Config const& config);
/// approve and reject.
ServiceAnswer decide_by_service(Arguments const& arguments, config::Config const& config);
ServiceAnswer freeze_by_service(Arguments const& arguments, config::Config const& config,
                                FreezeWish const& wish);
ServiceAnswer thaw_by_service(Arguments const& arguments, config::Config const& config);
ServiceAnswer retry_by_service(Arguments const& arguments, config::Config const& config,
                               store::RetryWish const& wish);
/// plan and sync; on a terminal with the question before the first write.
ServiceAnswer run_by_service(Arguments const& arguments, config::Config const& config);

}  // namespace dirsync::cli
