#pragma once
// What a person, or the command line, says to `dirsyncd init`. Plain values; no secret is among them.
#include <optional>
#include <string>
#include <vector>

namespace dirsync::init {

/// Where a secret is kept.
struct SecretPlace {
  bool is_credential = false;  // of the service manager
  std::string name;            // of the credential, or the absolute path of a file
};

struct DirectoryAnswers {
  std::string name = "corp";
  std::vector<std::string> uris;
  bool starttls = false;
  std::string flavour = "auto";  // as the configuration has it
  bool is_anonymous = false;
  std::string bind_dn;
  SecretPlace bind_password;
  std::string ca_file;  // absolute path; empty: the system's CAs
};

struct VaultAnswers {
  std::string url, user;
  SecretPlace password;
  std::string ca_file;
  std::string domain;  // the Vault's directory mapping; empty: people without a Vault user wait
};

struct ConsoleAnswers {
  std::string url, user;
  SecretPlace password;
  std::string ca_file;
  std::string role;  // of groups that are created; empty: none is created
};

struct Answers {
  DirectoryAnswers directory;
  std::optional<VaultAnswers> vault;
  std::optional<ConsoleAnswers> console;
  std::string groups;  // filter of the groups that are to be kept; empty: as proposed
  std::string state_dir = "/var/lib/dirsyncd";
};

}  // namespace dirsync::init
