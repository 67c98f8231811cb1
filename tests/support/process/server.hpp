#pragma once
#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/process/process.hpp"

namespace dirsync::test {

/// The words of a program that is killed when this process ends without stopping it, as on a time-out of
/// ctest. `user`: whom it runs as; empty: us.
std::vector<std::string> bound_to_us(std::vector<std::string> words, std::string const& user = {});

/// Waits until all `ports` of `host` (loopback, host byte order) take connections. Throws std::runtime_error
/// with the server's own words when it ends first, or is silent for a minute.
void wait_until_listening(Process& server, std::string const& name, std::vector<std::uint16_t> const& ports,
                          std::uint32_t host = INADDR_LOOPBACK);

}  // namespace dirsync::test
