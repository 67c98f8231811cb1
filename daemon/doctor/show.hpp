#pragma once
// Command lines by which a person sees the same as dirsyncd; no secret is in one.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"

namespace dirsync::doctor {

/// As one word of a shell's command line.
std::string quoted_word(std::string_view text);

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

/// The handshake with the host of a URL; `starttls`: LDAP's.
std::string openssl(std::string const& url, std::string const& ca_file, bool starttls);
std::string name_look_up(std::string const& url);
std::string port_look(std::string const& url);
std::string curl(std::string const& url, Tls const& tls);

/// Host of a URL or URI without brackets, and its port, by the scheme where it names none.
struct HostAndPort {
  std::string host, port;
};
HostAndPort host_and_port(std::string_view url);

}  // namespace dirsync::doctor
