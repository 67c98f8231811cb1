#pragma once
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>

#include "tests/integration/ldap/fixture.hpp"

namespace dirsync::ldap {

inline CertificateClause clause_in(Certificate const& certificate, std::string const& name) {
  auto const found = std::ranges::find(certificate.clauses, name, &CertificateClause::name);
  return found == certificate.clauses.end() ? CertificateClause{name, false, "there is no such clause"}
                                            : *found;
}

struct CompletenessFixture : LdapFixture {
  /// Reads, and keeps what was proven.
  Result<Snapshot> prove(Settings const& settings) {
    LdapDirectory directory{settings};
    auto snapshot = run(directory.read(query()));
    proven = directory.proven();
    return snapshot;
  }
  Certificate proven;
};

}  // namespace dirsync::ldap
