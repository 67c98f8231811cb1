#include "daemon/init/proposal.hpp"

#include <algorithm>

#include "daemon/init/findings.hpp"
#include "sync/console/api/names.hpp"
#include "sync/model/counted.hpp"
#include "sync/vault/protection.hpp"

namespace dirsync::init {
namespace {

using ldap::AttributeLook;
using ldap::Flavour;
using ldap::Survey;

AttributeLook const* look_of(Survey const& survey, std::string_view name) {
  auto const found = std::ranges::find(survey.people.attributes, name, &AttributeLook::name);
  return found == survey.people.attributes.end() ? nullptr : &*found;
}

bool is_of_nearly_all(Survey const& survey, AttributeLook const& look) {
  return look.people > 0 && look.people * 20 >= survey.people.looked.entries * 19;
}

std::vector<std::string> reasons_of_base(std::vector<ldap::LikelyBase> const& bases,
                                         ldap::Looked const& looked, std::string const& base, char const* one,
                                         char const* many) {
  std::vector<std::string> reasons{counted(looked, one, many) + " here."};
  for (auto const& place : bases) {
    auto const is_here = place.base == base;
    auto const are = [](std::uint64_t number) { return number == 1 ? " is" : " are"; };
    if (is_here && place.elsewhere > 0)
      reasons.push_back(std::to_string(place.elsewhere) + " more " + (place.elsewhere == 1 ? one : many) +
                        are(place.elsewhere) + " elsewhere in the directory and" + are(place.elsewhere) +
                        " not read.");
    if (!is_here)
      reasons.push_back(number_of(place.below, one, many) + are(place.below) + " in \"" + place.base + "\".");
  }
  return reasons;
}

Reasoned propose_user_name(Survey const& survey) {
  auto const is_ad = survey.server.flavour == Flavour::active_directory;
  std::vector<std::string> names{"uid", "sAMAccountName", "userPrincipalName", "mail", "cn"};
  if (is_ad) std::swap(names[0], names[1]);
  auto const usual = names.front();
  auto chosen = usual;
  for (auto const& name : names) {
    auto const* const look = look_of(survey, name);
    if (look == nullptr || !is_of_nearly_all(survey, *look) || !look->is_unique()) continue;
    chosen = name;
    break;
  }
  Reasoned proposed{"{" + chosen + "}", {}};
  if (auto const* const look = look_of(survey, chosen))
    proposed.reasons.push_back(in_words(*look, survey.people.looked));
  if (chosen != usual)
    proposed.reasons.push_back("Not the usual " + usual +
                               ", which too few people have, or not each another.");
  return proposed;
}

Reasoned propose_disabled(Survey const& survey) {
  Reasoned proposed;
  for (auto const& look : survey.people.disabled) {
    proposed.reasons.push_back(in_words(look));
    if (!look.is_evaluated && look.disabled > 0 &&
        (look.attribute == "loginDisabled" || look.attribute == "nsAccountLock"))
      proposed.value = "(" + look.attribute + "=TRUE)";
  }
  if (survey.people.disabled.empty() && survey.people.looked.entries > 0)
    proposed.reasons.emplace_back(
        "Nobody's entry says whether the account is disabled, or the bind DN is not shown it.");
  return proposed;
}

Reasoned propose_join(Survey const& survey) {
  auto const* const look = look_of(survey, "employeeNumber");
  if (look == nullptr || !is_of_nearly_all(survey, *look) || !look->is_unique()) return {};
  return {"employeeNumber", {in_words(*look, survey.people.looked)}};
}

std::vector<std::string> kinds_of_groups(Survey const& survey) {
  std::vector<std::string> kinds;
  for (auto const& kind : survey.groups.kinds) kinds.push_back(in_words(kind));
  if (survey.groups.nested > 0)
    kinds.push_back(number_of(survey.groups.nested, "group is a member", "groups are members") +
                    " of others, such as \"" + survey.groups.nested_example +
                    "\"; whoever is in them counts.");
  if (survey.people.in_primary_groups > 0)
    kinds.emplace_back(
        "Everybody is also in the group that primaryGroupID names, which has no value for them.");
  return kinds;
}

GroupNames names_for(Survey const& survey, Answers const& answers, TargetKind kind) {
  GroupNamesWanted wanted{
      .kind = kind, .flavour = survey.server.flavour, .filter = answers.groups, .refuse = {}};
  if (kind == TargetKind::vault) {
    vault::Settings settings;
    settings.user = answers.vault->user;
    wanted.refuse = [settings](std::string_view name) { return vault::why_no_new_group(name, settings); };
  } else {
    wanted.refuse = [](std::string_view name) {
      return console::bad_group_name_because(name, console::Settings{}.group_name_characters);
    };
  }
  return propose_group_names(survey.groups.names, wanted);
}

LimitsProposal propose_limits(Survey const& survey, Proposal const& proposal) {
  LimitsProposal limits;
  auto const memberships = survey.groups.memberships;
  limits.at_least = memberships < 100 ? 2 : 5;
  limits.at_most = std::clamp<std::uint64_t>(memberships / 20, 10, 500);
  std::size_t selected = 0;
  for (auto const* const names : {&proposal.vault, &proposal.console})
    if (*names) selected += (*names)->selected;
  limits.groups_created = std::max<std::uint64_t>(5, selected / 4);
  limits.reasons.push_back("For a directory with " + number_of(memberships, "membership", "memberships") +
                           " in " + number_of(survey.groups.looked.entries, "group", "groups") +
                           (survey.groups.looked.is_all() ? "." : ", and more that were not looked at."));
  return limits;
}

}  // namespace

Proposal propose(Survey const& survey, Answers const& answers) {
  Proposal proposal;
  proposal.users_base = {survey.people.base, reasons_of_base(survey.people_bases, survey.people.looked,
                                                             survey.people.base, "person", "people")};
  proposal.groups_base = {survey.groups.base, reasons_of_base(survey.group_bases, survey.groups.looked,
                                                              survey.groups.base, "group", "groups")};
  proposal.user_name = propose_user_name(survey);
  proposal.disabled = propose_disabled(survey);
  proposal.join = propose_join(survey);
  proposal.kinds = kinds_of_groups(survey);
  if (survey.referrals.entries > 0 || survey.referrals.met > 0)
    proposal.referrals.push_back(in_words(survey.referrals));
  if (answers.vault) proposal.vault = names_for(survey, answers, TargetKind::vault);
  if (answers.console) {
    proposal.console = names_for(survey, answers, TargetKind::console);
    if (auto const* const mail = look_of(survey, "mail"))
      proposal.console_members.push_back("Console users are known by their mail address: " +
                                         in_words(*mail, survey.people.looked));
  }
  proposal.limits = propose_limits(survey, proposal);
  return proposal;
}

}  // namespace dirsync::init
