#pragma once
// Command lines by which a person sees the same as dirsyncd; no secret is in one.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"

namespace dirsync::doctor {

/// The path in `effective` of the secret at `key` ("directory.corp.bind.password"); empty: it is in no file.
std::string secret_file(config::Config const& config, std::string const& key);

/// How a directory is reached by ldapsearch.
struct LdapAccess {
  ldap::Settings const& settings;
  std::string uri;
  std::string password_file;  // empty: ldapsearch asks
};
std::string ldapsearch(LdapAccess const& access, std::string const& base, ldap::Scope scope,
                       std::string const& filter, std::vector<std::string> const& attributes);

/// The handshake with the host of a URL, which tells what is wrong with the server's certificate and ends as
/// ours does. `starttls`: LDAP's.
std::string handshake(std::string const& url, Tls const& tls, bool starttls);
/// Whose certificate an accepted handshake shows, and until when it is valid.
std::string certificate_dates(std::string const& url, Tls const& tls, bool starttls);
std::string name_look_up(std::string const& url);
std::string port_look(std::string const& url);
std::string curl(std::string const& url, Tls const& tls);

/// Host of a URL or URI without brackets, and its port, by the scheme where it names none.
struct HostAndPort {
  std::string host, port;
};
HostAndPort host_and_port(std::string_view url);

}  // namespace dirsync::doctor
