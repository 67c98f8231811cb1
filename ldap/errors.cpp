#include "ldap/errors.hpp"

#include <ldap.h>

#include "ldap/diagnostics.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

char const* remedy_of(LdapErrc code) {
  switch (code) {
    case LdapErrc::bad_setup:
      return "correct the directory's settings";
    case LdapErrc::connect_failed:
      return "check the URI, the network and that the server runs";
    case LdapErrc::tls_failed:
      return "check tls.ca_file, the server's certificate and that its name is the URI's host";
    case LdapErrc::bind_refused:
      return "check the bind DN, its password and its rights";
    case LdapErrc::timed_out:
      return "check the server's load and the network, or raise the directory's timeouts";
    case LdapErrc::cut:
      return "check the server's log for the reason; the read is done again";
    case LdapErrc::busy:
      return "wait for the server; the read is done again";
    case LdapErrc::size_limit:
      return "let the bind DN read without a size limit (slapd: limits dn.exact=\"...\" size=unlimited)";
    case LdapErrc::time_limit:
      return "let the bind DN search longer (slapd: limits dn.exact=\"...\" time=unlimited), "
             "or index the filter's attributes";
    case LdapErrc::admin_limit:
      return "raise the server's look-through limit for the bind DN or index the filter's attributes";
    case LdapErrc::referral:
      return "name the server that holds the data or a base without referral entries, "
             "or set the directory's referrals";
    case LdapErrc::base_missing:
      return "check the base's spelling and that the bind DN may read the base entry";
    case LdapErrc::not_readable:
      return "give the bind DN read access";
    case LdapErrc::bad_answer:
      return "check for a proxy in between and the server's version";
    case LdapErrc::bad_filter:
      return "write the filter as in RFC 4515";
    case LdapErrc::refused:
      return "see the server's log";
    case LdapErrc::wrong_flavour:
      return "correct the directory's flavour or its uris";
    case LdapErrc::changed:
      return "the read is done again";
    case LdapErrc::cancelled:
      return "run it again";
    case LdapErrc::bad_member_url:
      return "correct the group's memberURL";
  }
  return "";
}

}  // namespace

boost::system::error_code make_error_code(LdapErrc code) { return code_of(code); }
char const* category_name(LdapErrc) { return "ldap"; }

char const* to_text(LdapErrc code) {
  switch (code) {
    case LdapErrc::bad_setup:
      return "the settings cannot work";
    case LdapErrc::connect_failed:
      return "the server cannot be reached";
    case LdapErrc::tls_failed:
      return "TLS failed";
    case LdapErrc::bind_refused:
      return "the server refused the bind";
    case LdapErrc::timed_out:
      return "no answer came in time";
    case LdapErrc::cut:
      return "the connection was lost";
    case LdapErrc::busy:
      return "the server is busy";
    case LdapErrc::size_limit:
      return "the server's size limit cut the answer";
    case LdapErrc::time_limit:
      return "the server's time limit cut the answer";
    case LdapErrc::admin_limit:
      return "a limit of the server cut the answer";
    case LdapErrc::referral:
      return "the server refers elsewhere";
    case LdapErrc::base_missing:
      return "the search base was not found";
    case LdapErrc::not_readable:
      return "what must be read is not shown";
    case LdapErrc::bad_answer:
      return "the answer cannot be used";
    case LdapErrc::bad_filter:
      return "the filter is malformed";
    case LdapErrc::refused:
      return "the server refused the request";
    case LdapErrc::wrong_flavour:
      return "the server is of another kind";
    case LdapErrc::changed:
      return "the entry changed while it was read";
    case LdapErrc::cancelled:
      return "cancelled";
    case LdapErrc::bad_member_url:
      return "the memberURL cannot be used";
  }
  return "unknown";
}

Failure failure_of(LdapErrc code) {
  switch (code) {
    case LdapErrc::connect_failed:
    case LdapErrc::timed_out:
    case LdapErrc::cut:
    case LdapErrc::busy:
    case LdapErrc::changed:
      return Failure::transient;
    default:
      return Failure::permanent;
  }
}

LdapErrc errc_of(int result) {
  switch (result) {
    case LDAP_SIZELIMIT_EXCEEDED:
      return LdapErrc::size_limit;
    case LDAP_TIMELIMIT_EXCEEDED:
      return LdapErrc::time_limit;
    case LDAP_ADMINLIMIT_EXCEEDED:
      return LdapErrc::admin_limit;
    case LDAP_REFERRAL:
    case LDAP_PARTIAL_RESULTS:
      return LdapErrc::referral;
    case LDAP_NO_SUCH_OBJECT:
    case LDAP_INVALID_DN_SYNTAX:
      return LdapErrc::base_missing;
    case LDAP_INSUFFICIENT_ACCESS:
      return LdapErrc::not_readable;
    case LDAP_AUTH_METHOD_NOT_SUPPORTED:
    case LDAP_AUTH_UNKNOWN:  // no such SASL mechanism here, or none that protects enough
    case LDAP_STRONG_AUTH_REQUIRED:
    case LDAP_CONFIDENTIALITY_REQUIRED:
    case LDAP_INAPPROPRIATE_AUTH:
    case LDAP_INVALID_CREDENTIALS:
      return LdapErrc::bind_refused;
    case LDAP_BUSY:
    case LDAP_UNAVAILABLE:
      return LdapErrc::busy;
    case LDAP_SERVER_DOWN:
      return LdapErrc::cut;
    case LDAP_TIMEOUT:
      return LdapErrc::timed_out;
    case LDAP_CONNECT_ERROR:
      return LdapErrc::connect_failed;
    case LDAP_FILTER_ERROR:
      return LdapErrc::bad_filter;
    case LDAP_PROTOCOL_ERROR:
    case LDAP_UNAVAILABLE_CRITICAL_EXTENSION:
    case LDAP_DECODING_ERROR:
    case LDAP_CONTROL_NOT_FOUND:
      return LdapErrc::bad_answer;
    default:
      return LdapErrc::refused;
  }
}

std::string reason_in(char const* words) {
  std::string reason{words == nullptr ? "" : words};
  return reason == "(unknown error code)" ? "" : reason;
}

Error result_error(int result, std::string const& what, std::string const& server_words) {
  auto const code = errc_of(result);
  auto context = what + ": result " + std::to_string(result) + " (" + ldap_err2string(result) + ")";
  if (!server_words.empty()) context += ": " + printable(server_words);
  auto const* const remedy = result == LDAP_UNAVAILABLE_CRITICAL_EXTENSION
                                 ? "searches are paged (RFC 2696), and the server does not take that "
                                   "control; check its version, its "
                                   "limits for the bind DN, and for a proxy in between"
                                 : remedy_of(code);
  return {code, context + "; " + explain_active_directory(result, server_words).value_or(remedy)};
}

}  // namespace dirsync::ldap
