#pragma once
#include <string>

#include "daemon/config/config.hpp"
#include "ldap/examine/examination.hpp"

namespace dirsync::doctor {

/// What to look for in a directory: every attribute and filter that the configuration names for it. Pure.
ldap::ExaminationRequest request_for(config::Config const& config, std::string const& directory);

}  // namespace dirsync::doctor
