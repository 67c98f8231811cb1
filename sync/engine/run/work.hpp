#pragma once
// Shared by the sources of class Engine. Inside this folder only.
#include "sync/engine/engine.hpp"
#include "sync/plan/desired.hpp"

namespace dirsync::engine {

/// Everything of one run; lives until its report is out.
struct Engine::Work {
  RunRequest request;
  Report report;
  Readings readings;
  std::map<std::string, Error> refused;  // targets without a part in this run
  std::vector<Rule> rules;               // of the others
  std::map<std::string, Managed> managed;
  plan::Input input;
  std::map<std::string, bool> folds_case;  // by target
  plan::Desired desired;
  plan::Draft draft;
  RunRecord record;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
};

}  // namespace dirsync::engine
