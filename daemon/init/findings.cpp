#include "daemon/init/findings.hpp"

#include <algorithm>

#include "sync/model/counted.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::init {
namespace {

std::string in_quotes(std::string const& text) { return "\"" + printable(text) + "\""; }

std::string server_in_words(ldap::ServerLook const& server) {
  auto text =
      server.uri + ": " + (server.vendor.empty() ? "a server that does not tell its maker" : server.vendor);
  text += ", read as flavour \"" + std::string{ldap::to_text(server.flavour)} + "\"";
  if (server.is_freeipa) text += "; it is FreeIPA's, of which cn=accounts alone is read";
  return text + ".";
}

std::string largest_in_words(ldap::GroupsLook const& groups) {
  std::vector<std::string> some;
  for (auto const& group : groups.largest) {
    if (some.size() == 3) break;
    some.push_back(in_quotes(group.dn) + " (" + (group.at_least ? "at least " : "") +
                   std::to_string(group.members) + ")");
  }
  return "Largest groups: " + join(some, ", ") + ".";
}

}  // namespace

std::string counted(ldap::Looked const& looked, std::string_view one, std::string_view many) {
  auto const number = number_of(looked.entries, looked.is_all() ? one : many, many);
  return looked.is_all() ? number : number + " or more (" + printable(looked.cut) + ")";
}

std::string in_words(ldap::AttributeLook const& look, ldap::Looked const& people) {
  auto text = std::to_string(look.people) + " of " +
              number_of(people.entries, "person has ", "people have ") + look.name;
  if (look.people == 0) return text + ".";
  if (look.is_unique()) return text + ", each another one.";
  text +=
      "; " + number_of(look.shared_values, "value belongs", "values belong") + " to several people, such as ";
  std::vector<std::string> examples;
  for (auto const& twins : look.examples) {
    std::vector<std::string> dns;
    for (auto const& dn : twins.dns) dns.push_back(printable(dn));
    examples.push_back(in_quotes(twins.value) + " (" + join(dns, " and ") + ")");
  }
  return text + join(examples, ", ") + ": such people are set aside.";
}

std::string in_words(ldap::DisabledLook const& look) {
  auto const text = look.attribute + " is set for " + number_of(look.people, "person", "people") +
                    " and says of " + std::to_string(look.disabled) + " that the account must not be used";
  return text + (look.is_evaluated ? ", which counts." : ", which does not count by itself on this server.");
}

std::string in_words(ldap::GroupKind const& kind) {
  std::vector<std::string> attributes;
  for (auto const& [name, entries] : kind.attributes)
    attributes.push_back(name + " in " + std::to_string(entries));
  auto const text = std::to_string(kind.entries) + " of class " + printable(join(kind.classes, " + ")) +
                    ", with " + (attributes.empty() ? "no members" : join(attributes, ", "));
  return text + (kind.is_read ? ": read as groups."
                              : ": not read as groups, such as " + in_quotes(kind.example) + ".");
}

std::string in_words(ldap::ReferralsLook const& referrals) {
  std::vector<std::string> dns;
  for (auto const& dn : referrals.examples) dns.push_back(in_quotes(dn));
  auto text =
      number_of(std::max<std::uint64_t>(referrals.entries, referrals.met),
                "part of the directory is on another server", "parts of the directory are on other servers");
  if (!dns.empty()) text += ", such as " + join(dns, ", ");
  return text + ": where a read meets one, it fails until referrals is \"ignore\" or \"follow\".";
}

std::vector<std::string> findings(ldap::Survey const& survey) {
  std::vector<std::string> all{server_in_words(survey.server)};
  for (auto const& context : survey.server.hidden_contexts)
    all.push_back("The naming context " + in_quotes(context) + " is not shown to the bind DN.");
  if (!survey.server.schema_remark.empty())
    all.push_back("Schema: " + printable(survey.server.schema_remark) + ".");
  all.push_back("Below " + in_quotes(survey.people.base) + ": " +
                counted(survey.people.looked, "person", "people") + ".");
  for (auto const& look : survey.people.attributes)
    if (look.people > 0) all.push_back(in_words(look, survey.people.looked));
  for (auto const& look : survey.people.disabled) all.push_back(in_words(look));
  all.push_back("Below " + in_quotes(survey.groups.base) + ": " +
                counted(survey.groups.looked, "group", "groups") + ", " +
                number_of(survey.groups.memberships, "membership.", "memberships."));
  for (auto const& kind : survey.groups.kinds) all.push_back(in_words(kind));
  if (!survey.groups.largest.empty()) all.push_back(largest_in_words(survey.groups));
  all.push_back(survey.groups.nested == 0
                    ? "No group was seen to be a member of another."
                    : number_of(survey.groups.nested, "group is a member", "groups are members") +
                          " of others, such as " + in_quotes(survey.groups.nested_example) + ".");
  if (survey.referrals.entries > 0 || survey.referrals.met > 0) all.push_back(in_words(survey.referrals));
  return all;
}

}  // namespace dirsync::init
