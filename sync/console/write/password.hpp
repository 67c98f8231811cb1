#pragma once
#include "sync/model/error.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::console {

/// A password that nobody knows: 20 random characters, the most that the console takes, with a digit, a
/// lower-case and an upper-case letter and one of @ # $ * ! ^. Errors: ConsoleErrc::bad_settings, when the
/// system gives no random numbers.
Result<Secret> random_password();

}  // namespace dirsync::console
