#include "daemon/doctor/unresolved.hpp"

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::doctor {
namespace {

constexpr std::size_t kShownOfACause = 3;

/// The first RDN of a normalized DN.
std::string_view first_rdn(std::string_view normalized) {
  auto const parent = parent_of(normalized);
  if (!parent || parent->empty()) return normalized;
  return normalized.substr(0, normalized.size() - parent->size() - 1);
}

bool is_single_rdn(std::string_view normalized) {
  auto const parent = parent_of(normalized);
  return parent && parent->empty();
}

}  // namespace

char const* explanation(Cause cause, bool of_one) {
  switch (cause) {
    case Cause::other_case:
      return of_one ? "differs from somebody's uid in upper and lower case alone, which memberUid tells apart"
                    : "differ from somebody's uid in upper and lower case alone, which memberUid tells apart";
    case Cause::relative_name:
      return of_one ? "is only the beginning of a DN" : "are only the beginning of a DN";
    case Cause::other_domain:
      return of_one ? "is of another domain or directory" : "are of another domain or directory";
    case Cause::outside_bases:
      return of_one ? "is below neither users.base nor groups.base"
                    : "are below neither users.base nor groups.base";
    case Cause::not_read:
      return of_one ? "names an entry that is there, but neither a person nor a group by the configured "
                      "filters and classes"
                    : "name entries that are there, but neither people nor groups by the configured "
                      "filters and classes";
    case Cause::gone:
      return of_one ? "names nothing that is there: the entry was deleted or renamed, or the account may not "
                      "see it"
                    : "name nothing that is there: the entry was deleted or renamed, or the account may not "
                      "see it";
  }
  return "";
}

char const* remedy(Cause cause) {
  switch (cause) {
    case Cause::other_case:
      return "correct the spelling in the group";
    case Cause::relative_name:
      return "write whole DNs into the group";
    case Cause::other_domain:
      return "configure that directory as well, or take them out of the group";
    case Cause::outside_bases:
      return "widen users.base or groups.base where they matter";
    case Cause::not_read:
      return "widen users.filter or groups.classes where they matter";
    case Cause::gone:
      return "take them out of the group, or let the account read the entries";
  }
  return "";
}

KnownNames::KnownNames(Snapshot const& snapshot, SearchedBases bases)
    : snapshot_(snapshot), bases_(std::move(bases)) {
  for (auto const& person : snapshot.people())
    for (auto const uid : person.values("uid")) folded_uids_.insert(fold_case(uid));
  for (auto const entries : {snapshot.people(), snapshot.groups()})
    for (auto const& entry : entries) rdns_.emplace(first_rdn(entry.normalized_dn));
}

Cause KnownNames::cause_of(std::string_view value) const {
  auto const normalized =
      value.find('=') == std::string_view::npos ? std::nullopt : normalized_dn(without_optional_uid(value));
  if (normalized) return cause_of_dn(value, *normalized);
  if (folded_uids_.contains(fold_case(value))) return Cause::other_case;
  if (value.find_first_of("@\\") != std::string_view::npos) return Cause::other_domain;
  return Cause::gone;
}

Cause KnownNames::cause_of_dn(std::string_view, std::string const& normalized) const {
  if (snapshot_.unread_by_dn(normalized) != nullptr) return Cause::not_read;
  if (is_single_rdn(normalized) && rdns_.contains(normalized)) return Cause::relative_name;
  if (!is_below(normalized, bases_.base)) return Cause::other_domain;
  if (!is_below(normalized, bases_.people) && !is_below(normalized, bases_.groups))
    return Cause::outside_bases;
  return Cause::gone;
}

std::map<Cause, CauseFinding> unresolved_by_cause(Snapshot const& snapshot, SearchedBases const& bases) {
  std::map<Cause, CauseFinding> findings;
  if (snapshot.unresolved_count() == 0) return findings;
  KnownNames const names{snapshot, bases};
  for (GroupIndex group = 0; group < snapshot.groups().size(); ++group)
    for (auto const value : snapshot.members(group).unresolved) {
      auto& finding = findings[names.cause_of(value)];
      ++finding.values;
      if (finding.examples.size() < kShownOfACause)
        finding.examples.push_back("\"" + printable(value) + "\" in \"" +
                                   printable(snapshot.groups()[group].dn) + "\"");
    }
  return findings;
}

}  // namespace dirsync::doctor
