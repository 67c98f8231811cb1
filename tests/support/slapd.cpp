#include "tests/support/slapd.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/loopback.hpp"

namespace dirsync::test {
namespace {

std::string content_of(std::filesystem::path const& file) {
  std::ostringstream content;
  content << std::ifstream{file}.rdbuf();
  return content.str();
}

/// Output of both kinds goes to `log`.
pid_t spawn(std::vector<std::string> words, std::filesystem::path const& log) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = -1;
  auto const failure = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw std::runtime_error(words[0] + " can not be started; install slapd");
  return pid;
}

void run(std::vector<std::string> const& words, std::filesystem::path const& log) {
  auto const pid = spawn(words, log);
  int status = 0;
  waitpid(pid, &status, 0);
  if (status != 0) throw std::runtime_error(words[0] + " failed: " + content_of(log));
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
  std::ofstream file{folder_.path() / "slapd.conf"};
  for (auto const* schema : {"core", "cosine", "inetorgperson", "nis"})
    file << "include /etc/ldap/schema/" << schema << ".schema\n";
  file << "pidfile " << (folder_.path() / "slapd.pid").string() << "\n"
       << "modulepath /usr/lib/ldap\nmoduleload back_mdb\nsizelimit unlimited\nthreads 4\nsortvals member\n"
       << "TLSCACertificateFile " << certificates_.ca_file.string() << "\n"
       << "TLSCertificateFile " << certificates_.cert_file.string() << "\n"
       << "TLSCertificateKeyFile " << certificates_.key_file.string() << "\n";
  for (auto const& line : options.global_lines) file << line << "\n";
  file << "database mdb\nsuffix \"dc=example,dc=com\"\nrootdn \"cn=admin,dc=example,dc=com\"\nrootpw secret\n"
       << "directory " << (folder_.path() / "db").string() << "\nmaxsize 4294967296\n"
       << "index objectClass,entryUUID,uid,cn,member eq\n";
  for (auto const& line : options.access) file << line << "\n";
  for (auto const& line : options.database_lines) file << line << "\n";
}

void Slapd::start() {
  auto const log = folder_.path() / "slapd.log";
  pid_ = spawn(
      {"/usr/sbin/slapd", "-d", "0", "-f", folder_.path() / "slapd.conf", "-h", uri() + " " + tls_uri()},
      log);
  auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (LoopbackSocket::connected(port_).number() < 0 || LoopbackSocket::connected(tls_port_).number() < 0) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      throw std::runtime_error("slapd ended: " + content_of(log));
    }
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error("slapd does not answer: " + content_of(log));
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

void Slapd::stop() {
  if (pid_ < 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void Slapd::load(std::string const& ldif) const {
  std::filesystem::remove_all(folder_.path() / "db");
  std::filesystem::create_directory(folder_.path() / "db");
  std::ofstream{folder_.path() / "data.ldif"} << ldif;
  run({"/usr/sbin/slapadd", "-q", "-f", folder_.path() / "slapd.conf", "-l", folder_.path() / "data.ldif"},
      folder_.path() / "slapadd.log");
}

std::string Slapd::backup() const {
  auto const file = folder_.path() / "backup.ldif";
  run({"/usr/sbin/slapcat", "-f", folder_.path() / "slapd.conf", "-l", file}, folder_.path() / "slapcat.log");
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
  run({"/usr/bin/ldapmodify", "-x", "-H", uri(), "-D", "cn=admin,dc=example,dc=com", "-w", "secret", "-f",
       file},
      folder_.path() / "ldapmodify.log");
}

void Slapd::reconfigure(Options const& options) {
  stop();
  write_configuration(options);
  start();
}

}  // namespace dirsync::test
