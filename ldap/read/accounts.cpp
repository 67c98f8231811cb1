#include "ldap/read/accounts.hpp"

#include "ldap/search/attributes.hpp"

namespace dirsync::ldap {
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
  auto const root = read_if_shown(connection, root_dse_search({"defaultNamingContext"}));
  if (!root) return root.error();
  auto const base = root->first("defaultnamingcontext");
  if (base.empty()) return rules;
  auto const domain =
      read_if_shown(connection, entry_search("reading lockoutDuration", base, {"lockoutDuration"}));
  if (!domain) return domain.error();
  rules.lockout_duration = parse_lockout_duration(domain->first("lockoutduration"));
  return rules;
}

}  // namespace dirsync::ldap
