#pragma once
// What `who` and `why` are asked about.
#include <optional>
#include <string>

#include "daemon/config/config.hpp"
#include "store/intervals.hpp"
#include "sync/model/error.hpp"

namespace dirsync::cli {

struct AccessQuestion {
  std::string user{};    // `why`: as people write it
  std::string group{};   // a name in the target, or an id there
  std::string target{};  // empty: any
  std::optional<Time> at{};
  bool trace = false;  // `why`: step by step
};

/// The group that a question means.
struct AskedGroup {
  std::string target;                    // empty: of no target that is known
  std::string name;                      // as the target spells it; else as it was written
  std::optional<store::HeldGroup> kept;  // nothing: dirsyncd never had anything in a group of that name
  /// Why it cannot be told which one is meant; empty: it can.
  std::string flaw{};
};

/// Errors: the store's.
Result<AskedGroup> asked_group(AccessQuestion const& question, config::Config const& config,
                               store::Intervals const& intervals);

/// Of a group that several targets have.
std::string flaw_of_several(std::string const& group, std::string const& targets);

}  // namespace dirsync::cli
