#include "daemon/doctor/survey_checks.hpp"

#include <algorithm>

#include "daemon/doctor/words.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::doctor {
namespace {

std::string with_cut(std::string text, ldap::Looked const& looked) {
  return looked.is_all() ? text : text + " (counted up to a limit: " + printable(looked.cut) + ")";
}

void judge_classes(ldap::GroupsLook const& groups, LdapAccess const& access, CheckList& checks) {
  std::vector<std::string> read, unread;
  for (auto const& kind : groups.kinds) {
    if (kind.attributes.empty()) continue;
    auto& list = kind.is_read ? read : unread;
    list.push_back(number(kind.entries) + " " + join(kind.classes, "+"));
  }
  auto const show = ldapsearch(access, groups.base, ldap::Scope::sub, "(objectClass=*)", {"objectClass"});
  auto const seen = with_cut(
      "entries with members: read as groups " + (read.empty() ? std::string{"none"} : join(read, ", ")),
      groups.looked);
  if (unread.empty()) return checks.ok("classes", seen, show);
  checks.warn("classes", seen + "; not read " + join(unread, ", "),
              "name their class in groups.classes if they are groups whose members matter", show);
}

void judge_names(ldap::PeopleLook const& people, LdapAccess const& access, CheckList& checks) {
  auto const show = ldapsearch(access, people.base, ldap::Scope::sub, people.filter,
                               {"uid", "cn", "mail", "sAMAccountName"});
  std::vector<std::string> shares, twins;
  for (auto const& attribute : people.attributes) {
    if (attribute.people == 0) continue;
    auto const share = people.looked.entries == 0 ? 0 : attribute.people * 100 / people.looked.entries;
    shares.push_back(attribute.name + " " + number(share) + " %" +
                     (attribute.is_unique() ? "" : ", not unique"));
    if (!attribute.is_unique() && !attribute.examples.empty())
      twins.push_back(attribute.name + " " + printable(attribute.examples.front().value) + " of " +
                      number(attribute.examples.front().people));
  }
  auto const text =
      with_cut("of " + number(people.looked.entries) + " people have " +
                   (shares.empty() ? std::string{"none of the usual names"} : join(shares, "; ")),
               people.looked);
  if (shares.empty())
    return checks.warn("names-of-people", text, "let the account read uid, cn, mail or sAMAccountName", show);
  checks.ok("names-of-people",
            text + (twins.empty() ? std::string{} : "; borne by several: " + join(twins, ", ")), show);
}

}  // namespace

void judge_survey(ldap::Examination const& found, LdapAccess const& access, CheckList& checks) {
  if (!found.survey) {
    auto const why = found.survey_error ? printable(text(*found.survey_error)) : std::string{"bases failed"};
    checks.skip("classes", why);
    checks.skip("names-of-people", why);
    return;
  }
  judge_classes(found.survey->groups, access, checks);
  judge_names(found.survey->people, access, checks);
}

}  // namespace dirsync::doctor
