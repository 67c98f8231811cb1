#pragma once
// A PostgreSQL that nobody else sees, for pg-ldap-sync to keep roles in.
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/measured.hpp"
#include "tests/support/process/process.hpp"
#include "tests/support/process/server.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::bench {

/// A new, empty one in a folder of its own, with a Unix socket there and no port; stopped by its pid at the
/// end. It refuses to run as root and then runs as the package's account, postgres. Ends this program when it
/// does not start.
class Postgres {
 public:
  Postgres() {
    // Its account must be able to go in.
    if (::geteuid() == 0) {
      auto const* const account = ::getpwnam("postgres");
      if (account == nullptr) give_up("there is no account postgres; is the package postgresql installed?");
      user_ = account->pw_name;
      if (::chown(folder_.path().c_str(), account->pw_uid, account->pw_gid) != 0)
        give_up(folder_.path().string() + " cannot be given to " + user_);
    }
    auto const data = (folder_.path() / "data").string();
    test::output_of(test::bound_to_us({program("initdb"), "-D", data, "-U", "bench", "-A", "trust", "-E",
                                       "UTF8", "--locale=C", "--no-sync"},
                                      user_),
                    logs_.path());
    server_ = std::make_unique<test::Process>(
        test::bound_to_us({program("postgres"), "-D", data, "-k", socket_folder(), "-c", "listen_addresses="},
                          user_),
        logs_.path(), "postgres");
    auto const answers = [this] {
      test::Process ask{{program("pg_isready"), "-q", "-h", socket_folder()}, logs_.path(), "pg_isready"};
      return ask.wait().exit == 0 || !server_->running();
    };
    if (!test::eventually(answers) || !server_->running()) give_up("postgres: " + server_->err());
  }
  ~Postgres() {
    server_->send_signal(SIGINT);  // a fast shutdown
    server_->stop();
  }
  Postgres(Postgres const&) = delete;
  Postgres& operator=(Postgres const&) = delete;

  std::string socket_folder() const { return folder_.path().string(); }
  /// A configuration of pg_ldap_sync: every person and group of the directory becomes a role.
  std::string write_configuration(std::uint16_t ldap_port, std::string const& dn,
                                  std::string const& password) const {
    auto const file = (logs_.path() / "pg_ldap_sync.yaml").string();
    std::ofstream{file}
        << "ldap_connection:\n  host: 127.0.0.1\n  port: " << ldap_port
        << "\n  auth:\n    method: :simple\n    username: " << dn << "\n    password: " << password
        << "\nldap_users:\n  base: ou=people,dc=example,dc=com\n"
           "  filter: (objectClass=inetOrgPerson)\n  name_attribute: uid\n"
           "ldap_groups:\n  base: ou=groups,dc=example,dc=com\n"
           "  filter: (objectClass=groupOfNames)\n  name_attribute: cn\n  member_attribute: member\n"
           "pg_connection:\n  host: "
        << socket_folder()
        << "\n  dbname: postgres\n  user: bench\n"
           "pg_users:\n  filter: rolcanlogin AND NOT rolsuper\n  create_options: LOGIN\n"
           "pg_groups:\n  filter: NOT rolcanlogin AND NOT rolsuper\n  create_options: NOLOGIN\n"
           "  grant_options:\n";
    return file;
  }

 private:
  /// Of the newest release that is installed.
  static std::string program(std::string const& name) {
    std::vector<std::string> found;
    for (auto const& release : std::filesystem::directory_iterator{"/usr/lib/postgresql"})
      if (auto const file = release.path() / "bin" / name; std::filesystem::exists(file))
        found.push_back(file.string());
    if (found.empty()) give_up("there is no " + name + " in /usr/lib/postgresql");
    return *std::ranges::max_element(found);
  }

  TempFolder folder_, logs_;
  std::string user_;
  std::unique_ptr<test::Process> server_;
};

}  // namespace dirsync::bench
