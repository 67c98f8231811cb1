#pragma once
#include <string>

#include "daemon/doctor/check.hpp"

namespace dirsync::doctor {

struct Request {
  std::string config_file;
  std::string side;  // only this directory or target; empty: everything
};

/// All checks, in the order in which a person had best mend what failed: configuration, machine, directories,
/// targets, plan. Writes to no target, directory or store, and makes no file. Goes on as the owner of the
/// state folder where this is root. Every wait ends as the configuration's timeouts say. Thread: main.
Checks examine(Request const& request);

}  // namespace dirsync::doctor
