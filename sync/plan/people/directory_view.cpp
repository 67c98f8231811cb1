#include "sync/plan/people/directory_view.hpp"

namespace dirsync::plan {

AccountFinding own_account_of(DirectoryView const& view, PersonIndex person) {
  return examine_account(view.snapshot->people()[person], view.snapshot->account_rules(), view.account_states,
                         view.now);
}

AccountFinding why_blocked(DirectoryView const& view, PersonIndex person) {
  if (!view.disabled) return own_account_of(view, person);
  return {AccountFinding::Kind::blocked, "is disabled: " + view.disabled->text(), AccountState::disabled};
}

}  // namespace dirsync::plan
