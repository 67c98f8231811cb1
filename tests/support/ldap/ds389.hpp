#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/ldap/tools.hpp"
#include "tests/support/net/certificates.hpp"
#include "tests/support/process/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::test {

/// A real 389 Directory Server on 127.0.0.1, stopped at the end. All that it has is in a folder of its own:
/// it is started from the package's own template and not by dscreate, which writes to /etc and /var and wants
/// systemd. Suffix dc=example,dc=com, administrator "cn=Directory Manager" with password "secret123".
/// Takes two seconds to start and two to stop. Throws std::runtime_error.
class Ds389 {
 public:
  struct Options {
    std::string ldif{};
    std::vector<std::string> plugins{};  // to be switched on, such as "MemberOf Plugin"
    CertificateOptions certificate{};
  };
  explicit Ds389(Options const& options);
  ~Ds389();
  Ds389(Ds389 const&) = delete;
  Ds389& operator=(Ds389 const&) = delete;

  /// With the same data and ports.
  void start();
  void stop();

  std::string uri() const { return "ldap://127.0.0.1:" + std::to_string(port_); }
  std::string tls_uri() const { return "ldaps://127.0.0.1:" + std::to_string(tls_port_); }
  std::string ca_file() const { return certificates_.ca_file; }
  CertificateFiles const& certificates() const { return certificates_; }
  /// As the administrator, whom no access rule and no limit touches.
  LdapTools tools() const { return LdapTools{{uri(), "cn=Directory Manager", "secret123", ca_file()}}; }

 private:
  void write_configuration(Options const& options);
  void make_key_store();
  TempFolder folder_;
  CertificateFiles certificates_;
  std::uint16_t port_ = 0, tls_port_ = 0;
  std::optional<Process> process_;
};

}  // namespace dirsync::test
