#include "ldap/account.hpp"

#include "ldap/errors.hpp"
#include "ldap/search.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// The first value of one attribute of one entry; empty when the server does not show it.
Result<std::string> read_value(Connection& connection, std::string const& base,
                               std::string const& attribute) {
  std::string first;
  Search const search{"reading " + attribute, base, Scope::base, "(objectClass=*)", {attribute}};
  int result = LDAP_SUCCESS;
  auto const read = search_few(
      connection, search,
      [&first, &attribute](EntryReader& entry) {
        while (entry.next())
          if (ascii_iequal(entry.name(), attribute) && !entry.values().empty())
            first = view(entry.values()[0]);
        return Result<void>{};
      },
      &result);
  // Any other error may pass, and must not make locks last longer for a run.
  auto const not_shown = result == LDAP_NO_SUCH_OBJECT || result == LDAP_INSUFFICIENT_ACCESS;
  if (!read && !not_shown) return read.error();
  return first;
}

}  // namespace

AccountScheme scheme_of(Flavour flavour) {
  switch (flavour) {
    case Flavour::openldap:
      return AccountScheme::openldap;
    case Flavour::ds389:
      return AccountScheme::ds389;
    case Flavour::active_directory:
      return AccountScheme::active_directory;
    case Flavour::automatic:
      break;
  }
  return AccountScheme::none;
}

Result<AccountRules> read_account_rules(Connection& connection, Flavour flavour) {
  AccountRules rules{scheme_of(flavour)};
  if (flavour != Flavour::active_directory) return rules;
  auto const domain = read_value(connection, "", "defaultNamingContext");
  if (!domain) return domain.error();
  if (domain->empty()) return rules;
  auto const duration = read_value(connection, *domain, "lockoutDuration");
  if (!duration) return duration.error();
  rules.lockout_duration = parse_lockout_duration(*duration);
  return rules;
}

}  // namespace dirsync::ldap
