#include "ldap/connect/sasl.hpp"

#include <sasl/sasl.h>

#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// SASL's questions, which GSSAPI needs no answers to. The SASL context is made within the bind, so this is
/// the first moment at which it can be given the credentials.
int answer_nothing(LDAP* handle, unsigned, void* credentials, void* questions) {
  if (ldap_set_option(handle, LDAP_OPT_X_SASL_GSS_CREDS, credentials) != LDAP_OPT_SUCCESS)
    return LDAP_LOCAL_ERROR;
  for (auto* question = static_cast<sasl_interact_t*>(questions); question->id != SASL_CB_LIST_END;
       ++question) {
    question->result = "";
    question->len = 0;
  }
  return LDAP_SUCCESS;
}

Result<void> set_protection(LDAP* handle, bool over_tls, std::string const& what) {
  // In bits of the key, as SASL counts: 56 is the least that encrypts, 1 would be integrity alone.
  ber_len_t const least = over_tls ? 0 : 56;
  ber_len_t const most = over_tls ? 0 : 256;
  int const binding = over_tls ? LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT : LDAP_OPT_X_SASL_CBINDING_NONE;
  auto const set = [handle](int option, void const* value) {
    return ldap_set_option(handle, option, value) == LDAP_OPT_SUCCESS;
  };
  if (set(LDAP_OPT_X_SASL_SSF_MIN, &least) && set(LDAP_OPT_X_SASL_SSF_MAX, &most) &&
      set(LDAP_OPT_X_SASL_CBINDING, &binding) && set(LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON))
    return {};
  return Error{LdapErrc::bad_setup, what + ": libldap does not take its SASL options; check its version"};
}

Error gssapi_error(Connection const& connection, int result, std::string const& what) {
  auto error = connection.last_error(what);
  if (result == LDAP_AUTH_UNKNOWN)
    return {LdapErrc::bind_refused,
            error.context +
                "; install Cyrus SASL's GSSAPI plug-in (Debian: libsasl2-modules-gssapi-mit); "
                "without TLS the server must offer a layer that encrypts"};
  // RFC 4511, appendix A: positive results are the server's; the others come from this side.
  if (result == LDAP_LOCAL_ERROR || result == LDAP_DECODING_ERROR) error.code = LdapErrc::bind_refused;
  return error;
}

}  // namespace

Result<void> bind_external(Connection& connection, std::string const& what) {
  berval nobody{0, const_cast<char*>("")};  // the identity that the server derives by itself
  int id = 0;
  if (ldap_sasl_bind(connection.handle(), nullptr, "EXTERNAL", &nobody, nullptr, nullptr, &id) !=
      LDAP_SUCCESS)
    return connection.last_error(what);
  auto const answer = connection.next(id, what);
  if (!answer) return answer.error();
  return connection.require_success(answer->get(), what);
}

Result<void> bind_gssapi(Connection& connection, Ticket const& ticket, bool over_tls,
                         std::string const& what) {
  if (auto const set = set_protection(connection.handle(), over_tls, what); !set) return set.error();
  MessagePtr answer;
  char const* mechanism = nullptr;
  for (;;) {
    int id = 0;
    auto const result =
        ldap_sasl_interactive_bind(connection.handle(), nullptr, "GSSAPI", nullptr, nullptr, LDAP_SASL_QUIET,
                                   answer_nothing, ticket.credentials(), answer.get(), &mechanism, &id);
    if (result == LDAP_SUCCESS) return {};
    if (result != LDAP_SASL_BIND_IN_PROGRESS) return gssapi_error(connection, result, what);
    auto next = connection.next(id, what);
    if (!next) return next.error();
    answer = std::move(*next);
  }
}

}  // namespace dirsync::ldap
