#pragma once
// Which attributes of a group name its members, and which of them count.
#include <ldap.h>

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ldap/settings.hpp"
#include "sync/model/schema.hpp"
#include "sync/model/two_lists.hpp"

namespace dirsync::ldap {

/// The lists in which a group may name its members by their DNs (RFC 4519, 2.17, 2.40, 2.33).
inline constexpr std::array<std::string_view, 3> kDnLists{"member", "uniqueMember", "roleOccupant"};

/// The lists of the current entry; text in its message. DN-valued ones count together. memberUid counts where
/// there is none of them, or where GroupKinds::member_attributes has it. FreeIPA's ipaExternalMember, which
/// names principals of other domains by SID, counts beside the others.
class MemberLists {
 public:
  /// `schema` must outlive it.
  MemberLists(GroupKinds const& kinds, Schema const& schema);
  void clear();
  /// The list to which an attribute belongs, as its name is written in RFC 4519: a subtype belongs to that of
  /// its supertype, with which the server answers it (RFC 4512, 2.5.1). Empty: to none. Without options.
  std::string_view list_of(std::string_view attribute);
  /// False: `name` is no attribute of members. What does not count is taken and left out.
  bool take(std::string_view name, std::span<berval const> values);
  /// Some DNs came in parts, and are read again elsewhere.
  void note_parts() { is_ranged_ = true; }

  std::span<berval const> dns() const { return dns_; }
  std::span<berval const> uids() const;
  std::span<berval const> urls() const { return urls_; }
  std::span<berval const> externals() const { return externals_; }
  bool is_ranged() const { return is_ranged_; }
  bool is_empty() const {
    return dns_.empty() && uids().empty() && urls_.empty() && externals_.empty() && !is_ranged_;
  }
  /// There are several, which may differ.
  bool are_several() const;
  ListsBeside beside(GroupIndex group) const;

 private:
  struct List {
    std::string_view attribute;
    bool counts = true;
    std::size_t values = 0;  // of the current entry
  };
  bool has_dns() const { return !dns_.empty() || is_ranged_; }

  Schema const& schema_;
  std::map<std::string, std::string_view, std::less<>> by_attribute_;  // as the server writes it
  std::vector<List> dn_lists_;
  std::vector<berval> dns_, uids_, urls_, externals_;
  bool counts_uids_ = true, counts_uids_always_ = false, counts_urls_ = true, counts_externals_ = true;
  bool is_ranged_ = false;
};

}  // namespace dirsync::ldap
