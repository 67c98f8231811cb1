#include "sync/plan/desired/accounts.hpp"

#include "sync/plan/people/fitting.hpp"

namespace dirsync::plan {

namespace {

void set_aside_damaged(Snapshot const& snapshot, Accounts& accounts) {
  for (auto const& damage : snapshot.damages())
    if (damage.of == Damage::Of::person && damage.is_set_aside)
      accounts.unclear.emplace(damage.number, damage.what);
}

}  // namespace

Accounts judge_accounts(DirectoryView const& view) {
  Accounts accounts;
  set_aside_damaged(*view.snapshot, accounts);
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
