#include "tests/integration/directories/contract.hpp"
#include "tests/integration/directories/ds389_server.hpp"

namespace dirsync::ldap {
INSTANTIATE_TYPED_TEST_SUITE_P(Ds389, GivenADirectory, Ds389Server);
}  // namespace dirsync::ldap
