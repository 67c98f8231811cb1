#include "tests/simulators/vault/state.hpp"

namespace dirsync::sim::vault {
namespace {
// Ids of the predefined groups and of Administrator are those of a fresh 11.1 installation.
constexpr std::string_view kDefault = R"json({
  "locations": ["\\", "\\System", "\\Company"],
  "users": [
    {"id": 1, "username": "Batch", "userType": "Built-InAdmins", "hidden": true},
    {"id": 2, "username": "Administrator", "password": "Vault.Admin.1", "userType": "Built-InAdmins",
     "vaultAuthorization": ["AddUpdateUsers", "AddSafes", "AuditUsers", "ManageDirectoryMapping"]},
    {"id": 3, "username": "Master", "userType": "Built-InAdmins", "hidden": true},
    {"id": 4, "username": "Auditor", "userType": "Built-InAdmins", "vaultAuthorization": ["AuditUsers"]},
    {"id": 5, "username": "Operator", "userType": "Built-InAdmins"},
    {"id": 6, "username": "Backup", "userType": "Built-InAdmins", "vaultAuthorization": ["BackupAllSafes"]},
    {"id": 13, "username": "DR", "userType": "Built-InAdmins"},
    {"id": 14, "username": "NotificationEngine", "userType": "ENE", "componentUser": true},
    {"id": 15, "username": "PasswordManager", "userType": "CPM", "componentUser": true},
    {"id": 16, "username": "PVWAAppUser", "userType": "PVWA", "componentUser": true},
    {"id": 17, "username": "PVWAGWUser", "userType": "PVWA", "componentUser": true},
    {"id": 18, "username": "PSMApp_A", "userType": "PSM", "componentUser": true},
    {"id": 19, "username": "PSMGw_A", "userType": "PSM", "componentUser": true},
    {"id": 24, "username": "PTAUser", "userType": "AppProvider", "componentUser": true},
    {"id": 25, "username": "PTAAppUser", "userType": "AppProvider", "componentUser": true},
    {"id": 26, "username": "svc-dirsync", "password": "Sync.Pass.1",
     "vaultAuthorization": ["AuditUsers", "AddUpdateUsers"]},
    {"id": 27, "username": "viewer", "password": "View.Pass.1", "vaultAuthorization": ["AuditUsers"]},
    {"id": 28, "username": "local.operator", "firstName": "Lara", "lastName": "Operator", "location": "\\Company"},
    {"id": 36, "username": "mjones", "source": "LDAP", "userDN": "CN=Mary Jones,OU=People,DC=corp,DC=example,DC=com",
     "firstName": "Mary", "lastName": "Jones", "mail": "mjones@corp.example.com"},
    {"id": 37, "username": "bsmith@corp.example.com", "source": "LDAP", "location": "\\Company",
     "userDN": "CN=Bob Smith,OU=People,DC=corp,DC=example,DC=com", "firstName": "Bob", "lastName": "Smith"}
  ],
  "groups": [
    {"id": 7, "groupName": "Backup Users", "description": "Backup users group", "location": "\\System", "members": [6]},
    {"id": 8, "groupName": "Auditors", "description": "Auditors group", "members": [4]},
    {"id": 9, "groupName": "Operators", "description": "Operators group", "location": "\\System", "members": [5]},
    {"id": 10, "groupName": "DR Users", "description": "DR users group", "location": "\\System", "members": [13]},
    {"id": 11, "groupName": "Vault Admins", "description": "Vault Admins group", "location": "\\System", "members": [2]},
    {"id": 12, "groupName": "Notification Engines", "description": "Notification Engines group", "members": [14]},
    {"id": 20, "groupName": "PVWAMonitor"},
    {"id": 21, "groupName": "PVWAUsers"},
    {"id": 22, "groupName": "PVWAGWAccounts", "members": [17]},
    {"id": 23, "groupName": "PVWAAppUsers", "members": [16]},
    {"id": 30, "groupType": "Directory", "groupName": "CyberArk Admins", "directory": "MyDomain.corp.com",
     "dn": "CN=CyberArk Admins,DC=MyDomain,DC=corp,DC=com"},
    {"id": 32, "groupType": "Directory", "groupName": "CyberArk Safe Managers", "directory": "MyDomain.corp.com",
     "dn": "CN=CyberArk Safe Managers,CN=Users,DC=MyDomain,DC=corp,DC=com"},
    {"id": 34, "groupType": "Directory", "groupName": "CyberArk Auditors", "directory": "MyDomain.corp.com",
     "dn": "CN=CyberArk Auditors,CN=Users,DC=MyDomain,DC=corp,DC=com"}
  ],
  "directories": [
    {"DomainName": "MyDomain.corp.com", "DomainBaseContext": "DC=MyDomain,DC=corp,DC=com"},
    {"DomainName": "corp.example.com", "DomainBaseContext": "DC=corp,DC=example,DC=com",
     "users": [
       {"sAMAccountName": "jsmith", "userPrincipalName": "jsmith@corp.example.com",
        "dn": "CN=John Smith,OU=People,DC=corp,DC=example,DC=com", "firstName": "John", "lastName": "Smith"},
       {"sAMAccountName": "jsmith", "userPrincipalName": "jsmith2@corp.example.com",
        "dn": "CN=Jane Smith,OU=Sales,DC=corp,DC=example,DC=com", "firstName": "Jane", "lastName": "Smith"},
       {"sAMAccountName": "mjones", "userPrincipalName": "mjones@corp.example.com",
        "dn": "CN=Mary Jones,OU=People,DC=corp,DC=example,DC=com", "firstName": "Mary", "lastName": "Jones"},
       {"sAMAccountName": "leaver", "dn": "CN=Lee Aver,OU=People,DC=corp,DC=example,DC=com", "enabled": false},
       {"sAMAccountName": "guest", "dn": "CN=Guest,OU=Partners,DC=corp,DC=example,DC=com"}],
     "groups": [
       {"name": "pam-unix", "dn": "CN=pam-unix,OU=Groups,DC=corp,DC=example,DC=com",
        "members": ["CN=Mary Jones,OU=People,DC=corp,DC=example,DC=com"]}],
     "mappings": [
       {"MappingID": 29, "MappingName": "people", "LDAPBranch": "OU=People,DC=corp,DC=example,DC=com"},
       {"MappingID": 31, "MappingName": "sales", "LDAPBranch": "OU=Sales,DC=corp,DC=example,DC=com"},
       {"MappingID": 33, "MappingName": "groups", "LDAPBranch": "OU=Groups,DC=corp,DC=example,DC=com"}]}
  ]
})json";
}  // namespace

json::value default_state() { return json::parse(kDefault); }

}  // namespace dirsync::sim::vault
