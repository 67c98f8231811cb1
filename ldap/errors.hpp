#pragma once
#include <string>

#include "sync/model/error.hpp"

namespace dirsync::ldap {

/// Why a directory could not be read; the context of the Error names server, search, cause and remedy.
enum class LdapErrc {
  bad_setup = 1,   // URI, CA file, certificate, empty password
  connect_failed,  // name look-up, refused, unreachable
  tls_failed,      // certificate or handshake
  bind_refused,    // wrong password, or the server wants another way
  timed_out,       // no answer in time; the server's own time limit is time_limit
  cut,             // the connection ended in mid-answer
  busy,            // the server is overloaded, restarting or read-only for a while
  size_limit,      // the server stopped at its size limit
  time_limit,      // the server stopped at its time limit
  admin_limit,     // the server stopped at another limit of its own
  referral,        // part of the answer is on another server
  base_missing,    // a search base is not there, or hidden
  not_readable,    // access to entries or attributes that must be readable
  bad_answer,      // against the protocol: page cookies, malformed entries
  bad_filter,      // libldap cannot encode the filter
  refused,         // any other result code
  wrong_flavour,   // a kind of server that is unknown, or not the configured one
  changed,         // the directory changed while one entry was read in parts
  cancelled,
  bad_member_url,  // a dynamic group whose memberURL cannot be searched
};
boost::system::error_code make_error_code(LdapErrc code);
char const* category_name(LdapErrc);
char const* to_text(LdapErrc code);
Failure failure_of(LdapErrc code);  // transient: another attempt may succeed

// Pure functions: any thread.

/// What an LDAP result code (RFC 4511, appendix A; negative: libldap's own) means here. Not for success.
LdapErrc errc_of(int result);

/// Words of a server or of libldap; empty where they are GnuTLS's "(unknown error code)", which tells
/// nothing.
std::string reason_in(char const* words);

/// "what: result 4 (Size limit exceeded): server's words; remedy".
Error result_error(int result, std::string const& what, std::string const& server_words);

}  // namespace dirsync::ldap

template <>
struct boost::system::is_error_code_enum<dirsync::ldap::LdapErrc> : std::true_type {};
