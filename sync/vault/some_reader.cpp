// Single users and groups, as the lists would show them.
#include <algorithm>
#include <vector>

#include "sync/model/counted.hpp"
#include "sync/model/text.hpp"
#include "sync/ports/gather.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/read_checks.hpp"
#include "sync/vault/reader.hpp"

namespace asio = boost::asio;

namespace dirsync::vault {
namespace {

/// At once; the client keeps its own pace.
constexpr std::size_t kAtOnce = 8;

template <class Row>
std::vector<Row> those_found(std::vector<std::optional<Row>> rows) {
  std::vector<Row> found;
  for (auto& row : rows)
    if (row) found.push_back(*std::move(row));
  return found;
}

}  // namespace

/// The list of groups would show whether a member of that id and name may as well be a group: then nobody
/// knows whom a group names by it, and the user is left out.
asio::awaitable<Result<std::optional<TargetUser>>> Reader::read_certain_user(std::string id) {
  auto user = co_await users_.read_row(id);
  if (!user || !*user) co_return user;
  auto const namesake = co_await read_alone(std::move(id), nobody());
  if (!namesake) co_return namesake.error();
  auto const& group = namesake->group;
  auto const is_clear = group ? fold_case(group->name) != fold_case((*user)->name) : namesake->settled;
  if (!is_clear) co_return std::optional<TargetUser>{};
  co_return user;
}

/// One whose members were not told is left out.
asio::awaitable<Result<std::optional<TargetGroup>>> Reader::read_certain_group(std::string id,
                                                                               UserIndex const& users) {
  auto alone = co_await read_alone(std::move(id), users);
  if (!alone) co_return alone.error();
  if (!alone->settled) co_return std::optional<TargetGroup>{};
  co_return std::move(alone->group);
}

asio::awaitable<Result<Observed>> Reader::read_some_once(SomeOfTarget const& wanted) {
  std::vector<std::string> const user_ids{wanted.users.begin(), wanted.users.end()};
  std::vector<std::string> const group_ids{wanted.groups.begin(), wanted.groups.end()};
  std::function<asio::awaitable<Result<std::optional<TargetUser>>>(std::size_t)> const one_user =
      [this, &user_ids](std::size_t at) { return read_certain_user(user_ids[at]); };
  auto users = co_await collect<std::optional<TargetUser>>(user_ids.size(), kAtOnce, one_user);
  if (!users) co_return users.error();
  Observed observed;
  observed.is_partial = true;
  observed.product = "PVWA " + to_text(version_);
  observed.users = those_found(std::move(*users));
  UserIndex const index{observed.users};
  std::function<asio::awaitable<Result<std::optional<TargetGroup>>>(std::size_t)> const one_group =
      [this, &group_ids, &index](std::size_t at) { return read_certain_group(group_ids[at], index); };
  auto groups = co_await collect<std::optional<TargetGroup>>(group_ids.size(), kAtOnce, one_group);
  if (!groups) co_return groups.error();
  observed.groups = those_found(std::move(*groups));
  protect(observed, settings_);
  auto& certificate = observed.certificate;
  certificate.server = session_.server();
  certificate.searches = user_ids.size() * 2 + group_ids.size();
  certificate.entries = observed.users.size() + observed.groups.size();
  certificate.clauses.push_back({"some", true,
                                 number_of(observed.users.size(), "user", "users") + " and " +
                                     number_of(observed.groups.size(), "group", "groups") +
                                     ", each by a call of its own"});
  co_return observed;
}

asio::awaitable<Result<Observed>> Reader::read_some(SomeOfTarget wanted) {
  if (!shows_members() || !shows_one_group())
    co_return Error{VaultErrc::old_version,
                    "the Vault is version " + to_text(version_) +
                        ", or not known yet, and from 12.6 on one group can be asked for by itself"};
  auto const before = session_.moves();
  auto observed = co_await read_some_once(wanted);
  // What two servers say does not make one read.
  if (observed && session_.moves() != before)
    co_return incomplete("the session moved to another server; run again");
  co_return observed;
}

}  // namespace dirsync::vault
