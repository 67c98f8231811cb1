#pragma once
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/world.hpp"

namespace dirsync::test {

/// Nobody has written dirsyncd.toml yet.
class GivenNoConfiguration : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    std::filesystem::remove(config_file());
  }
  std::vector<std::string> directory_options() const {
    return {"--uri",
            configuration.ldap_uri,
            "--ca-file",
            configuration.ldap_ca,
            "--bind-dn",
            kReaderDn,
            "--bind-password-file",
            configuration.ldap_password_file};
  }
  std::vector<std::string> vault_options() const {
    return {"--vault-url",           configuration.vault_url,
            "--vault-user",          "svc-dirsync",
            "--vault-ca-file",       configuration.vault_ca,
            "--vault-password-file", configuration.vault_password_file,
            "--vault-domain",        "example.com"};
  }
  Finished init(std::vector<std::vector<std::string>> const& options) {
    std::vector<std::string> words{"init", "--state-dir", configuration.state_dir};
    for (auto const& some : options) words.insert(words.end(), some.begin(), some.end());
    return run(words);
  }
  bool is_written() const { return std::filesystem::exists(config_file()); }
  static mode_t mode_of(std::filesystem::path const& file) {
    struct ::stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
    return status.st_mode & 07777;
  }
};

}  // namespace dirsync::test
