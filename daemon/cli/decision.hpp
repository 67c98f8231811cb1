#pragma once
// Why somebody is in a target group, or is not. Pure.
#include <string>

#include "daemon/cli/access_facts.hpp"

namespace dirsync::cli {

struct Decision {
  bool member = false;  // by what is known
  /// Stable; docs/json.md lists them: "granted", "foreign", "not-selected", ...
  std::string code;
  std::string text;        // one sentence or two: what is so, and what to do where something can be done
  std::string rule, path;  // of the membership, or of what is due; empty where there is none
};

Decision decide_why(AccessFacts const& facts);

}  // namespace dirsync::cli
