#pragma once
// Work whose instructions are counted, and what a count is called.
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace dirsync::guard {

/// Counts the instructions of `work` and of nothing else; guard.py finds them under `name`. Without valgrind
/// it only does the work.
template <class Work>
void counted(std::string const& name, Work work) {
  CALLGRIND_ZERO_STATS;
  CALLGRIND_START_INSTRUMENTATION;
  work();
  CALLGRIND_STOP_INSTRUMENTATION;
  CALLGRIND_DUMP_STATS_AT(name.c_str());
}

/// A count of work that did not do what it is named after would say nothing.
inline void expect(bool holds, char const* what) {
  if (holds) return;
  std::fprintf(stderr, "guard_counts: %s\n", what);
  std::exit(1);
}

// Each counts its work once, under `name`. `n` is what the name says, and all else stays as it is.

void plan_first(std::string const& name, unsigned n);          // groups of 50 people, nothing there yet
void plan_no_change(std::string const& name, unsigned n);      // the same when all is as wanted
void plan_people(std::string const& name, unsigned n);         // in the directory, few of them in groups
void plan_depth(std::string const& name, unsigned n);          // groups in a chain below the source group
void plan_one_group(std::string const& name, unsigned n);      // members of one group
void plan_target_users(std::string const& name, unsigned n);   // whom the directory does not have
void plan_grants(std::string const& name, unsigned n);         // to one person, a group each
void plan_notices(std::string const& name, unsigned n);        // groups without a name
void plan_rules(std::string const& name, unsigned n);          // of one group each
void plan_removals(std::string const& name, unsigned n);       // from one group
void intern_members(std::string const& name, unsigned n);      // member values of groups of 100
void read_vault_list(std::string const& name, unsigned n);     // members in the Vault's list of groups
void accept_again(std::string const& name, unsigned n);        // groups, one of which has changed
void grant_to_one_group(std::string const& name, unsigned n);  // additions, announced and settled one by one
void revoke_from_one_group(std::string const& name, unsigned n);
void read_grants(std::string const& name, unsigned n);
void append_audit_rows(std::string const& name, unsigned n);
void verify_audit_rows(std::string const& name, unsigned n);

}  // namespace dirsync::guard
