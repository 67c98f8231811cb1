#pragma once
// What `who` and `why` are asked about.
#include <optional>
#include <string>

#include "daemon/cli/arguments.hpp"
#include "daemon/config/config.hpp"
#include "store/intervals.hpp"
#include "sync/model/error.hpp"

namespace dirsync::cli {

/// The group that GROUP, --target and --at mean.
struct AskedGroup {
  std::string target;                    // empty: of no target that is known
  std::string name;                      // as the target spells it; else as it was written
  std::optional<store::HeldGroup> kept;  // nothing: dirsyncd never had anything in a group of that name
};

/// Nothing when several targets have such a group, or there is no such target: the error is printed, and the
/// command ends with 2. Errors: the store's.
Result<std::optional<AskedGroup>> asked_group(Arguments const& arguments, config::Config const& config,
                                              store::Intervals const& intervals, std::optional<Time> at);

}  // namespace dirsync::cli
