#pragma once
// Which user of a target has which DN, kept when the read that showed it is not.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/observed.hpp"

namespace dirsync {

/// About 40 bytes a user. Pure; any thread.
class UserBook {
 public:
  UserBook() = default;
  /// `observed`: everything.
  explicit UserBook(Observed const& observed);

  /// The id of the user that had this DN; nothing: none had, several, or one whose name another user or
  /// group had as well, without regard to case. `normalized`: from normalized_dn().
  std::optional<std::string> find(std::string_view normalized) const;
  /// Whether the user whom find() finds has the name that it had, without regard to case.
  bool is_named_as_before(std::string_view normalized, std::string_view name) const;

 private:
  struct User {
    std::uint64_t dn, name;  // hashes; two that are alike count as one
    std::uint32_t id;        // where it begins in `ids_`
  };
  User const* only_bearer(std::string_view normalized) const;

  std::vector<User> users_;           // ascending by dn
  std::vector<std::uint64_t> names_;  // of all users and groups, ascending
  std::string ids_;                   // each ends with a NUL
};

}  // namespace dirsync
