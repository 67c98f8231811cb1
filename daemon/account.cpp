#include "daemon/account.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <vector>

namespace dirsync {
namespace {
uid_t const kInvoker = ::getuid();
constexpr uid_t kNobodyLoggedIn = static_cast<uid_t>(-1);

std::optional<uid_t> uid_in(std::string_view text) {
  uid_t account = 0;
  auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), account);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return account;
}

bool take_groups(uid_t owner, gid_t group) {
  auto const* const account = ::getpwuid(owner);
  if (account == nullptr) return ::setgroups(1, &group) == 0 && ::setresgid(group, group, group) == 0;
  auto const own = account->pw_gid;
  return ::initgroups(account->pw_name, own) == 0 && ::setresgid(own, own, own) == 0;
}
}  // namespace

std::optional<uid_t> login_user(std::filesystem::path const& file) {
  std::string text;
  std::getline(std::ifstream{file}, text);
  auto const login = uid_in(text);
  return login == kNobodyLoggedIn ? std::nullopt : login;
}

std::string name_of_account(uid_t account) {
  constexpr std::size_t kEnough = 64U << 10;  // bytes of an entry
  std::vector<char> room(kEnough);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(account, &entry, room.data(), room.size(), &found);
  return found != nullptr ? std::string{found->pw_name} : std::string{};
}

std::string person_behind(ProcessOrigin const& origin, std::function<std::string(uid_t)> const& name_of) {
  constexpr uid_t kRoot = 0;
  // Root could claim anything anyway; anybody else's environment proves nothing.
  auto const sudo_is_root = origin.user == kRoot ? origin.sudo : std::nullopt;
  auto const person = origin.login ? *origin.login : sudo_is_root.value_or(origin.user);
  auto const name = name_of(person);
  auto const via_sudo = origin.sudo && person != origin.user;
  return "uid:" + std::to_string(person) + (name.empty() ? "" : " (" + name + ")") +
         (via_sudo ? " via sudo" : "");
}

std::string invoking_person() {
  auto const* const sudo = ::getenv("SUDO_UID");
  ProcessOrigin const origin{.login = login_user("/proc/self/loginuid"),
                             .user = kInvoker,
                             .sudo = sudo != nullptr ? uid_in(sudo) : std::nullopt};
  return person_behind(origin, name_of_account);
}

Result<void> give_up_root_for(uid_t owner, gid_t group) {
  if (::geteuid() != 0 || owner == 0) return {};
  if (take_groups(owner, group) && ::setresuid(owner, owner, owner) == 0) return {};
  boost::system::error_code const reason{errno, boost::system::generic_category()};
  return Error{reason, "cannot go on as uid " + std::to_string(owner) +
                           ", the owner of the state folder. Run dirsyncd as that account"};
}

}  // namespace dirsync
