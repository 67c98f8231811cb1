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

/// The first value that several have.
std::string in_words(ldap::AttributeLook const& attribute) {
  auto const& first = attribute.examples.front();
  return "\"" + printable(first.value) + "\" of " + people(first.people);
}

void judge_names(ldap::PeopleLook const& people, LdapAccess const& access, CheckList& checks) {
  auto const show = ldapsearch(access, people.base, ldap::Scope::sub, people.filter,
                               {"uid", "cn", "mail", "sAMAccountName"});
  std::vector<std::string> of_all, of_some, twins;
  for (auto const& attribute : people.attributes) {
    if (attribute.people == 0) continue;
    auto const has_everybody = attribute.people == people.looked.entries;
    (has_everybody ? of_all : of_some)
        .push_back(attribute.name + (has_everybody ? "" : " " + number(attribute.people)));
    if (!attribute.is_unique())
      twins.push_back(attribute.name +
                      (attribute.examples.empty() ? std::string{} : ", such as " + in_words(attribute)));
  }
  std::vector<std::string> words;
  if (!of_all.empty()) words.push_back("each has " + join(of_all, ", "));
  if (!of_some.empty()) words.push_back("some have one: " + join(of_some, ", "));
  if (words.empty()) words.emplace_back("none of the usual names is shown");
  auto const text = with_cut(doctor::people(people.looked.entries) + ": " + join(words, "; "), people.looked);
  if (of_all.empty() && of_some.empty())
    return checks.warn("names-of-people", text, "let the account read uid, cn, mail or sAMAccountName", show);
  checks.ok("names-of-people",
            text + (twins.empty() ? std::string{} : "; several share one value of " + join(twins, "; ")),
            show);
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
