#pragma once
// Questions to a person. They go to standard error, the answers come from standard input, both a terminal.
#include <optional>
#include <string>

#include "sync/model/secret.hpp"

namespace dirsync::cli {

/// Each question has one line that explains it. An empty answer takes the default. Nothing: the person ended
/// the input (Ctrl-D). Thread: main.
std::optional<std::string> ask(std::string const& why, std::string const& what, std::string const& otherwise);
/// Asks again until there is an answer.
std::optional<std::string> ask_for(std::string const& why, std::string const& what);
std::optional<bool> ask_whether(std::string const& why, std::string const& what, bool otherwise);
/// What is typed is not shown. Empty: nothing was typed.
std::optional<Secret> ask_secret(std::string const& why, std::string const& what);

}  // namespace dirsync::cli
