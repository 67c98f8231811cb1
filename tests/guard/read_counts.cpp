// What is read: member values of a directory, and the Vault's list of groups.
#include <algorithm>
#include <optional>
#include <vector>

#include "sync/vault/lists.hpp"
#include "tests/guard/company.hpp"
#include "tests/guard/counted.hpp"

namespace dirsync::guard {
namespace {

constexpr unsigned kInAGroup = 100, kUsers = 2'000, kFirstUser = 1'000, kFirstGroup = 500'000;
constexpr std::size_t kPiece = 16 * 1024;  // bytes, as libcurl hands them over

std::vector<TargetUser> vault_users() {
  std::vector<TargetUser> users;
  for (unsigned n = 0; n < kUsers; ++n) {
    TargetUser user;
    user.id = std::to_string(kFirstUser + n);
    user.name = "user" + std::to_string(n);
    users.push_back(std::move(user));
  }
  return users;
}

/// As the Vault answers: members in no order.
std::string list_of_groups(unsigned groups) {
  std::string json = R"({"value":[)";
  for (unsigned group = 0; group < groups; ++group) {
    json += (group == 0 ? "" : ",") + (R"({"id":)" + std::to_string(kFirstGroup + group)) +
            R"(,"groupType":"Vault","groupName":"group)" + std::to_string(group) +
            R"(","description":"","location":"\\","members":[)";
    for (unsigned member = 0; member < kInAGroup; ++member) {
      // The step is a prime, so that each is once in a group.
      auto const user = (group * 37 + member * 991) % kUsers;
      json += (member == 0 ? "" : ",") + (R"({"username":"user)" + std::to_string(user)) + R"(","id":)" +
              std::to_string(kFirstUser + user) + "}";
    }
    json += "]}";
  }
  return json + R"(],"count":)" + std::to_string(groups) + "}";
}

}  // namespace

void intern_members(std::string const& name, unsigned n) {
  Shape const shape{.people = 2'000, .groups = n / kInAGroup, .members = kInAGroup};
  std::uint64_t values = 0;
  counted(name, [&shape, &values] { values = snapshot_of(shape).value_count(); });
  expect(values == n / kInAGroup * kInAGroup, "a snapshot has another number of member values");
}

void read_vault_list(std::string const& name, unsigned n) {
  auto const users = vault_users();
  vault::UserIndex const index{users};
  auto const body = list_of_groups(n / kInAGroup);
  std::uint64_t members = 0;
  counted(name, [&index, &body, &members] {
    auto const sink = vault::make_group_sink(index);
    std::string_view left = body;
    for (; !left.empty(); left.remove_prefix(std::min(kPiece, left.size())))
      sink->write(left.substr(0, kPiece));
    auto const page = sink->finish();
    members = page ? page->members : 0;
  });
  expect(members == n / kInAGroup * kInAGroup, "a list of groups was not understood");
}

}  // namespace dirsync::guard
