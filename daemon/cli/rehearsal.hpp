#pragma once
// A configuration that is not in force, and is only rehearsed.
#include <map>
#include <optional>
#include <string>

#include "daemon/cli/arguments.hpp"
#include "daemon/config/config.hpp"
#include "store/store.hpp"
#include "sync/model/rehearsal.hpp"
#include "sync/plan/kept/in_force.hpp"

namespace dirsync::cli {

/// How the rules are not those in force. In force are the settings that the store kept of each rule.
struct OtherSettings {
  std::map<std::string, RehearsedRule> rules;  // states changed, added and gone
  plan::GoneRules gone;
};

/// Nothing: they are those in force, or nothing is in force yet, or the last run had this configuration, so
/// that its plan is no rehearsal. Errors: the store's.
Result<std::optional<OtherSettings>> other_settings(config::Config const& config, store::Store& store);

/// `plan --offline`: says how the settings differ and, where they do, what the store lacks to tell what
/// follows from that. Returns the exit code.
int rehearse_offline(Arguments const& arguments, config::Config const& config);

}  // namespace dirsync::cli
