// Directory groups and LDAP users of the target whose DN is no longer that of their entry.
#include "sync/plan/group_work.hpp"
#include "sync/plan/object_dns.hpp"

namespace dirsync::plan {

namespace {

std::string text_of_moved(std::string const& dn, DnFinding const& finding) {
  return "the target has it at " + dn + ", but directory " + finding.view->name + " has that entry at " +
         std::string{finding.entry->dn} + " now";
}

std::string text_of_gone(std::string const& dn, DnFinding const& finding) {
  return "directory " + finding.view->name + " shows no entry with the DN " + dn +
         " any more, nor the one that had it; nothing is done because of it, delete it in the target if it "
         "is "
         "not needed";
}

}  // namespace

/// Only reported: no membership ends because of a DN.
void TargetPlanner::check_directory_objects() {
  if (!target_.traits.matches_by_dn) return;
  using Kind = DnFinding::Kind;
  ObjectDns const dns{input_, target_};
  std::map<Kind, std::size_t> counts;
  for (auto const& group : target_.observed->groups) {
    if (!group.directory_group || group.dn.empty()) continue;
    auto const finding = dns.find(group.dn, group.id, questions, absent);
    ++counts[finding.kind];
    if (finding.kind == Kind::moved)
      notice("stale-dn", group.name, "",
             text_of_moved(group.dn, finding) + "; let the Vault synchronise its external objects");
    if (finding.kind == Kind::gone) notice("gone-dn", group.name, "", text_of_gone(group.dn, finding));
  }
  for (auto const& user : target_.observed->users) {
    if (user.source != UserSource::directory || user.dn.empty()) continue;
    auto const finding = dns.find(user.dn, user.id, questions, absent);
    ++counts[finding.kind];
    if (finding.kind == Kind::moved)
      notice("stale-dn", "", user.name,
             text_of_moved(user.dn, finding) + "; let the Vault synchronise its external objects");
    if (finding.kind == Kind::gone) notice("gone-dn", "", user.name, text_of_gone(user.dn, finding));
  }
  if (counts[Kind::moved] + counts[Kind::gone] == 0) return;
  auto const count = [&counts](Kind kind) { return std::to_string(counts[kind]); };
  notice("dn-check", "", "",
         "DNs of Directory groups and LDAP users: " + count(Kind::ok) + " ok, " + count(Kind::moved) +
             " moved, " + count(Kind::gone) + " gone, " + count(Kind::unread) + " not read here, " +
             count(Kind::foreign) + " of no configured directory");
}

}  // namespace dirsync::plan
