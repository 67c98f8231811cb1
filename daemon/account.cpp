#include "daemon/account.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>

namespace dirsync {
namespace {
uid_t const kInvoker = ::getuid();

bool take_groups(uid_t owner, gid_t group) {
  auto const* const account = ::getpwuid(owner);
  if (account == nullptr) return ::setgroups(1, &group) == 0 && ::setresgid(group, group, group) == 0;
  auto const own = account->pw_gid;
  return ::initgroups(account->pw_name, own) == 0 && ::setresgid(own, own, own) == 0;
}
}  // namespace

std::string invoking_person() {
  auto const* const person = ::getpwuid(kInvoker);
  return "uid:" + std::to_string(kInvoker) +
         (person != nullptr ? " (" + std::string{person->pw_name} + ")" : "");
}

Result<void> give_up_root_for(uid_t owner, gid_t group) {
  if (::geteuid() != 0 || owner == 0) return {};
  if (take_groups(owner, group) && ::setresuid(owner, owner, owner) == 0) return {};
  boost::system::error_code const reason{errno, boost::system::generic_category()};
  return Error{reason, "cannot go on as uid " + std::to_string(owner) +
                           ", the owner of the state folder. Run dirsyncd as that account"};
}

}  // namespace dirsync
