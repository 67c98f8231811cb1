#include "sync/plan/people/directory_view.hpp"

namespace dirsync::plan {

AccountFinding account_of(DirectoryView const& view, PersonIndex person) {
  auto const& entry = view.snapshot->people()[person];
  if (!view.disabled)
    return examine_account(entry, view.snapshot->account_rules(), view.account_states, view.now);
  if (!view.disabled->matches(entry.attributes)) return {};
  return {AccountFinding::Kind::blocked, "is disabled: " + view.disabled->text(), AccountState::disabled};
}

}  // namespace dirsync::plan
