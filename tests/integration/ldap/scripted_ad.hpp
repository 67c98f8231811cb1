#pragma once
#include <charconv>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/ldap/ldif.hpp"
#include "tests/support/ldap/scripted_server.hpp"

namespace dirsync::test {

/// A domain controller with its limit of 1,500 values for one attribute, below dc=example,dc=com. Serves
/// ScriptedLdap; `lie` may turn each answer into another one.
class ScriptedAd {
 public:
  using Answer = ScriptedLdap::Answer;
  using Search = ScriptedLdap::Search;
  using Entry = ScriptedLdap::Entry;

  static constexpr char kGroups[] = "ou=groups,dc=example,dc=com", kPeople[] = "ou=people,dc=example,dc=com";
  static constexpr std::size_t kLimit = 1500;

  /// Sixteen bytes, as objectGUID has them; uuid(number) is their text.
  static std::string guid(unsigned number) {
    std::string bytes(16, '\0');
    bytes[7] = '\x40', bytes[8] = '\x80';
    for (int place = 15; number != 0; --place, number /= 256)
      bytes[static_cast<std::size_t>(place)] = static_cast<char>(number % 256);
    return bytes;
  }

  /// S-1-5-21-domain-rid.
  static std::string sid(unsigned domain, unsigned rid) {
    std::string bytes{"\x01\x03\0\0\0\0\0\x05\x15\0\0\0", 12};
    for (auto const number : {domain, rid})
      for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(number >> shift & 255));
    return bytes;
  }

  static Entry person(std::string const& cn, unsigned number, unsigned domain = 1, unsigned primary = 513) {
    return {person_dn(cn),
            {{"objectClass", {"top", "person", "user"}},
             {"objectGUID", {guid(number)}},
             {"objectSid", {sid(domain, 1000 + number)}},
             {"primaryGroupID", {std::to_string(primary)}},
             {"mail", {cn + "@example.com"}}}};
  }

  struct Group {
    std::string cn;
    unsigned number = 0;
    std::vector<std::string> members{};
    unsigned domain = 1, rid = 2000;
    std::string version = "100";  // uSNChanged
  };

  std::vector<Group> groups{};
  std::vector<Entry> people{};
  std::function<void(Search const&, Answer&)> lie = [](Search const&, Answer&) {};

  Answer operator()(Search const& search) const {
    auto answer = honest(search);
    lie(search, answer);
    return answer;
  }

 private:
  Answer honest(Search const& search) const {
    if (search.base.empty())
      return {.entries = {{"",
                           {{"rootDomainNamingContext", {"dc=example,dc=com"}},
                            {"supportedCapabilities", {"1.2.840.113556.1.4.800"}}}}},
              .paged = false};
    Answer answer;
    if (search.filter.find("(memberOf=") != std::string::npos) return {.paged = false};
    if (search.scope == 2 && search.base == kPeople) answer.entries = people;
    if (search.scope == 2 && search.base == kGroups)
      for (auto const& group : groups) answer.entries.push_back(listed(group));
    if (search.scope != 0) return answer;
    answer.paged = false;
    answer.entries = {{search.base, {}}};
    for (auto const& group : groups)
      if (search.base == group_dn(group.cn)) answer.entries = {slice(group, search)};
    return answer;
  }

  static Entry without_members(Group const& group) {
    return {group_dn(group.cn),
            {{"objectClass", {"top", "group"}},
             {"objectGUID", {guid(group.number)}},
             {"objectSid", {sid(group.domain, group.rid)}},
             {"uSNChanged", {group.version}}}};
  }

  static Entry listed(Group const& group) {
    auto entry = without_members(group);
    auto const& all = group.members;
    if (all.size() > kLimit) {
      entry.attributes.push_back({"member", {}});
      entry.attributes.push_back({"member;range=0-1499", {all.begin(), all.begin() + kLimit}});
    } else if (!all.empty()) {
      entry.attributes.push_back({"member", all});
    }
    return entry;
  }

  static Entry slice(Group const& group, Search const& search) {
    constexpr std::string_view kAsked = "member;range=";
    auto entry = without_members(group);
    for (std::string_view const attribute : search.attributes) {
      if (!attribute.starts_with(kAsked)) continue;
      std::size_t from = 0;
      std::from_chars(attribute.data() + kAsked.size(), attribute.data() + attribute.size(), from);
      if (from >= group.members.size()) continue;
      auto const to = std::min(from + kLimit, group.members.size());
      auto const end = to == group.members.size() ? "*" : std::to_string(to - 1);
      entry.attributes.push_back({std::string{kAsked} + std::to_string(from) + "-" + end,
                                  {group.members.begin() + static_cast<std::ptrdiff_t>(from),
                                   group.members.begin() + static_cast<std::ptrdiff_t>(to)}});
    }
    return entry;
  }
};

}  // namespace dirsync::test
