// The schema that is used where the server does not show its own.
#include <array>
#include <sstream>

#include "sync/model/schema.hpp"

namespace dirsync {
namespace {

// What a type has in common with others: rules for equality, ordering and substrings, and the syntax.
struct Form {
  std::string_view equality, ordering, substrings, syntax;
};
constexpr Form kText{"2.5.13.2", "", "2.5.13.4", "1.3.6.1.4.1.1466.115.121.1.15"};
constexpr Form kExactText{"2.5.13.5", "", "2.5.13.7", "1.3.6.1.4.1.1466.115.121.1.15"};
constexpr Form kCountry{"2.5.13.2", "", "2.5.13.4", "1.3.6.1.4.1.1466.115.121.1.11"};
constexpr Form kPrintable{"2.5.13.2", "", "2.5.13.4", "1.3.6.1.4.1.1466.115.121.1.44"};
constexpr Form kIa5{"1.3.6.1.4.1.1466.109.114.2", "", "1.3.6.1.4.1.1466.109.114.3",
                    "1.3.6.1.4.1.1466.115.121.1.26"};
constexpr Form kExactIa5{"1.3.6.1.4.1.1466.109.114.1", "", "1.3.6.1.4.1.4203.1.2.1",
                         "1.3.6.1.4.1.1466.115.121.1.26"};
constexpr Form kDigits{"2.5.13.8", "", "2.5.13.10", "1.3.6.1.4.1.1466.115.121.1.36"};
constexpr Form kTelephone{"2.5.13.20", "", "2.5.13.21", "1.3.6.1.4.1.1466.115.121.1.50"};
constexpr Form kName{"2.5.13.1", "", "", "1.3.6.1.4.1.1466.115.121.1.12"};
constexpr Form kInteger{"2.5.13.14", "2.5.13.15", "", "1.3.6.1.4.1.1466.115.121.1.27"};
constexpr Form kTime{"2.5.13.27", "2.5.13.28", "", "1.3.6.1.4.1.1466.115.121.1.24"};
constexpr Form kBoolean{"2.5.13.13", "", "", "1.3.6.1.4.1.1466.115.121.1.7"};
constexpr Form kOctets{"2.5.13.17", "2.5.13.18", "", "1.3.6.1.4.1.1466.115.121.1.40"};
constexpr Form kOid{"2.5.13.0", "", "", "1.3.6.1.4.1.1466.115.121.1.38"};
constexpr Form kUuid{"1.3.6.1.1.16.2", "", "", "1.3.6.1.1.16.1"};
// Rules that are not evaluated here.
constexpr Form kOther{"other", "other", "other", "other"};

struct Type {
  std::string_view oid, names;  // names: spaces between them
  Form form{};                  // empty: that of `sup`
  std::string_view sup = {};
};

constexpr Form kInherited{};

constexpr auto kTypes = std::to_array<Type>({
    // RFC 4512
    {"2.5.4.0", "objectClass", kOid},
    {"2.5.21.9", "structuralObjectClass", kOid},
    {"2.5.18.1", "createTimestamp", kTime},
    {"2.5.18.2", "modifyTimestamp", kTime},
    {"2.5.18.3", "creatorsName", kName},
    {"2.5.18.4", "modifiersName", kName},
    {"2.5.18.10", "subschemaSubentry", kName},
    // RFC 4519
    {"2.5.4.41", "name", kText},
    {"2.5.4.49", "distinguishedName", kName},
    {"2.5.4.3", "cn commonName", kInherited, "name"},
    {"2.5.4.4", "sn surname", kInherited, "name"},
    {"2.5.4.6", "c countryName", kCountry, "name"},
    {"2.5.4.7", "l localityName", kInherited, "name"},
    {"2.5.4.8", "st stateOrProvinceName", kInherited, "name"},
    {"2.5.4.10", "o organizationName", kInherited, "name"},
    {"2.5.4.11", "ou organizationalUnitName", kInherited, "name"},
    {"2.5.4.12", "title", kInherited, "name"},
    {"2.5.4.42", "givenName", kInherited, "name"},
    {"2.5.4.43", "initials", kInherited, "name"},
    {"2.5.4.44", "generationQualifier", kInherited, "name"},
    {"2.5.4.31", "member", kInherited, "distinguishedName"},
    {"2.5.4.32", "owner", kInherited, "distinguishedName"},
    {"2.5.4.33", "roleOccupant", kInherited, "distinguishedName"},
    {"2.5.4.34", "seeAlso", kInherited, "distinguishedName"},
    {"2.5.4.50", "uniqueMember", kOther},
    {"2.5.4.5", "serialNumber", kPrintable},
    {"2.5.4.9", "street streetAddress", kText},
    {"2.5.4.13", "description", kText},
    {"2.5.4.15", "businessCategory", kText},
    {"2.5.4.17", "postalCode", kText},
    {"2.5.4.18", "postOfficeBox", kText},
    {"2.5.4.19", "physicalDeliveryOfficeName", kText},
    {"2.5.4.16", "postalAddress", kOther},
    {"2.5.4.20", "telephoneNumber", kTelephone},
    {"2.5.4.24", "x121Address", kDigits},
    {"2.5.4.25", "internationaliSDNNumber", kDigits},
    {"2.5.4.35", "userPassword", kOctets},
    {"2.5.4.46", "dnQualifier", kPrintable},
    {"2.5.4.51", "houseIdentifier", kText},
    {"0.9.2342.19200300.100.1.1", "uid userid", kText},
    {"0.9.2342.19200300.100.1.25", "dc domainComponent", kIa5},
    // RFC 4524
    {"0.9.2342.19200300.100.1.3", "mail rfc822Mailbox", kIa5},
    {"0.9.2342.19200300.100.1.4", "info", kText},
    {"0.9.2342.19200300.100.1.5", "drink favouriteDrink", kText},
    {"0.9.2342.19200300.100.1.6", "roomNumber", kText},
    {"0.9.2342.19200300.100.1.8", "userClass", kText},
    {"0.9.2342.19200300.100.1.9", "host", kText},
    {"0.9.2342.19200300.100.1.10", "manager", kName},
    {"0.9.2342.19200300.100.1.20", "homePhone homeTelephoneNumber", kTelephone},
    {"0.9.2342.19200300.100.1.21", "secretary", kName},
    {"0.9.2342.19200300.100.1.37", "associatedDomain", kIa5},
    {"0.9.2342.19200300.100.1.38", "associatedName", kName},
    {"0.9.2342.19200300.100.1.40", "personalTitle", kText},
    {"0.9.2342.19200300.100.1.41", "mobile mobileTelephoneNumber", kTelephone},
    {"0.9.2342.19200300.100.1.42", "pager pagerTelephoneNumber", kTelephone},
    {"0.9.2342.19200300.100.1.43", "co friendlyCountryName", kText},
    {"0.9.2342.19200300.100.1.44", "uniqueIdentifier", kText},
    {"0.9.2342.19200300.100.1.45", "organizationalStatus", kText},
    {"0.9.2342.19200300.100.1.48", "buildingName", kText},
    // RFC 2798
    {"2.16.840.1.113730.3.1.1", "carLicense", kText},
    {"2.16.840.1.113730.3.1.2", "departmentNumber", kText},
    {"2.16.840.1.113730.3.1.3", "employeeNumber", kText},
    {"2.16.840.1.113730.3.1.4", "employeeType", kText},
    {"2.16.840.1.113730.3.1.39", "preferredLanguage", kText},
    {"2.16.840.1.113730.3.1.241", "displayName", kText},
    // RFC 2307bis
    {"1.3.6.1.1.1.1.0", "uidNumber", kInteger},
    {"1.3.6.1.1.1.1.1", "gidNumber", kInteger},
    {"1.3.6.1.1.1.1.2", "gecos", kText},
    {"1.3.6.1.1.1.1.3", "homeDirectory", kExactIa5},
    {"1.3.6.1.1.1.1.4", "loginShell", kExactIa5},
    {"1.3.6.1.1.1.1.5", "shadowLastChange", kInteger},
    {"1.3.6.1.1.1.1.6", "shadowMin", kInteger},
    {"1.3.6.1.1.1.1.7", "shadowMax", kInteger},
    {"1.3.6.1.1.1.1.8", "shadowWarning", kInteger},
    {"1.3.6.1.1.1.1.9", "shadowInactive", kInteger},
    {"1.3.6.1.1.1.1.10", "shadowExpire", kInteger},
    {"1.3.6.1.1.1.1.11", "shadowFlag", kInteger},
    {"1.3.6.1.1.1.1.12", "memberUid", kExactText},
    // RFC 4530, and what servers keep of entries and accounts
    {"1.3.6.1.1.16.4", "entryUUID", kUuid},
    {"1.3.6.1.1.20", "entryDN", kName},
    {"1.3.6.1.4.1.42.2.27.8.1.17", "pwdAccountLockedTime", kTime},
    {"2.16.840.1.113730.3.1.610", "nsAccountLock", kText},
    {"2.16.840.1.113730.3.1.198", "memberURL", kOther},
    // Active Directory
    {"1.2.840.113556.1.2.102", "memberOf", kName},
    {"1.2.840.113556.1.4.221", "sAMAccountName", kText},
    {"1.2.840.113556.1.4.656", "userPrincipalName", kText},
    {"1.2.840.113556.1.4.8", "userAccountControl", kInteger},
    {"1.2.840.113556.1.4.302", "sAMAccountType", kInteger},
    {"1.2.840.113556.1.4.98", "primaryGroupID", kInteger},
    {"1.2.840.113556.1.4.750", "groupType", kInteger},
    {"1.2.840.113556.1.4.159", "accountExpires", kInteger},
    {"1.2.840.113556.1.4.662", "lockoutTime", kInteger},
    {"1.2.840.113556.1.4.96", "pwdLastSet", kInteger},
    {"1.2.840.113556.1.4.146", "objectSid", kOctets},
    {"1.2.840.113556.1.4.2", "objectGUID", kOctets},
    {"1.2.840.113556.1.4.782", "objectCategory", kName},
    {"1.2.840.113556.1.2.141", "department", kText},
    {"1.2.840.113556.1.2.146", "company", kText},
    {"1.2.840.113556.1.2.2", "whenCreated", kTime},
    {"1.2.840.113556.1.2.3", "whenChanged", kTime},
    {"1.2.840.113556.1.2.169", "showInAdvancedViewOnly", kBoolean},
});

// Of the types only those that decide whether an entry is a group.
struct Class {
  std::string_view oid, names, sups, musts = {}, mays = {};
};

constexpr auto kClasses = std::to_array<Class>({
    {"2.5.6.0", "top", ""},
    {"2.5.6.1", "alias", "top"},
    {"1.3.6.1.4.1.1466.101.120.111", "extensibleObject", "top"},
    {"2.5.6.2", "country", "top"},
    {"2.5.6.3", "locality", "top"},
    {"2.5.6.4", "organization", "top"},
    {"2.5.6.5", "organizationalUnit", "top"},
    {"2.5.6.6", "person", "top"},
    {"2.5.6.7", "organizationalPerson", "person"},
    {"2.5.6.8", "organizationalRole", "top", "", "roleOccupant"},
    {"2.5.6.9", "groupOfNames", "top", "member"},
    {"2.5.6.10", "residentialPerson", "person"},
    {"2.5.6.11", "applicationProcess", "top"},
    {"2.5.6.14", "device", "top"},
    {"2.5.6.17", "groupOfUniqueNames", "top", "uniqueMember"},
    {"1.3.6.1.4.1.1466.344", "dcObject", "top"},
    {"1.3.6.1.1.3.1", "uidObject", "top"},
    {"0.9.2342.19200300.100.4.5", "account", "top"},
    {"0.9.2342.19200300.100.4.13", "domain", "top"},
    {"0.9.2342.19200300.100.4.19", "simpleSecurityObject", "top"},
    {"2.16.840.1.113730.3.2.2", "inetOrgPerson", "organizationalPerson"},
    {"2.16.840.1.113730.3.2.33", "groupOfURLs", "top", "", "memberURL"},
    {"1.3.6.1.4.1.5322.13.1.1", "groupOfMembers", "top", "", "member"},
    {"1.2.826.0.1.3458854.2.1.1.1", "groupOfEntries", "top", "", "member"},
    {"1.3.6.1.1.1.2.0", "posixAccount", "top"},
    {"1.3.6.1.1.1.2.1", "shadowAccount", "top"},
    {"1.3.6.1.1.1.2.2", "posixGroup", "top", "", "memberUid"},
    {"1.2.840.113556.1.5.9", "user", "organizationalPerson"},
    {"1.2.840.113556.1.5.8", "group", "top", "", "member"},
    {"1.2.840.113556.1.5.15", "contact", "organizationalPerson"},
    {"1.2.840.113556.1.3.30", "computer", "user"},
    {"1.2.840.113556.1.5.76", "foreignSecurityPrincipal", "top"},
});

std::vector<std::string> words(std::string_view text) {
  std::istringstream stream{std::string{text}};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

Schema builtin_schema(ServerHabits habits) {
  std::vector<TypeDefinition> types;
  for (auto const& type : kTypes)
    types.push_back({.oid = std::string{type.oid},
                     .names = words(type.names),
                     .sup = std::string{type.sup},
                     .equality = std::string{type.form.equality},
                     .ordering = std::string{type.form.ordering},
                     .substrings = std::string{type.form.substrings},
                     .syntax = std::string{type.form.syntax}});
  std::vector<ClassDefinition> classes;
  for (auto const& one : kClasses)
    classes.push_back({.oid = std::string{one.oid},
                       .names = words(one.names),
                       .sups = words(one.sups),
                       .musts = words(one.musts),
                       .mays = words(one.mays),
                       .is_abstract = one.names == "top"});
  return {std::move(types), std::move(classes), habits};
}

Schema const& builtin_schema() {
  static Schema const schema = builtin_schema(ServerHabits{});
  return schema;
}

}  // namespace dirsync
