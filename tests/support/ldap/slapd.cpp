#include "tests/support/ldap/slapd.hpp"

#include <fstream>

#include "tests/support/net/free_port.hpp"
#include "tests/support/process/server.hpp"

namespace dirsync::test {
namespace {

std::string escaped(std::string const& path) {
  std::string text;
  for (auto const c : path) text += c == '/' ? std::string{"%2F"} : std::string{c};
  return text;
}

}  // namespace

Slapd::Slapd(Options const& options)
    : certificates_(make_certificates(folder_.path(), options.certificate)),
      port_(free_port()),
      tls_port_(free_port()) {
  write_configuration(options);
  load(options.ldif);
  start();
}

Slapd::~Slapd() { stop(); }

void Slapd::write_configuration(Options const& options) {
  environment_ = options.environment;
  std::ofstream file{folder_.path() / "slapd.conf"};
  for (auto const* schema : {"core", "cosine", "inetorgperson", "nis"})
    file << "include /etc/ldap/schema/" << schema << ".schema\n";
  file << "pidfile " << (folder_.path() / "slapd.pid").string() << "\n"
       << "modulepath /usr/lib/ldap\nmoduleload back_mdb\nsizelimit unlimited\nthreads 8\nsortvals member\n"
       << "TLSCACertificateFile " << certificates_.ca_file.string() << "\n"
       << "TLSCertificateFile " << certificates_.cert_file.string() << "\n"
       << "TLSCertificateKeyFile " << certificates_.key_file.string() << "\n";
  for (auto const& line : options.global_lines) file << line << "\n";
  auto const logs = !options.log_access.empty();
  if (logs)
    file << "moduleload accesslog\ndatabase mdb\nsuffix cn=accesslog\nrootdn "
            "\"cn=admin,dc=example,dc=com\"\n"
         << "directory " << (folder_.path() / "log").string() << "\nmaxsize 1073741824\n"
         << "index objectClass,entryCSN,reqDN,reqResult,reqStart eq\n";
  for (auto const& line : options.log_access) file << line << "\n";
  file << "database mdb\nsuffix \"dc=example,dc=com\"\nrootdn \"cn=admin,dc=example,dc=com\"\nrootpw secret\n"
       << "directory " << (folder_.path() / "db").string() << "\nmaxsize 4294967296\n"
       << "index objectClass,entryUUID,uid,cn,member eq\n";
  for (auto const& line : options.access) file << line << "\n";
  if (logs) file << "overlay accesslog\nlogdb cn=accesslog\nlogops writes\n";
  for (auto const& line : options.database_lines) file << line << "\n";
}

void Slapd::start() {
  process_.emplace(bound_to_us({"/usr/sbin/slapd", "-d", "0", "-f", folder_.path() / "slapd.conf", "-h",
                                uri() + " " + tls_uri() + " " + socket_uri()}),
                   folder_.path(), "slapd", environment_);
  wait_until_listening(*process_, "slapd", {port_, tls_port_});
}

void Slapd::stop() {
  if (process_) process_->stop();
  process_.reset();
}

void Slapd::load(std::string const& ldif) const {
  for (auto const* database : {"db", "log"}) {
    std::filesystem::remove_all(folder_.path() / database);
    std::filesystem::create_directory(folder_.path() / database);
  }
  std::ofstream{folder_.path() / "data.ldif"} << ldif;
  output_of({"/usr/sbin/slapadd", "-q", "-b", "dc=example,dc=com", "-f", folder_.path() / "slapd.conf", "-l",
             folder_.path() / "data.ldif"},
            folder_.path());
}

std::string Slapd::backup() const {
  auto const file = folder_.path() / "backup.ldif";
  output_of({"/usr/sbin/slapcat", "-b", "dc=example,dc=com", "-f", folder_.path() / "slapd.conf", "-l", file},
            folder_.path());
  return content_of(file);
}

void Slapd::restore(std::string const& ldif) {
  stop();
  load(ldif);
  start();
}

void Slapd::modify(std::string const& records) const {
  auto const file = folder_.path() / "changes.ldif";
  std::ofstream{file} << records;
  output_of({"/usr/bin/ldapmodify", "-x", "-H", uri(), "-D", "cn=admin,dc=example,dc=com", "-w", "secret",
             "-f", file},
            folder_.path());
}

void Slapd::modify_unseen(std::string const& records) const {
  auto const file = folder_.path() / "unseen.ldif";
  std::ofstream{file} << records;
  output_of(
      {"/usr/sbin/slapmodify", "-b", "dc=example,dc=com", "-f", folder_.path() / "slapd.conf", "-l", file},
      folder_.path());
}

std::string Slapd::socket_uri() const { return "ldapi://" + escaped(folder_.path() / "ldapi"); }

void Slapd::reconfigure(Options const& options) {
  stop();
  write_configuration(options);
  start();
}

}  // namespace dirsync::test
