#pragma once
#include <string>

#include "daemon/init/answers.hpp"
#include "ldap/survey/survey.hpp"

namespace dirsync::init {

/// A commented configuration for the directory of `survey`. Pure; any thread.
std::string configuration_text(ldap::Survey const& survey, Answers const& answers);

}  // namespace dirsync::init
