#pragma once
// Commands of dirsyncd as people wait for them: the process, its configuration, the store, the text.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/bench/measured.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::bench {

/// Of a state folder that some other part of the program filled. Nobody is called.
class Commands {
 public:
  explicit Commands(std::filesystem::path const& state_folder) {
    std::ofstream{folder_.path() / "dirsyncd.toml"}
        << "[service]\nstate_dir = \"" << state_folder.string() << "\"\n"
        << "[directory.corp]\nuris = [\"ldaps://127.0.0.1:1\"]\nbase = \"dc=example,dc=com\"\n"
        << "bind = { method = \"anonymous\" }\n"
        << "[target.vault]\nkind = \"cyberark-vault\"\nurl = \"https://127.0.0.1:1/PasswordVault\"\n"
        << "auth = { user = \"bench\", password = { env = \"NOT_ASKED_FOR\" } }\n"
        << "[[rule]]\nname = \"rule1\"\ndirectory = \"corp\"\ntarget = \"vault\"\n"
        << "groups = \"(cn=group*)\"\n";
  }
  std::string path(std::string const& name) const { return (folder_.path() / name).string(); }
  /// Seconds from its start to its end. `words` as a shell takes them. Ends this program when it fails.
  double run(std::string const& words) const {
    auto const command = std::string{DIRSYNC_BIN_DIR "/dirsyncd --config "} + path("dirsyncd.toml") + " " +
                         words + " >" + path("out");
    auto const begun = std::chrono::steady_clock::now();
    if (std::system(command.c_str()) != 0) give_up(command + " failed");
    std::chrono::duration<double> const taken = std::chrono::steady_clock::now() - begun;
    return taken.count();
  }

 private:
  TempFolder folder_;
};

}  // namespace dirsync::bench
