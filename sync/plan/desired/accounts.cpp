#include "sync/plan/desired/accounts.hpp"

namespace dirsync::plan {

Accounts judge_accounts(DirectoryView const& view) {
  Accounts accounts;
  accounts.disabled.resize(view.snapshot->people().size());
  for (PersonIndex person = 0; person < accounts.disabled.size(); ++person) {
    auto finding = account_of(view, person);
    accounts.disabled[person] = finding.kind == AccountFinding::Kind::blocked;
    if (finding.kind == AccountFinding::Kind::unclear)
      accounts.unclear.emplace(person, std::move(finding.text));
  }
  return accounts;
}

}  // namespace dirsync::plan
