#pragma once
// Whether what a grant names is still what it named: a target may use ids again.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sync/plan/people/former_dns.hpp"
#include "sync/plan/people/identities.hpp"
#include "sync/plan/people/name_book.hpp"
#include "sync/plan/people/user_index.hpp"

namespace dirsync::plan {

/// Who bears the id that a grant names.
struct Bound {
  std::optional<std::uint32_t> user;  // in the UserIndex; nothing: nobody
  /// They are whom it was granted to: beside the id the name or the DN fits, and the kind is the same.
  bool holds = false;
  std::optional<std::uint32_t> theirs() const { return holds ? user : std::nullopt; }
  std::optional<std::uint32_t> anothers() const { return holds ? std::nullopt : user; }
};

/// Pure. All that it is made of must outlive it; every look-up is O(1).
class GrantBinding {
 public:
  /// `people`: all whom the rules of the target might mean. `by_dn`: as in UserIndex.
  GrantBinding(UserIndex const& users, Identities const& identities, std::vector<NamedPeople> const& people,
               FormerDns const& former, bool by_dn)
      : users_(users), identities_(identities), people_(people), former_(former), by_dn_(by_dn) {}

  Bound bind(Grant const& grant) const;

 private:
  bool is_same_kind(Grant const& grant, TargetUser const& user) const;
  bool has_its_dn(Grant const& grant, std::string_view dn) const;
  bool has_name_of_now(Grant const& grant, std::string_view name) const;

  UserIndex const& users_;
  Identities const& identities_;
  std::vector<NamedPeople> const& people_;
  FormerDns const& former_;
  bool by_dn_;
};

}  // namespace dirsync::plan
