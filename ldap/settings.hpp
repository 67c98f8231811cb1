#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "sync/model/secret.hpp"

namespace dirsync::ldap {

enum class Flavour { automatic, openldap, ds389, active_directory };
char const* to_text(Flavour flavour);  // "auto", "openldap", "389ds", "ad"

enum class Scope { base, one, sub };

struct Bind {
  enum class Method { anonymous, simple, external, gssapi } method = Method::anonymous;
  std::string dn;
  Secret password;
};

struct TlsSettings {
  std::string ca_file, ca_dir;      // both empty: the system's CAs
  std::string min_version = "1.2";  // "1.2" or "1.3"
  std::string cert_file, key_file;  // client certificate
  bool starttls = false;            // for ldap://
  bool verify = true;
  bool plaintext = false;  // a password may go over ldap:// without StartTLS
};

/// Where entries of one kind live. An empty filter is the flavour's own for people, its group classes alone
/// for groups.
struct Area {
  std::string base;
  std::string filter;
  Scope scope = Scope::sub;
};

/// connect: one server, its TLS handshake included. idle: until the next complete answer. total: one attempt.
struct Timeouts {
  std::chrono::milliseconds connect{10'000}, idle{30'000}, total{300'000};
};

struct Retry {
  int attempts = 4;  // in all, the first included
  std::chrono::milliseconds first{500}, longest{60'000};
};

struct Settings {
  std::string name;               // of the directory, for messages
  std::vector<std::string> uris;  // ldap:// or ldaps://; tried in order
  Flavour flavour = Flavour::automatic;
  std::string base;  // of everything: where an entry is looked for by its id
  Bind bind;
  TlsSettings tls;
  Area users, groups;
  Timeouts timeouts;
  Retry retry;
  int page_size = 1000;
};

}  // namespace dirsync::ldap
