#include "tests/support/ldap/kdc.hpp"

#include <algorithm>
#include <fstream>

#include "tests/support/net/free_port.hpp"
#include "tests/support/process/server.hpp"

namespace dirsync::test {

Kdc::Kdc() : port_(free_port()) {
  write_configuration();
  output_of({"/usr/sbin/kdb5_util", "create", "-s", "-r", "EXAMPLE.TEST", "-P", "master"}, folder_.path(),
            own_environment());
  service_keytab_ = add_principal("ldap/127.0.0.1");
  start();
}

/// No DNS, and TCP alone: a port that is free for TCP may be taken for UDP.
void Kdc::write_configuration() {
  std::ofstream{config_file()}
      << "[libdefaults]\n default_realm = EXAMPLE.TEST\n dns_lookup_kdc = false\n"
      << " dns_lookup_realm = false\n dns_canonicalize_hostname = false\n rdns = false\n"
      << " udp_preference_limit = 1\n"
      << "[realms]\n EXAMPLE.TEST = {\n  kdc = 127.0.0.1:" << port_ << "\n }\n"
      << "[domain_realm]\n localhost = EXAMPLE.TEST\n 127.0.0.1 = EXAMPLE.TEST\n";
  std::ofstream{folder_.path() / "kdc.conf"}
      << "[kdcdefaults]\n kdc_listen = \"\"\n kdc_tcp_listen = 127.0.0.1:" << port_ << "\n"
      << "[realms]\n EXAMPLE.TEST = {\n  database_name = " << (folder_.path() / "principal").string()
      << "\n  key_stash_file = " << (folder_.path() / "stash").string()
      << "\n  acl_file = " << (folder_.path() / "acl").string() << "\n }\n"
      << "[logging]\n kdc = STDERR\n";
}

Environment Kdc::own_environment() const {
  return {{"KRB5_CONFIG", config_file()}, {"KRB5_KDC_PROFILE", folder_.path() / "kdc.conf"}};
}

Environment Kdc::client_environment() const {
  return {{"KRB5_CONFIG", config_file()}, {"KRB5CCNAME", "FILE:" + cache_file().string()}};
}

Environment Kdc::server_environment() const {
  return {{"KRB5_CONFIG", config_file()}, {"KRB5_KTNAME", service_keytab_}, {"KRB5RCACHENAME", "none:"}};
}

std::vector<std::string> Kdc::server_lines() { return {"sasl-host 127.0.0.1", "sasl-realm EXAMPLE.TEST"}; }

std::filesystem::path Kdc::add_principal(std::string const& name) {
  auto file_name = name + ".keytab";
  std::ranges::replace(file_name, '/', '_');
  auto const keytab = folder_.path() / file_name;
  for (auto const& query : {"addprinc -randkey " + name, "ktadd -k " + keytab.string() + " " + name})
    output_of({"/usr/sbin/kadmin.local", "-r", "EXAMPLE.TEST", "-q", query}, folder_.path(),
              own_environment());
  return keytab;
}

void Kdc::start() {
  process_.emplace(bound_to_us({"/usr/sbin/krb5kdc", "-n"}), folder_.path(), "krb5kdc", own_environment());
  wait_until_listening(*process_, "krb5kdc", {port_});
}

void Kdc::stop() {
  if (process_) process_->stop();
  process_.reset();
}

}  // namespace dirsync::test
