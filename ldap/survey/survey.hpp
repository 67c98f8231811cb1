#pragma once
// A look at a directory of which little or nothing is known: what it is, where its groups and people are, and
// what they look like. For proposals and diagnoses; a run never rests on it.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ldap/connect/stop.hpp"
#include "ldap/settings.hpp"
#include "sync/model/error.hpp"

namespace dirsync::ldap {

/// What a search for figures came upon. `cut`: why there may be more than was counted (the survey's own
/// bound, or a limit of the server, in its words); empty: that was all.
struct Looked {
  std::uint64_t entries = 0;
  std::string cut;
  bool is_all() const { return cut.empty(); }
};

/// What the server says of itself, in its root DSE (RFC 4512, 5.1).
struct ServerLook {
  std::string uri;  // of the server that answered
  Flavour flavour = Flavour::openldap;
  bool is_freeipa = false;  // 389ds: below cn=accounts it has what FreeIPA has
  std::string vendor;       // "389 Project 389-Directory/2.3.1 B2023.1"; empty: it does not tell
  std::vector<std::string> naming_contexts;  // all, as the server orders and spells them
  /// Of these, such as could hold groups and people and are not shown to the bind DN.
  std::vector<std::string> hidden_contexts;
  std::string schema_remark;  // why its own schema could not be read; empty: it was
};

/// A base that has most of the groups, or of the people, of `context`.
struct LikelyBase {
  std::string base;
  std::uint64_t below = 0, elsewhere = 0;  // entries seen in it, and beside it
  Looked looked;
};

/// Entries of the same most special classes.
struct GroupKind {
  std::vector<std::string> classes;  // without those above them, ascending, as the entries spell them
  std::uint64_t entries = 0;
  std::map<std::string, std::uint64_t> attributes;  // "member", "uniqueMember", ...: entries that have it
  bool is_read = false;  // dirsyncd reads such entries as groups with these settings
  std::string example;   // a DN
};

struct LargeGroup {
  std::string dn;
  std::uint64_t members = 0;  // values
  bool at_least = false;      // the server gave the first part of them (Active Directory: range)
};

struct GroupsLook {
  std::string base, filter;  // filter: what dirsyncd reads as groups
  Looked looked;
  std::vector<GroupKind> kinds;     // most entries first, 50 at most; those without members as well
  std::vector<LargeGroup> largest;  // ten at most, largest first
  std::uint64_t memberships = 0;    // values in groups that are read
  std::uint64_t nested = 0;         // groups that are members of one of the others
  std::string nested_example;       // DN of such a group
  std::vector<std::string> names;   // cn of groups that are read, in the server's order, 5,000 at most
};

/// A value that several people have; equal as the server's matching rule has it.
struct Twins {
  std::string value;             // as the first of them has it
  std::uint64_t people = 0;      // two at least
  std::vector<std::string> dns;  // of the first three
};

struct AttributeLook {
  std::string name;          // "uid"
  std::uint64_t people = 0;  // who have it
  std::uint64_t shared_values = 0;
  std::vector<Twins> examples;  // three at most
  bool is_unique() const { return shared_values == 0; }
};

/// An attribute that may say that an account must not be used.
struct DisabledLook {
  std::string attribute;       // "nsAccountLock"
  std::uint64_t people = 0;    // who have it, whatever it says
  std::uint64_t disabled = 0;  // of whom it says so
  bool is_evaluated = false;   // by default, without users.disabled
};

struct PeopleLook {
  std::string base, filter;
  Looked looked;
  std::vector<AttributeLook> attributes;  // those of survey_attributes(), in their order
  std::vector<DisabledLook> disabled;     // those that somebody has
  std::uint64_t in_primary_groups = 0;    // Active Directory: who are in a group that has no value for them
};

/// Entries that say that others are on another server (RFC 3296, 2).
struct ReferralsLook {
  std::uint64_t entries = 0;
  std::vector<std::string> examples;  // DNs, three at most
  std::size_t met = 0;                // references in answers to the other searches; left out
};

struct Survey {
  ServerLook server;
  std::string base;                                   // of everything
  std::vector<LikelyBase> group_bases, people_bases;  // best first; empty: none was seen
  GroupsLook groups;
  PeopleLook people;
  ReferralsLook referrals;
};

struct SurveyBounds {
  std::uint64_t entries = 20'000;  // that a search looks at, at most
};

/// uid, cn, mail, sAMAccountName, userPrincipalName, employeeNumber and the ids.
std::vector<std::string> const& survey_attributes();

/// Looks at the directory of `settings`. What they leave empty (base, users.base, groups.base) is found out:
/// see Survey::group_bases; with nothing found the base itself is looked at. Referrals are left out and
/// counted. Everything together takes at most `settings.timeouts.total`. A search that a limit cut is told in
/// Looked::cut; any other failure is an error, never an empty answer.
/// Errors: LdapErrc, as Connection::open() and search_all() have them. Blocks; any thread that ignores
/// SIGPIPE or lets it be blocked, as it is afterwards.
Result<Survey> survey(Settings const& settings, Stop& stop, SurveyBounds bounds = {});

}  // namespace dirsync::ldap
