#pragma once
#include "daemon/doctor/check.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::doctor {

/// What a plan for one target tells of names, people and groups: notices folded by their code, each with a
/// count and up to three examples, changes that are blocked, and what should be there and is not. Their ids
/// are "plan-" and the code.
void judge_plan(Plan const& plan, std::string const& target, CheckList& checks);

}  // namespace dirsync::doctor
