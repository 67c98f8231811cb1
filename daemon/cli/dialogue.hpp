#pragma once
// Questions to a person. They go to standard error, the answers come from standard input, both a terminal.
#include <functional>
#include <optional>
#include <string>

#include "sync/model/error.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::cli {

/// Each question has one line that explains it. An empty answer takes the default. Nothing: the person ended
/// the input (Ctrl-D). Thread: main.
std::optional<std::string> ask(std::string const& why, std::string const& what, std::string const& otherwise);
/// Whether an answer can be used. The error's context is told to the person.
using AnswerCheck = std::function<Result<void>(std::string const& answer)>;
/// Asks again until there is an answer that `check` takes. `otherwise` may be empty: there must be one.
std::optional<std::string> ask_until(AnswerCheck const& check, std::string const& why,
                                     std::string const& what, std::string const& otherwise);
std::optional<bool> ask_whether(std::string const& why, std::string const& what, bool otherwise);
/// What is typed is not shown; asks again until something is. Ctrl-C ends the input here, and sends no
/// signal. One that somebody else sends ends the process once the terminal is as it was.
std::optional<Secret> ask_secret(std::string const& why, std::string const& what);

}  // namespace dirsync::cli
