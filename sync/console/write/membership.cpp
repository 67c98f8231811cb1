#include "sync/console/write/membership.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "sync/model/assert.hpp"
#include "sync/rest/mended_text.hpp"

namespace dirsync::console {
namespace {
bool contains(std::vector<std::string> const& groups, std::string const& id) {
  return std::ranges::find(groups, id) != groups.end();
}

void put(boost::json::object& body, char const* key, std::optional<std::string> const& value) {
  if (value) body[key] = *value;
}
}  // namespace

std::vector<std::string> merged_groups(std::vector<std::string> const& now,
                                       std::vector<Change> const& changes) {
  auto groups = now;
  for (auto const& change : changes) {
    DIRSYNC_ASSERT(change.verb == Verb::add || change.verb == Verb::remove);
    if (change.verb == Verb::remove)
      std::erase(groups, change.group_id);
    else if (!contains(groups, change.group_id))
      groups.push_back(change.group_id);
  }
  return groups;
}

bool holds(Change const& change, std::vector<std::string> const& groups) {
  return contains(groups, change.group_id) == (change.verb == Verb::add);
}

bool may_leave_out_empty_lists(User const& user) {
  return user.user_name && user.status && !user.tells_an_empty_field;
}

std::string unwritable_because(User const& user, bool listed_in_groups, bool left_out_when_empty) {
  if (!user.version)
    return "the console did not tell the user's updateVersion, so a write could undo another's";
  for (auto const& text : {user.user_name, user.display_name, user.email})
    if (text && rest::is_mended(*text))
      return "the user's name, display name or mail is no Unicode text, and a write would replace it; "
             "correct it in the console";
  if (user.roles.told == Ids::Told::no && !left_out_when_empty)
    return "the console did not tell the user's roles, which a write would replace, and nothing shows that "
           "it leaves out what is empty; give the user a role there";
  if (user.roles.told == Ids::Told::unreadable)
    return "a role of the user came without id; report it to the vendor";
  if (user.groups.told == Ids::Told::unreadable)
    return "a group of the user came without id; report it to the vendor";
  if (user.groups.told == Ids::Told::no && user.tells_an_empty_field)
    return "the console did not tell the user's groups, which a write would replace, while it tells another "
           "empty field; look at the user in the console";
  if (user.groups.told == Ids::Told::no && listed_in_groups)
    return "the console did not tell the user's groups, although a group lists the user; "
           "a write would take them away";
  return {};
}

std::string update_body(User const& user, bool send_user_name) {
  boost::json::object body;
  body["id"] = user.id;
  if (send_user_name) put(body, "userName", user.user_name);
  put(body, "displayName", user.display_name);
  put(body, "email", user.email);
  put(body, "status", user.status);
  body["roles"] = boost::json::array(user.roles.ids.begin(), user.roles.ids.end());
  body["groups"] = boost::json::array(user.groups.ids.begin(), user.groups.ids.end());
  body["updateVersion"] = *user.version;
  return boost::json::serialize(body);
}

}  // namespace dirsync::console
