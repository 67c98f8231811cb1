#pragma once
#include <string>

#include "daemon/config/load.hpp"
#include "tests/support/config/memory_environment.hpp"

namespace dirsync::config {

/// The smallest configuration that does something; `rule_keys` and `more` are added to it.
struct ConfigText {
  std::string service = "state_dir = \"/srv/d\"\n";
  std::string directory =
      "uris = [\"ldaps://127.0.0.1\"]\nbase = \"dc=x\"\nbind = { method = \"anonymous\" }\n";
  std::string target =
      "kind = \"cyberark-vault\"\nurl = \"https://127.0.0.1/PasswordVault\"\n"
      "auth = { user = \"svc\", password = { env = \"VAULT\" } }\n";
  std::string target_limits, limits;
  std::string rule = "groups = \"(cn=a*)\"\n";
  std::string rule_limits;
  std::string more;

  std::string text() const {
    return "[service]\n" + service + "[directory.corp]\n" + directory + "[target.vault]\n" + target +
           section("target.vault.limits", target_limits) + section("limits", limits) +
           "[[rule]]\nname = \"r\"\ndirectory = \"corp\"\ntarget = \"vault\"\n" + rule +
           section("rule.limits", rule_limits) + more;
  }

 private:
  static std::string section(std::string const& name, std::string const& keys) {
    return keys.empty() ? std::string{} : "[" + name + "]\n" + keys;
  }
};

}  // namespace dirsync::config
