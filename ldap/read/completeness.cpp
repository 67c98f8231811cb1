#include "ldap/read/completeness.hpp"

#include <algorithm>

#include "ldap/errors.hpp"
#include "ldap/read/change_numbers.hpp"
#include "ldap/search/attributes.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

bool lies_in(std::string_view normalized, Area const& area) {
  auto const base = normalized_dn(area.base);
  if (!base) return false;
  if (area.scope == Scope::base) return normalized == *base;
  if (area.scope == Scope::one) return parent_of(normalized) == *base;
  return is_below(normalized, *base);
}

char const* clause_of(boost::system::error_code code) {
  if (code == SnapshotErrc::canary) return "canary";
  if (code == SnapshotErrc::values_cut) return "value-count";
  if (code == SnapshotErrc::entries_cut) return "children-count";
  if (code == SnapshotErrc::duplicate_id) return "ids";
  if (code == SnapshotErrc::incomplete) return "unchanged";
  if (code == LdapErrc::base_missing) return "base-readable";
  if (code == LdapErrc::not_readable) return "members-readable";
  if (code == LdapErrc::referral) return "referrals";
  if (code == LdapErrc::bad_answer) return "paging";
  if (code == LdapErrc::changed) return "unchanged";
  for (auto const limit :
       {LdapErrc::size_limit, LdapErrc::time_limit, LdapErrc::admin_limit, LdapErrc::busy, LdapErrc::refused})
    if (code == limit) return "result-codes";
  return "connection";
}

}  // namespace

/// Puts a clause before those of the searches, behind the ones that this function put there earlier.
void Completeness::holds(std::string name, std::string detail) {
  CertificateClause clause{std::move(name), true, std::move(detail)};
  certificate_.clauses.insert(certificate_.clauses.begin() + held_++, std::move(clause));
}

Result<void> Completeness::begin() {
  auto numbers = read_change_numbers(context_.connection, context_.settings);
  if (!numbers) return numbers.error();
  before_ = std::move(*numbers);
  auto const search = root_dse_search({"supportedControl"});
  auto const root = read_if_shown(context_.connection, search);
  if (!root) return root.error();
  auto const& controls = root->all("supportedcontrol");
  serves_ranges_ = std::ranges::find(controls, kNoErrorPastTheEnd) != controls.end();
  return {};
}

Result<void> Completeness::end(ReadFigures const& figures) {
  for (auto const& dn : context_.settings.canaries)
    if (auto const seen = see_canary(dn); !seen) return seen.error();
  if (!canaries_.empty())
    holds("canary", std::to_string(canaries_.size()) + " seen, each by a read of its own");
  if (auto const counted = count_values_again(figures); !counted) return counted.error();
  auto const people = count_children(context_.settings.users, people_filter(context_));
  if (!people) return people.error();
  expected_people_ = *people;
  auto const groups = count_children(context_.settings.groups, group_filter(context_));
  if (!groups) return groups.error();
  expected_groups_ = *groups;
  return end_change_numbers();
}

Result<bool> Completeness::shows(std::string const& dn, std::string const& filter) {
  Search const search{.what = "looking for a canary",
                      .base = dn,
                      .scope = Scope::base,
                      .filter = filter,
                      .attributes = {"1.1"}};
  int result = LDAP_SUCCESS;
  auto const found = search_few(
      context_.connection, search, [](EntryReader&) { return Result<void>{}; }, &result);
  if (result == LDAP_NO_SUCH_OBJECT) return false;
  if (!found) return found.error();
  return found->entries == 1;
}

Error Completeness::missing_canary(std::string const& dn, std::string const& where) const {
  return {
      SnapshotErrc::canary,
      context_.connection.place() + ": the canary \"" + printable(dn) + "\" was not seen " + where +
          "; nothing is taken from this read. Look at the server's access rules and at the bind DN's rights; "
          "if the entry was moved or deleted on purpose, correct canaries in [directory." +
          context_.settings.name + "]"};
}

Result<void> Completeness::see_canary(std::string const& dn) {
  auto const there = shows(dn, "(objectClass=*)");
  if (!there) return there.error();
  if (!*there) return missing_canary(dn, "by a read of its own entry");
  Canary canary{dn, normalized_dn(dn).value_or("")};
  if (lies_in(canary.normalized, context_.settings.users)) {
    auto const person = shows(dn, people_filter(context_));
    if (!person) return person.error();
    canary.person = *person;
  }
  if (lies_in(canary.normalized, context_.settings.groups)) {
    auto const group = shows(dn, group_filter(context_));
    if (!group) return group.error();
    canary.group = *group;
  }
  canaries_.push_back(std::move(canary));
  return {};
}

Result<void> Completeness::end_change_numbers() {
  auto after = read_change_numbers(context_.connection, context_.settings);
  if (!after) return after.error();
  auto const back = after->source == before_.source ? went_back(before_, *after)
                                                    : before_.source + " before, " + after->source + " now";
  if (!back.empty())
    return Error{SnapshotErrc::incomplete, context_.connection.place() +
                                               ": the server's change number went back during the read: " +
                                               back + "; check for a restore or a load balancer in between"};
  certificate_.change_numbers = std::move(*after);
  auto const moved = certificate_.change_numbers != before_;
  certificate_.may_have_changed = moved || before_.source.empty();
  if (moved) holds("changes-meanwhile", "changed while it was read, from " + in_words(before_));
  return {};
}

Result<void> Completeness::compare(Snapshot const& snapshot) {
  for (auto const& canary : canaries_) {
    if (canary.person && !snapshot.has_person(canary.normalized))
      return missing_canary(canary.dn, "by the search for people, though it is one");
    if (canary.group && !snapshot.has_group(canary.normalized))
      return missing_canary(canary.dn, "by the search for groups, though it is one");
  }
  return compare_counts(snapshot);
}

void add_failed_clause(Certificate& certificate, Error const& error) {
  auto const* const name = clause_of(error.code);
  std::erase_if(certificate.clauses, [name](auto const& clause) { return clause.name == name; });
  certificate.clauses.push_back({name, false, text(error)});
}

}  // namespace dirsync::ldap
