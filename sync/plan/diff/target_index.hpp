#pragma once
// One target as it is, found by id, name and DN.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sync/plan/diff/input.hpp"
#include "sync/plan/people/user_index.hpp"

namespace dirsync::plan {

/// Made once per target; look-ups are O(1). Points into `target`, which must outlive it.
class TargetIndex {
 public:
  explicit TargetIndex(TargetInput const& target);

  UserIndex const& users() const { return users_; }
  /// By what the target tells group names apart with.
  std::span<TargetGroup const* const> groups_named(std::string_view name) const;
  /// Without regard to case, whatever the target does.
  std::span<TargetGroup const* const> groups_spelt_like(std::string_view name) const;
  /// Null: the target does not list it.
  TargetGroup const* group(std::string const& id) const;
  /// Vault: Directory groups that stand for the LDAP group of that DN. `normalized`: from normalized_dn().
  std::span<TargetGroup const* const> directory_groups(std::string_view normalized) const;
  /// The group that a nested member is; null when it is none that is listed.
  TargetGroup const* group_of(OtherMember const& member) const;
  /// Null: not ours.
  ManagedGroup const* managed(std::string const& group_id) const;
  /// The group that has the id of one of ours bears another name than that; one renamed in the target is
  /// ours.
  bool is_renamed(ManagedGroup const& managed) const;
  /// And another group bears its name: nobody can tell whether the target used the id again.
  bool is_used_again(ManagedGroup const& managed) const;
  std::span<Grant const* const> grants(std::string const& group_id) const;
  /// How many users and groups have that name, without regard to case.
  std::size_t bearers(std::string_view name) const;

 private:
  template <class T>
  using ById = std::unordered_map<std::string, T>;

  bool folds_case_;
  UserIndex users_;
  ById<std::vector<TargetGroup const*>> by_key_, directory_groups_;  // group_key(); normalized DN
  ById<TargetGroup const*> by_id_;
  ById<ManagedGroup const*> managed_;
  ById<std::vector<Grant const*>> grants_;
  ById<std::vector<TargetGroup const*>> by_folded_name_;
};

/// Whether the member is the Directory group that stands for the LDAP group of that DN.
bool stands_for(TargetIndex const& index, OtherMember const& member, std::string_view normalized);

}  // namespace dirsync::plan
