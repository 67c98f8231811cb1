#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::test {

/// A real MIT KDC for the realm EXAMPLE.TEST on 127.0.0.1, stopped at the end. Knows the service
/// ldap/127.0.0.1 from the start. Throws std::runtime_error.
class Kdc {
 public:
  Kdc();
  ~Kdc() { stop(); }
  Kdc(Kdc const&) = delete;
  Kdc& operator=(Kdc const&) = delete;

  /// With the same principals and port.
  void start();
  void stop();

  /// Adds a principal, such as "dirsyncd"; its keys are in the keytab that is returned, and nowhere else.
  std::filesystem::path add_principal(std::string const& name);
  std::string config_file() const { return folder_.path() / "krb5.conf"; }
  std::filesystem::path cache_file() const { return folder_.path() / "cache"; }
  /// For programs that ask for tickets: this realm alone, and a cache of its own.
  Environment client_environment() const;
  /// For the slapd that is ldap/127.0.0.1; with it go server_lines() as Slapd::Options::global_lines.
  /// Who binds is "uid=NAME,cn=example.test,cn=gssapi,cn=auth" there.
  Environment server_environment() const;
  static std::vector<std::string> server_lines();

 private:
  Environment own_environment() const;
  void write_configuration();
  TempFolder folder_;
  std::uint16_t port_ = 0;
  std::filesystem::path service_keytab_;
  std::optional<Process> process_;
};

}  // namespace dirsync::test
