#include "tests/integration/directories/contract.hpp"
#include "tests/integration/directories/samba_server.hpp"

namespace dirsync::ldap {
INSTANTIATE_TYPED_TEST_SUITE_P(Samba, GivenADirectory, SambaServer);
}  // namespace dirsync::ldap
