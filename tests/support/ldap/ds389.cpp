#include "tests/support/ldap/ds389.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

#include "tests/support/net/free_port.hpp"
#include "tests/support/process/server.hpp"

namespace dirsync::test {
namespace {

constexpr char kTemplates[] = "/usr/share/dirsrv/data";
constexpr char kSuffix[] = "dc=example,dc=com";
constexpr char kBackend[] = "userroot";

/// As whom the server runs: root gives way to the package's own user, others stay themselves.
std::string user() { return ::geteuid() == 0 ? "dirsrv" : ::getpwuid(::geteuid())->pw_name; }
/// For bound_to_us().
std::string switch_to() { return ::geteuid() == 0 ? user() : std::string{}; }

using Words = std::map<std::string, std::string>;

/// Puts the words in the place of "%key%".
std::string filled(std::string line, Words const& words) {
  for (auto const& [key, value] : words)
    for (auto place = line.find(key); place != std::string::npos; place = line.find(key))
      line.replace(place, key.size(), value);
  return line;
}

/// "MemberOf Plugin" of "dn: cn=MemberOf Plugin,cn=plugins,cn=config".
std::string plugin_of(std::string const& line) {
  auto const end = line.find(",cn=plugins,cn=config");
  return line.starts_with("dn: cn=") && end != std::string::npos ? line.substr(7, end - 7) : std::string{};
}

/// Appends one of the package's templates to `output`.
void fill_template(std::string const& name, Words const& words, std::vector<std::string> const& plugins,
                   std::ostream& output) {
  std::ifstream input{std::filesystem::path{kTemplates} / name};
  if (!input)
    throw std::runtime_error{std::string{kTemplates} + "/" + name + " is not there; install 389-ds-base"};
  std::string plugin;
  for (std::string line; std::getline(input, line);) {
    // The server takes a comment on its own, or a second empty line, for an entry without a name.
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("dn: ") && output.tellp() > 0) output << "\n";
    if (line.starts_with("dn: ")) plugin = plugin_of(line);
    auto const switches =
        line.starts_with("nsslapd-pluginenabled:") || line.starts_with("nsslapd-pluginEnabled:");
    if (switches && std::ranges::find(plugins, plugin) != plugins.end()) line = "nsslapd-pluginEnabled: on";
    output << filled(line, words) << "\n";
  }
}

}  // namespace

Ds389::Ds389(Options const& options)
    : certificates_(make_certificates(folder_.path(), options.certificate)),
      port_(free_port()),
      tls_port_(free_port()) {
  for (auto const* name : {"config", "db", "ldif", "bak", "lock", "log", "run", "tmp"})
    std::filesystem::create_directory(folder_.path() / name);
  write_configuration(options);
  make_key_store();
  std::ofstream{folder_.path() / "ldif" / "data.ldif"} << options.ldif;
  if (::geteuid() == 0) output_of({"chown", "-R", user() + ":", folder_.path()}, folder_.path());
  output_of(bound_to_us({"/usr/sbin/ns-slapd", "ldif2db", "-D", folder_.path() / "config", "-n", kBackend,
                         "-i", folder_.path() / "ldif" / "data.ldif"},
                        switch_to()),
            folder_.path());
  start();
}

Ds389::~Ds389() { stop(); }

void Ds389::write_configuration(Options const& options) {
  auto const config = folder_.path() / "config";
  std::filesystem::copy("/etc/dirsrv/schema", config / "schema");
  for (auto const* name : {"slapd-collations.conf", "certmap.conf"})
    std::filesystem::copy(std::filesystem::path{"/etc/dirsrv/config"} / name, config / name);
  auto const in_folder = [this](char const* name) { return (folder_.path() / name).string(); };
  Words const words{
      {"%schema_dir%", config / "schema"},
      {"%config_dir%", config},
      {"%cert_dir%", config},
      {"%lock_dir%", in_folder("lock")},
      {"%tmp_dir%", in_folder("tmp")},
      {"%ldif_dir%", in_folder("ldif")},
      {"%bak_dir%", in_folder("bak")},
      {"%run_dir%", in_folder("run")},
      {"%inst_dir%", in_folder("run")},
      {"%log_dir%", in_folder("log")},
      {"%db_dir%", in_folder("db")},
      {"%db_home_dir%", in_folder("db")},
      {"%db_lib%", "bdb"},
      {"%fqdn%", "localhost"},
      {"%ds_user%", user()},
      {"%rootdn%", "cn=Directory Manager"},
      {"%ds_passwd%", "{CLEAR}secret123"},
      {"%ldapi_enabled%", "off"},
      {"%ldapi%", in_folder("run/ldapi")},
      {"%ldapi_autobind%", "off"},
      {"%ds_suffix%", kSuffix},
      {"%ds_bename%", kBackend},
      {"%ds_port%",
       std::to_string(port_) + "\nnsslapd-listenhost: 127.0.0.1\nnsslapd-security: on" +
           "\nnsslapd-securelistenhost: 127.0.0.1\nnsslapd-securePort: " + std::to_string(tls_port_)}};
  std::ofstream file{config / "dse.ldif"};
  fill_template("template-dse.ldif", words, options.plugins, file);
  fill_template("template-suffix-db.ldif", words, {}, file);
}

/// The server reads certificates from an NSS database only.
void Ds389::make_key_store() {
  auto const folder = folder_.path();
  auto const database = folder / "config", bundle = folder / "server.p12";
  output_of({"openssl", "pkcs12", "-export", "-in", certificates_.cert_file, "-inkey", certificates_.key_file,
             "-name", "Server-Cert", "-out", bundle, "-passout", "pass:"},
            folder);
  output_of({"certutil", "-N", "-d", database, "--empty-password"}, folder);
  output_of({"pk12util", "-i", bundle, "-d", database, "-W", ""}, folder);
  output_of(
      {"certutil", "-A", "-d", database, "-n", "test CA", "-t", "CT,,", "-a", "-i", certificates_.ca_file},
      folder);
}

void Ds389::start() {
  process_.emplace(bound_to_us({"/usr/sbin/ns-slapd", "-D", folder_.path() / "config", "-i",
                                folder_.path() / "run" / "pid", "-d", "0"},
                               switch_to()),
                   folder_.path(), "ns-slapd");
  wait_until_listening(*process_, "ns-slapd", {port_, tls_port_});
  tools().root();
}

void Ds389::stop() {
  if (process_) process_->stop();
  process_.reset();
}

}  // namespace dirsync::test
