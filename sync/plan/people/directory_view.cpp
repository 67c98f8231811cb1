#include "sync/plan/people/directory_view.hpp"

#include "sync/model/dn.hpp"

namespace dirsync::plan {

std::vector<DirectoryView const*> others_with(std::map<std::string, DirectoryView> const& views,
                                              DirectoryView const& own, std::string_view normalized) {
  std::vector<DirectoryView const*> others;
  for (auto const& [name, view] : views)
    if (name != own.name && !view.normalized_base.empty() && is_below(normalized, view.normalized_base))
      others.push_back(&view);
  return others;
}

AccountFinding own_account_of(DirectoryView const& view, PersonIndex person) {
  return examine_account(view.snapshot->people()[person], view.snapshot->account_rules(), view.account_states,
                         view.now);
}

AccountFinding why_blocked(DirectoryView const& view, PersonIndex person) {
  if (!view.disabled) return own_account_of(view, person);
  return {AccountFinding::Kind::blocked, "is disabled: " + view.disabled->text(), AccountState::disabled};
}

}  // namespace dirsync::plan
