#include "tests/integration/directories/contract.hpp"
#include "tests/integration/directories/openldap_server.hpp"

namespace dirsync::ldap {
INSTANTIATE_TYPED_TEST_SUITE_P(OpenLdap, GivenADirectory, OpenLdapServer);
}  // namespace dirsync::ldap
