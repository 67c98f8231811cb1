// Lists of users and groups as a Vault answers them. The first byte says which list it is and into what
// pieces it comes: however an answer is cut, it means the same.
#include <string>

#include "sync/vault/lists.hpp"
#include "tests/fuzz/target.hpp"

namespace dirsync::fuzz {
namespace {

using namespace vault;

std::string in_words(UserPage const& page) {
  auto text = std::to_string(page.total.value_or(-1)) + (page.bare_array ? " bare" : "");
  for (auto const& user : page.users)
    text += "\n" + user.id + "|" + user.name + "|" + user.dn + "|" +
            std::to_string(static_cast<int>(user.source)) + "|" + user.protected_because;
  return text;
}

std::string in_words(GroupPage const& page) {
  auto text = std::to_string(page.count.value_or(-1)) + " " + page.next_link + " " +
              std::to_string(page.members) + " " + std::to_string(page.without_members);
  for (auto const& id : page.unreadable) text += " " + id;
  for (auto const& group : page.groups) {
    text += "\n" + group.id + "|" + group.name + "|" + group.dn + "|" + group.protected_because;
    for (auto const user : group.users) text += " " + std::to_string(user);
    for (auto const& other : group.others) text += " " + other.id + "|" + other.name;
  }
  return text;
}

template <class Page>
std::string read(std::unique_ptr<ListSink<Page>> sink, std::string_view body, std::size_t piece) {
  for (; !body.empty(); body.remove_prefix(std::min(piece, body.size())))
    require(sink->write(body.substr(0, piece)));
  auto const page = sink->finish();
  require(page.has_value() == sink->problem().empty());
  return page ? in_words(*page) : "refused";
}

UserIndex const& known_users() {
  static UserIndex const index{[] {
    std::vector<TargetUser> users(3);
    users[0].id = "4", users[0].name = "anna";
    users[1].id = "5", users[1].name = "bert";
    users[2].id = "66", users[2].name = "J\xC3\xB6rg";
    return users;
  }()};
  return index;
}

std::string read_as(unsigned kind, std::string_view body, std::size_t piece) {
  if (kind == 0) return read(make_user_sink(), body, piece);
  if (kind == 1) return read(make_group_sink(known_users()), body, piece);
  return read(make_single_group_sink(known_users()), body, piece);
}

}  // namespace
}  // namespace dirsync::fuzz

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace dirsync;
  if (size == 0) return 0;
  auto const body = fuzz::as_text(data, size).substr(1);
  auto const kind = data[0] % 3U;
  auto const piece = data[0] / 3U + 1U;
  fuzz::require(fuzz::read_as(kind, body, body.size() + 1) == fuzz::read_as(kind, body, piece));
  return 0;
}
