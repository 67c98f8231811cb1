#pragma once
// What a configuration for a directory should say, and why.
#include <optional>
#include <string>
#include <vector>

#include "daemon/init/answers.hpp"
#include "daemon/init/group_names.hpp"
#include "ldap/survey/survey.hpp"

namespace dirsync::init {

/// A value of the configuration with the reasons that stand above it, each a sentence.
struct Reasoned {
  std::string value;
  std::vector<std::string> reasons;
};

struct LimitsProposal {
  std::uint64_t at_least = 5, at_most = 500;  // removals in one run, beside ten percent
  std::uint64_t groups_created = 0;           // 0: no group is created
  std::vector<std::string> reasons;
};

struct Proposal {
  Reasoned users_base, groups_base;
  Reasoned user_name;              // template
  Reasoned disabled;               // filter; empty: what the server itself tells
  Reasoned join;                   // attribute; empty: none fits
  std::vector<std::string> kinds;  // of groups, what is read and what is not
  std::vector<std::string> referrals;
  std::optional<GroupNames> vault, console;  // of the rules
  std::vector<std::string> console_members;  // how console users are told
  LimitsProposal limits;
};

/// Pure; any thread.
Proposal propose(ldap::Survey const& survey, Answers const& answers);

}  // namespace dirsync::init
