#include "sync/plan/desired/accounts.hpp"

#include "sync/plan/people/fitting.hpp"

namespace dirsync::plan {

Accounts judge_accounts(DirectoryView const& view) {
  Accounts accounts;
  if (view.disabled) {
    accounts.disabled = people_who_fit(*view.snapshot, *view.disabled);
    return accounts;
  }
  accounts.disabled.resize(view.snapshot->people().size());
  for (PersonIndex person = 0; person < accounts.disabled.size(); ++person) {
    auto finding = own_account_of(view, person);
    accounts.disabled[person] = finding.kind == AccountFinding::Kind::blocked;
    if (finding.kind == AccountFinding::Kind::unclear)
      accounts.unclear.emplace(person, std::move(finding.text));
  }
  return accounts;
}

}  // namespace dirsync::plan
