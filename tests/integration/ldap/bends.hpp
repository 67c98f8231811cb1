#pragma once
// Ways to bend one answer of a server.
#include "tests/integration/ldap/faults_fixture.hpp"

namespace dirsync::ldap {

using test::LdapEntry;
using test::LdapMessage;
using test::LdapProxy;
using test::LdapRequest;
using Messages = std::vector<LdapMessage>;

inline Messages untouched(LdapRequest const&, LdapMessage message) { return {std::move(message)}; }

inline bool ends_an_answer(LdapMessage const& message) {
  return message.operation == LdapMessage::kSearchDone || message.operation == LdapMessage::kBindResponse;
}

/// Bends the final result of one page, counted from 1.
inline LdapProxy::Edit at_the_end_of(Where where, int page, std::function<void(LdapMessage&)> bend) {
  return [where, page, bend = std::move(bend)](LdapRequest const& request, LdapMessage message) {
    if (where_of(request) == where && request.nth == page && ends_an_answer(message)) bend(message);
    return Messages{std::move(message)};
  };
}

struct GivenAFault : LdapFaultFixture {
  engine::Report run_with(LdapProxy::Edit edit) {
    LdapProxy const proxy{slapd->port(), std::move(edit)};
    return run_from(proxy.uri());
  }
};

}  // namespace dirsync::ldap
