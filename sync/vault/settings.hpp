#pragma once
#include <string>
#include <vector>

#include "sync/http/settings.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::vault {

enum class AuthMethod { cyberark, ldap, radius, windows, ispss };

struct VaultSettings {
  http::ClientSettings
      http;  // urls end with the application's name: "https://pvwa.example.com/PasswordVault"
  AuthMethod method = AuthMethod::cyberark;
  std::string user;
  Secret password;
  std::string token_url;       // ispss: "https://TENANT.id.cyberark.cloud/oauth2/platformtoken"
  std::string assume_version;  // "12.6"; used only when the server does not tell its version
  std::vector<std::string> protected_groups;  // added to the built-in list
  std::string location = "\\";                // of created groups
};

}  // namespace dirsync::vault
