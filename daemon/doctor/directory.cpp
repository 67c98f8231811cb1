#include "daemon/doctor/directory.hpp"

#include <algorithm>

#include "daemon/doctor/survey_checks.hpp"
#include "daemon/doctor/words.hpp"
#include "ldap/errors.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::doctor {
namespace {

using ldap::Examination;
using ldap::Scope;

std::string dns(std::vector<std::string> const& list) {
  return join(list, ", ", [](std::string const& dn) { return "\"" + printable(dn) + "\""; });
}

void judge_kind(Examination const& found, LdapAccess const& access, CheckList& checks) {
  checks.ok("server",
            std::string{"kind of server: "} + ldap::to_text(found.flavour) +
                (found.version.empty() ? "" : " (" + printable(found.version) + ")"),
            ldapsearch(access, "", Scope::base, "(objectClass=*)", {"+"}));
  if (found.schema_remark.empty())
    checks.ok("schema", "the server's own schema can be read");
  else
    checks.warn("schema", found.schema_remark + ": names and filters are judged by a built-in schema instead",
                "let the account read subschemaSubentry and what it names",
                ldapsearch(access, "", Scope::base, "(objectClass=*)", {"subschemaSubentry"}));
}

void judge_area(ldap::AreaFinding const& area, char const* id, char const* key, char const* one,
                char const* what, LdapAccess const& access, CheckList& checks) {
  if (area.base_error) return checks.skip(id, "bases failed");
  auto const show = ldapsearch(access, area.base, area.scope, area.filter, {"dn"});
  auto const place = " below \"" + printable(area.base) + "\" with filter " + printable(area.filter);
  if (area.search_error) return checks.fail(id, *area.search_error, "see the server's log", show);
  if (area.entries == 0 && area.may_be_empty)
    return checks.ok(id, std::string{"no "} + what + " is found" + place + ", which every rule allows", show);
  if (area.entries == 0)
    return checks.fail(id, std::string{"no "} + what + " is found" + place,
                       std::string{"correct "} + key + ".base, " + key + ".filter or " + key +
                           ".scope, or let the account read the entries there",
                       show);
  checks.ok(id, counted(area.entries, one, what) + place, show);
}

void judge_bases(Examination const& found, LdapAccess const& access, CheckList& checks) {
  auto failed = false;
  for (auto const* const area : {&found.people, &found.groups}) {
    if (!area->base_error) continue;
    failed = true;
    checks.fail("bases", *area->base_error, "check the base's spelling and that the account may read it",
                ldapsearch(access, area->base, Scope::base, "(objectClass=*)", {"dn"}));
    if (found.people.base == found.groups.base) break;
  }
  if (!failed)
    checks.ok("bases", "both bases are shown: " + dns({found.people.base, found.groups.base}),
              ldapsearch(access, found.groups.base, Scope::base, "(objectClass=*)", {"dn"}));
}

void judge_rules(Examination const& found, LdapAccess const& access, CheckList& checks) {
  if (found.groups.base_error) return checks.skip("rules", "bases failed");
  for (auto const& rule : found.rules) {
    auto const filter = "(&" + found.groups.filter + rule.asked.text + ")";
    auto const show = ldapsearch(access, found.groups.base, found.groups.scope, filter, {"dn"});
    if (rule.error)
      checks.fail("rules", *rule.error, "correct the filter of " + rule.asked.where, show);
    else if (rule.entries == 0 && rule.asked.may_fit_none)
      checks.ok("rules", rule.asked.where + " selects no group, which its allow_empty allows", show);
    else if (rule.entries == 0)
      checks.fail("rules",
                  rule.asked.where + " selects no group: " + printable(rule.asked.text) + " fits none",
                  "correct the filter, or set allow_empty = true in the rule where that may be so", show);
    else
      checks.ok("rules", rule.asked.where + " selects " + groups(rule.entries), show);
  }
}

void judge_attributes(Examination const& found, LdapAccess const& access, CheckList& checks) {
  auto const before = found.attributes.size();
  std::size_t good = 0;
  for (auto const& one : found.attributes) {
    auto const& area = one.asked.of_people ? found.people : found.groups;
    auto const sampled = one.asked.of_people ? found.sampled_people : found.sampled_groups;
    auto const show = ldapsearch(access, area.base, area.scope, area.filter, {one.asked.name});
    auto const named = one.asked.where + " names " + printable(one.asked.name);
    if (!one.is_known && found.schema_remark.empty() && one.shown == 0)
      checks.fail(
          "attributes", named + ", which the server's schema does not have",
          one.nearest.empty() ? "correct the name" : "did you mean " + one.nearest + "? Correct the name",
          show);
    else if (sampled > 0 && one.shown == 0 && one.asked.must_be_shown)
      checks.warn("attributes",
                  named + ", which none of the " + (one.asked.of_people ? people(sampled) : groups(sampled)) +
                      " looked at shows",
                  "let the account read it, or name an attribute that they have", show);
    else
      ++good;
  }
  if (good > 0)
    checks.ok("attributes", number(good) + " of " +
                                counted(before, "attribute that the configuration names is",
                                        "attributes that the configuration names are") +
                                " known to the server and shown, or may be absent");
  else if (before == 0)
    checks.ok("attributes", "the configuration names none");
}

void judge_members(Examination const& found, LdapAccess const& access, CheckList& checks) {
  auto const show = ldapsearch(access, found.groups.base, found.groups.scope, found.groups.filter,
                               {"member", "uniqueMember", "memberUid"});
  auto const& members = found.members;
  if (members.groups == 0) return checks.skip("members", "no group was seen");
  if (!members.hidden.empty()) {
    auto few = members.hidden;
    if (few.size() > ldap::kExamples) few.resize(ldap::kExamples);
    return checks.fail("members",
                       groups(members.hidden.size()) + (members.hidden.size() == 1 ? " shows" : " show") +
                           " no member although the class must have one, such as " + dns(few),
                       "give the account read access to member and uniqueMember", show);
  }
  if (members.error)
    return checks.fail("members", *members.error, "give the account read access to member", show);
  if (members.with_values == 0)
    return checks.fail("members", "none of " + groups(members.groups) + " shows a member",
                       "give the account read access to member, uniqueMember and memberUid", show);
  checks.ok("members",
            number(members.with_values) + " of " + counted(members.groups, "group shows", "groups show") +
                " members; the others may be empty",
            show);
}

bool is_limit(std::optional<Error> const& error) {
  using ldap::LdapErrc;
  return error && (error->code == LdapErrc::size_limit || error->code == LdapErrc::time_limit ||
                   error->code == LdapErrc::admin_limit);
}

void judge_limits(Examination const& found, LdapAccess const& access, CheckList& checks) {
  auto failed = false;
  for (auto const* const area : {&found.people, &found.groups}) {
    if (!is_limit(area->search_error)) continue;
    failed = true;
    checks.fail("limits", *area->search_error, "let the account read without a limit",
                ldapsearch(access, area->base, area->scope, area->filter, {"1.1"}));
  }
  if (failed) return;
  if (found.people.base_error && found.groups.base_error) return checks.skip("limits", "bases failed");
  auto const& members = found.members;
  checks.ok("limits", "searches in pages of " + std::to_string(access.settings.page_size) +
                          " come to their end; the largest of the groups looked at shows " +
                          counted(members.most_values, "value", "values") + " in one answer" +
                          (members.in_parts == 0
                               ? std::string{}
                               : ", and " + counted(members.in_parts, "gives its own", "give theirs") +
                                     " in parts, which are read one by one"));
}

void judge_filters(Examination const& found, LdapAccess const& access, CheckList& checks) {
  if (found.sampled_people == 0) return checks.skip("own-filters", "no person was seen");
  for (auto const& filter : found.filters) {
    auto const both = "(&" + found.people.filter + filter.asked.text + ")";
    auto const show = ldapsearch(access, found.people.base, found.people.scope, both, {"dn"});
    if (filter.error) {
      checks.fail("own-filters", Error{filter.error->code, filter.asked.where + ": " + filter.error->context},
                  "write the filter so that dirsyncd and the server can both evaluate it", show);
      continue;
    }
    auto const counts = filter.asked.where + " " + printable(filter.asked.text) + ": of " +
                        people(found.sampled_people) + " looked at dirsyncd finds " + number(filter.ours) +
                        ", the server " + number(filter.theirs);
    if (filter.different == 0) {
      checks.ok("own-filters", counts, show);
      continue;
    }
    auto text = counts + "; they differ about " + number(filter.different);
    if (!filter.only_ours.empty()) text += ", by dirsyncd alone " + dns(filter.only_ours);
    if (!filter.only_theirs.empty()) text += ", by the server alone " + dns(filter.only_theirs);
    checks.fail(
        "own-filters", text,
        "let the account read every attribute that the filter names, and write it with attributes whose "
        "matching rules the schema tells",
        show);
  }
  if (found.filters.empty())
    checks.ok("own-filters", "the configuration has no filter that dirsyncd evaluates");
}

void judge_referrals(Examination const& found, LdapAccess const& access, CheckList& checks) {
  auto const& referrals = found.referrals;
  auto const parts = std::max(referrals.entries, referrals.ignored);
  auto const show = ldapsearch(access, found.people.base, Scope::sub, "(objectClass=referral)", {"ref"});
  if (parts == 0) return checks.ok("referrals", "no part of what is searched lies on another server");
  auto const text = counted(parts, "part of what is searched lies", "parts of what is searched lie") +
                    " on other servers" +
                    (referrals.dns.empty() ? std::string{} : ", such as " + dns(referrals.dns));
  using Mode = ldap::ReferralSettings::Mode;
  if (access.settings.referrals.mode == Mode::follow)
    return checks.ok("referrals", text + "; they are followed", show);
  if (access.settings.referrals.mode == Mode::ignore)
    return checks.warn("referrals", text + "; they are left out, as referrals = \"ignore\" says",
                       "see that nobody who matters is there", show);
  checks.fail(
      "referrals", text + ": a read ends there with an error",
      referrals.narrower_base.empty()
          ? "name a base without them, or set the directory's referrals"
          : "set base to \"" + printable(referrals.narrower_base) +
                "\", below which is all that was seen and no referral, or set the directory's referrals",
      show);
}

}  // namespace

std::vector<std::string> const& directory_ids() {
  static std::vector<std::string> const ids{
      "server",  "schema", "bases",       "people",    "groups",  "rules",          "attributes",
      "members", "limits", "own-filters", "referrals", "classes", "names-of-people"};
  return ids;
}

void judge_directory(ldap::Examination const& found, LdapAccess const& access, CheckList& checks) {
  if (found.stopped) {
    checks.fail("server", *found.stopped, "correct the directory's flavour or its uris");
    checks.skip_after("server", {directory_ids().begin() + 1, directory_ids().end()});
    return;
  }
  judge_kind(found, access, checks);
  judge_bases(found, access, checks);
  judge_area(found.people, "people", "users", "person", "people", access, checks);
  judge_area(found.groups, "groups", "groups", "group", "groups", access, checks);
  judge_rules(found, access, checks);
  judge_attributes(found, access, checks);
  judge_members(found, access, checks);
  judge_limits(found, access, checks);
  judge_filters(found, access, checks);
  judge_referrals(found, access, checks);
  judge_survey(found, access, checks);
}

}  // namespace dirsync::doctor
