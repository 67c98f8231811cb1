#pragma once
// The service's calls, each a function from world and request to an answer.
#include <functional>

#include "tests/simulators/vault/profile.hpp"
#include "tests/simulators/vault/reply.hpp"
#include "tests/simulators/vault/sessions.hpp"
#include "tests/simulators/vault/state.hpp"

namespace dirsync::sim::vault {

struct World {
  State state;
  Knobs knobs;
  Sessions sessions;
  std::function<Instant()> now;
  int last_node = 2;  // the load balancer's

  Life life() const {
    return {std::chrono::seconds{knobs.number("idle_seconds")}, knobs.on("calls_extend_session")};
  }
};

struct Context {
  Request const& request;
  std::vector<std::string> parameters;  // of the path, decoded
  User const* caller;                   // null pointer in calls without a session
  std::string_view token;
};

using Handler = Reply (*)(World&, Context const&);

// Sessions
Reply logon(World&, Context const&);
Reply platform_token(World&, Context const&);
Reply logoff(World&, Context const&);
Reply logins_info(World&, Context const&);
Reply server_info(World&, Context const&);
Reply verify(World&, Context const&);
// Groups
Reply list_groups(World&, Context const&);
Reply get_group(World&, Context const&);
Reply create_group(World&, Context const&);
Reply update_group(World&, Context const&);
Reply delete_group(World&, Context const&);
Reply add_member(World&, Context const&);
Reply remove_member(World&, Context const&);
// Users
Reply list_users(World&, Context const&);
Reply get_user(World&, Context const&);
// LDAP directories
Reply list_directories(World&, Context const&);
Reply get_directory(World&, Context const&);
Reply list_mappings(World&, Context const&);
Reply get_mapping(World&, Context const&);

// Shared by the calls.

/// The body as an object.
Checked<json::object> body_of(Request const& request);
/// A text property in any case; nothing when it is absent or null.
Checked<std::optional<std::string>> text_property(json::object const& body, std::string_view name);
/// Nothing when the text is no number.
std::optional<Id> to_id(std::string_view text);
/// By the rule of the knob unique_names.
bool user_name_taken(World const& world, std::string_view name);
bool group_name_taken(World const& world, std::string_view name, std::string_view location);
/// What a broken server does to a list that is otherwise right. `fault`: value of the list's knob.
void break_list(std::string_view fault, json::array& entries);
bool sees(World const& world, User const& caller, std::string_view location);
struct Shown {
  Id id;
  std::string name;
};
/// Members as the service lists them: LDAP decides those of a Directory group.
std::vector<Shown> members_of(World const& world, Group const& group);
json::value id_json(World const& world, Id id);
/// The object of that LDAP name in the Vault, made there if a mapping allows it.
struct Provisioned {
  Id id = 0;
  bool created = false;
};
Checked<Provisioned> provision(World& world, std::string_view name, std::string_view domain);

}  // namespace dirsync::sim::vault
