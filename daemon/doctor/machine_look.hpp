#pragma once
// Looks at files, folders, the store and the unit, and has what was found judged. Changes nothing.
#include <optional>

#include "daemon/doctor/check.hpp"
#include "daemon/doctor/machine.hpp"
#include "store/store.hpp"

namespace dirsync::doctor {

FileFacts facts_of(std::string const& path, std::string use = {});

/// Opens the state folder, if it is there, and goes on as its owner where this is root, for good: secrets and
/// configuration must have been read. Nothing, with the check that says why, where that cannot be.
std::optional<store::StateFolder> enter_state_folder(std::string const& path, CheckList& checks);

/// Mode, room, store, mark, chain and lock. The store, opened to be read, where there is one that can be.
std::optional<store::Store> look_at_state(store::StateFolder const& folder, CheckList& checks);

/// Every file that the configuration names beside secrets.
void look_at_named_files(config::Config const& config, CheckList& checks);

/// The unit, where a service manager runs that can be asked. Takes five seconds at the longest.
void look_at_unit(CheckList& checks);

}  // namespace dirsync::doctor
