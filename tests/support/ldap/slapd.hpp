#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/net/certificates.hpp"
#include "tests/support/process/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::test {

/// A real slapd on 127.0.0.1 in a folder of its own, stopped at the end. Suffix dc=example,dc=com,
/// administrator cn=admin,dc=example,dc=com with password "secret". Throws std::runtime_error.
class Slapd {
 public:
  struct Options {
    std::string ldif{};
    std::vector<std::string> global_lines{};    // of slapd.conf, before the database
    std::vector<std::string> database_lines{};  // after the database's own
    std::vector<std::string> access = {"access to * by * read"};
    /// Of the log of changes, cn=accesslog (slapo-accesslog(5)), which begins empty; none: there is no log.
    std::vector<std::string> log_access{};
    CertificateOptions certificate{};
    Environment environment{};  // such as Kdc::server_environment()
  };
  explicit Slapd(Options const& options);
  ~Slapd();
  Slapd(Slapd const&) = delete;
  Slapd& operator=(Slapd const&) = delete;

  /// With the same data and ports.
  void start();
  void stop();
  /// Starts again with other settings; `ldif` and `certificate` have no effect.
  void reconfigure(Options const& options);
  /// The whole database as slapcat writes it, operational attributes and change number included.
  std::string backup() const;
  /// Puts `ldif` in place of the database, offline, and starts again.
  void restore(std::string const& ldif);
  /// Change records (RFC 2849), as the administrator.
  void modify(std::string const& records) const;
  /// The same past the running server, with slapmodify: whoever reads finds it, and no feed is told.
  void modify_unseen(std::string const& records) const;

  std::uint16_t port() const { return port_; }
  std::uint16_t tls_port() const { return tls_port_; }
  std::string uri() const { return "ldap://127.0.0.1:" + std::to_string(port_); }
  std::string tls_uri() const { return "ldaps://127.0.0.1:" + std::to_string(tls_port_); }
  /// ldapi://, where SASL EXTERNAL gives "gidNumber=G+uidNumber=U,cn=peercred,cn=external,cn=auth".
  std::string socket_uri() const;
  std::string ca_file() const { return certificates_.ca_file; }
  CertificateFiles const& certificates() const { return certificates_; }
  pid_t pid() const { return process_->pid(); }

 private:
  void write_configuration(Options const& options);
  void load(std::string const& ldif) const;
  TempFolder folder_;
  CertificateFiles certificates_;
  std::uint16_t port_ = 0, tls_port_ = 0;
  Environment environment_;
  std::optional<Process> process_;
};

}  // namespace dirsync::test
