#include "ldap/read/member_lists.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "ldap/connect/handles.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::array<std::string_view, 6> kLists{"member",    "uniqueMember", "roleOccupant",
                                                 "memberUid", "memberURL",    "ipaExternalMember"};

/// The DNs of one list, so that two that differ in spelling alone are the same.
std::set<std::string> meant(std::span<berval const> values) {
  std::set<std::string> dns;
  for (auto const& value : values) {
    auto const dn = without_optional_uid(view(value));
    dns.insert(normalized_dn(dn).value_or(std::string{dn}));
  }
  return dns;
}

}  // namespace

MemberLists::MemberLists(GroupKinds const& kinds, Schema const& schema) : schema_(schema) {
  auto const& named = kinds.member_attributes;
  auto const is_named = [&named](std::string_view attribute) {
    return std::ranges::any_of(named, [attribute](auto const& one) { return ascii_iequal(one, attribute); });
  };
  for (auto const attribute : kDnLists)
    dn_lists_.push_back({.attribute = attribute, .counts = named.empty() || is_named(attribute)});
  counts_uids_always_ = is_named("memberUid");
  counts_uids_ = named.empty() || counts_uids_always_;
  counts_urls_ = named.empty() || is_named("memberURL");
  counts_externals_ = named.empty() || is_named("ipaExternalMember");
}

void MemberLists::clear() {
  for (auto* const list : {&dns_, &uids_, &urls_, &externals_}) list->clear();
  for (auto& list : dn_lists_) list.values = 0;
  is_ranged_ = false;
}

std::string_view MemberLists::list_of(std::string_view attribute) {
  if (auto const known = by_attribute_.find(attribute); known != by_attribute_.end()) return known->second;
  auto const type = schema_.habits().finds_subtypes ? schema_.type(attribute) : std::nullopt;
  auto const belongs_to = [this, attribute, &type](std::string_view list) {
    auto const super = schema_.type(list);
    return ascii_iequal(attribute, list) || (type && super && schema_.is_kind_of(*type, *super));
  };
  auto const* const list = std::ranges::find_if(kLists, belongs_to);
  return by_attribute_.emplace(attribute, list == kLists.end() ? std::string_view{} : *list).first->second;
}

bool MemberLists::take(std::string_view name, std::span<berval const> values) {
  auto const attribute = list_of(name);
  if (attribute.empty()) return false;
  for (auto& list : dn_lists_) {
    if (attribute != list.attribute) continue;
    if (!list.counts) return true;
    // They follow one another, so that `values` tells them apart.
    auto at = dns_.begin();
    for (auto const* before = dn_lists_.data(); before != &list; ++before)
      at += static_cast<std::ptrdiff_t>(before->values);
    dns_.insert(at, values.begin(), values.end());
    list.values += values.size();
    return true;
  }
  auto const add_to = [values](std::vector<berval>& list, bool counts) {
    if (counts) list.insert(list.end(), values.begin(), values.end());
  };
  if (attribute == "memberUid")
    add_to(uids_, counts_uids_);
  else if (attribute == "memberURL")
    add_to(urls_, counts_urls_);
  else
    add_to(externals_, counts_externals_);
  return true;
}

std::span<berval const> MemberLists::uids() const {
  if (has_dns() && !counts_uids_always_) return {};
  return uids_;
}

bool MemberLists::are_several() const {
  auto const lists = std::ranges::count_if(dn_lists_, [](List const& list) { return list.values > 0; });
  return lists > 1 || (has_dns() && !uids_.empty());
}

ListsBeside MemberLists::beside(GroupIndex group) const {
  ListsBeside lists{.group = group, .dns_differ = false, .uids = {}};
  std::size_t start = 0;
  std::set<std::string> first;
  for (auto const& list : dn_lists_) {
    auto const listed = meant(dns().subspan(start, list.values));
    start += list.values;
    if (listed.empty()) continue;
    lists.dns_differ = lists.dns_differ || (!first.empty() && listed != first);
    first = listed;
  }
  for (auto const& uid : uids_) lists.uids.emplace_back(view(uid));
  return lists;
}

}  // namespace dirsync::ldap
