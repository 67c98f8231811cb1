#pragma once
#include <map>
#include <string>
#include <vector>

#include "sync/http/settings.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::vault {

enum class AuthMethod { cyberark, ldap, radius, windows };

struct Settings {
  http::ClientSettings http;  // base URLs with the application name: https://HOST/PasswordVault
  AuthMethod method = AuthMethod::cyberark;
  std::string user;
  Secret password;
  /// Directory name -> the Vault's own directory mapping that provisions its people; absent: they wait.
  std::map<std::string, std::string> domains;
  std::vector<std::string> protected_groups;  // added to the built-in list
};

}  // namespace dirsync::vault
