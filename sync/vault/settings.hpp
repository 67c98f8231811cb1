#pragma once
#include <map>
#include <string>
#include <vector>

#include "sync/http/settings.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::vault {

enum class AuthMethod { cyberark, ldap, radius, windows, ispss };

struct Settings {
  http::ClientSettings
      http;  // base URLs with the application's name: "https://pvwa.example.com/PasswordVault"
  AuthMethod method = AuthMethod::cyberark;
  std::string user;
  Secret password;
  std::string token_url;       // ispss: "https://TENANT.id.cyberark.cloud/oauth2/platformtoken"
  std::string assume_version;  // "12.6"; used only when the server does not tell its version
  /// Directory name -> the Vault's own directory mapping that provisions its people; absent: they wait.
  std::map<std::string, std::string> domains;
  bool replace_stale_groups = false;          // memberships of a moved Directory group go to its successor
  std::vector<std::string> protected_groups;  // added to the built-in list
  std::string location = "\\";                // of created groups
};

}  // namespace dirsync::vault
