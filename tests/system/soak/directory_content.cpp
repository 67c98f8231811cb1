#include "tests/system/soak/directory_content.hpp"

#include <algorithm>
#include <sstream>

namespace dirsync::test {
namespace {

using Attributes = std::map<std::string, std::vector<std::string>>;  // names in lower case

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Long lines go on in the next one, after a space.
std::string unfolded(std::string text) {
  for (auto at = text.find("\n "); at != text.npos; at = text.find("\n ", at)) text.erase(at, 2);
  return text;
}

std::string first(Attributes const& entry, std::string const& name) {
  auto const found = entry.find(name);
  return found == entry.end() ? "" : found->second.front();
}

bool has(Attributes const& entry, std::string const& name, std::string const& value) {
  auto const found = entry.find(name);
  return found != entry.end() && std::ranges::find(found->second, value) != found->second.end();
}

void take_in(Attributes const& entry, DirectoryContent& content) {
  auto const dn = lower(first(entry, "dn"));
  if (has(entry, "objectclass", "inetOrgPerson"))
    content.people[dn] = {.dn = dn,
                          .uid = first(entry, "uid"),
                          .mail = first(entry, "mail"),
                          .disabled = has(entry, "employeetype", "disabled")};
  if (!has(entry, "objectclass", "groupOfNames")) return;
  auto& group = content.groups[dn];
  group = {.dn = dn, .uuid = first(entry, "entryuuid"), .cn = first(entry, "cn"), .members = {}};
  auto const members = entry.find("member");
  if (members == entry.end()) return;
  for (auto const& member : members->second) group.members.push_back(lower(member));
}

}  // namespace

void DirectoryContent::collect(GroupEntry const& group, std::string PersonEntry::*name,
                               std::set<std::string>& seen, std::set<std::string>& found) const {
  if (!seen.insert(group.dn).second) return;
  for (auto const& member : group.members) {
    if (auto const person = people.find(member); person != people.end() && !person->second.disabled)
      found.insert(person->second.*name);
    if (auto const nested = groups.find(member); nested != groups.end())
      collect(nested->second, name, seen, found);
  }
}

Memberships DirectoryContent::memberships(std::string_view prefix, std::string PersonEntry::*name) const {
  Memberships all;
  for (auto const& [dn, group] : groups) {
    if (!group.cn.starts_with(prefix)) continue;
    std::set<std::string> seen;
    collect(group, name, seen, all[group.cn.substr(prefix.size())]);
  }
  return all;
}

DirectoryContent content_from_ldif(std::string const& ldif) {
  DirectoryContent content;
  std::istringstream lines{unfolded(ldif) + "\n\n"};
  Attributes entry;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) {
      if (!entry.empty()) take_in(entry, content);
      entry.clear();
      continue;
    }
    auto const colon = line.find(": ");
    if (colon != line.npos && line[0] != '#' && line[colon - 1] != ':')
      entry[lower(line.substr(0, colon))].push_back(line.substr(colon + 2));
  }
  return content;
}

}  // namespace dirsync::test
