#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/ldap/tools.hpp"
#include "tests/support/net/certificates.hpp"
#include "tests/support/process/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::test {

/// A real Samba as the domain controller of EXAMPLE.TEST, stopped at the end; its LDAP only. Its ports are
/// fixed (389, 636), so it gets a loopback address of its own and needs the right to open them (root).
/// Takes six seconds to make and one to start. Throws std::runtime_error.
class SambaDc {
 public:
  struct Options {
    std::string ldif{};  // added before the start, which is quicker than over LDAP
  };
  explicit SambaDc(Options const& options);
  ~SambaDc();
  SambaDc(SambaDc const&) = delete;
  SambaDc& operator=(SambaDc const&) = delete;

  /// With the same data and address.
  void start();
  void stop();

  static constexpr char kBase[] = "DC=example,DC=test";
  static constexpr char kAdministrator[] = "administrator@EXAMPLE.TEST";
  static constexpr char kPassword[] = "Passw0rd.1";

  std::string uri() const { return "ldap://" + address(); }
  std::string tls_uri() const { return "ldaps://" + address(); }
  std::string ca_file() const { return certificates_.ca_file; }
  /// As the domain's administrator, over LDAPS.
  LdapTools tools() const { return LdapTools{{tls_uri(), kAdministrator, kPassword, ca_file()}}; }

 private:
  std::string address() const;
  void provision();
  void write_configuration();
  TempFolder folder_;
  std::uint32_t address_ = 0;  // host byte order
  CertificateFiles certificates_;
  std::optional<Process> process_;
};

}  // namespace dirsync::test
