#pragma once
#include <set>
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"
#include "daemon/config/environment.hpp"
#include "daemon/config/problem.hpp"
#include "daemon/config/reading.hpp"

namespace dirsync::config {

/// All mistakes at once, in file order, or a configuration that can be used as it stands.
using Loaded = boost::system::result<Config, Problems>;

/// Reads, checks and completes a configuration file. `Secrets::leave`: secrets stay empty and unchecked.
Loaded load(std::string const& path, Environment const& environment, Secrets secrets = Secrets::fetch);

/// The same for a text. `file`: its name, for messages.
Loaded parse(std::string_view text, std::string const& file, Environment const& environment, Secrets secrets);

/// Every key that `text` could have had, "directory.NAME.base", given the kinds of target that it defines.
std::set<std::string> keys_known_to(std::string_view text, Environment const& environment);

}  // namespace dirsync::config
