#pragma once
#include <cstdint>

namespace dirsync::test {

/// A TCP port on which nothing listens. It is ours until this process ends: other tests that run meanwhile
/// get others, and the system gives it to no outgoing connection. Throws std::runtime_error if none is left.
std::uint16_t free_port();

}  // namespace dirsync::test
