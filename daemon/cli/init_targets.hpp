#pragma once
// What `dirsyncd init` asks about targets, and what these questions share with those about the directory.
#include <string>

#include "daemon/cli/dialogue.hpp"
#include "daemon/cli/init_answers.hpp"

namespace dirsync::cli {

/// `base`: of the directory; the Vault's mapping may have its domain's name. Errors: InitErrc::input_ended.
Result<void> ask_for_vault(InitArguments const& options, std::string const& base, InitState& state);
Result<void> ask_for_console(InitArguments const& options, InitState& state);

/// The person ended the dialogue.
Error input_ended();
/// ask_until() with an error for the end of the input.
Result<std::string> answer_until(AnswerCheck const& check, std::string const& why, std::string const& what,
                                 std::string const& otherwise);
/// The absolute path of a file that can be read; empty: the system's CAs. `why`: without a full stop.
Result<std::string> ask_for_ca(std::string const& why, std::string const& what, std::string const& otherwise);

/// Files of the service's own folder are its credentials.
init::SecretPlace secret_place(std::string const& file);
/// Absolute; empty stays empty.
std::string whole_path(std::string const& file);

}  // namespace dirsync::cli
