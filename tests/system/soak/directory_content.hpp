#pragma once
// What a directory holds, and who is in what, worked out in the simplest way there is: from its own backup,
// with nothing of the product and nothing of what a test believes to have done.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/system/simulator_process.hpp"

namespace dirsync::test {

struct PersonEntry {
  std::string dn, uid, mail;
  bool disabled = false;  // by employeeType
};

struct GroupEntry {
  std::string dn, uuid, cn;
  std::vector<std::string> members;  // DNs
};

/// DNs as the backup spells them, in lower case.
struct DirectoryContent {
  std::map<std::string, PersonEntry> people;  // by DN
  std::map<std::string, GroupEntry> groups;   // by DN

  /// By the group's cn without `prefix`, of groups whose cn begins with it: uid or mail of everybody in it at
  /// any depth who is not disabled. Values that name nobody count for nothing.
  Memberships memberships(std::string_view prefix, std::string PersonEntry::*name) const;

 private:
  void collect(GroupEntry const& group, std::string PersonEntry::*name, std::set<std::string>& seen,
               std::set<std::string>& found) const;
};

/// Of an LDIF as slapcat writes it (RFC 2849), of inetOrgPerson and groupOfNames. Base64 values are left out:
/// names here are plain text.
DirectoryContent content_from_ldif(std::string const& ldif);

}  // namespace dirsync::test
