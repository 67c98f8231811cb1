#pragma once
// The users of a target, found by what people and grants know of them.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sync/model/observed.hpp"
#include "sync/model/record.hpp"

namespace dirsync::plan {

/// Made once per target; every look-up is O(1). `observed` must outlive it.
class UserIndex {
 public:
  /// `by_dn`: the target's users may stand for LDAP entries, and short names of theirs count as well.
  UserIndex(Observed const& observed, bool by_dn);

  TargetUser const& operator[](std::uint32_t user) const { return observed_.users[user]; }
  /// Who bears the id that a grant names; of one without an id, which the target provisioned, the name.
  std::optional<std::uint32_t> bearer_of(Grant const& grant) const;
  /// By name, or by its part before "@": a Vault may have provisioned jsmith as jsmith@example.com.
  std::vector<std::uint32_t> named(std::string_view name) const;
  /// How many have exactly that name. `folded`: from fold_case().
  std::size_t bearers(std::string const& folded) const;
  /// `normalized`: from normalized_dn().
  std::span<std::uint32_t const> with_dn(std::string const& normalized) const;

 private:
  using Users = std::unordered_map<std::string, std::vector<std::uint32_t>>;
  Observed const& observed_;
  std::unordered_map<std::string, std::uint32_t> by_id_;
  Users by_name_, by_short_name_, by_dn_;  // folded; folded; normalized
};

}  // namespace dirsync::plan
