#include <algorithm>

#include "sync/model/text.hpp"
#include "tests/simulators/vault/calls.hpp"

namespace dirsync::sim::vault {
namespace {
constexpr std::int64_t kSomeTime = 1'700'000'000;  // seconds since 1970; no caller depends on it

Reply wrong_password(std::string const& name) {
  return refuse(403, "ITATS004E", "Authentication failure for User [" + name + "].");
}

/// concurrentSession, also as text. The plural spelling is not a property.
bool wants_concurrent_session(json::object const& body) {
  auto const* const value = find_property(body, "concurrentSession");
  if (value == nullptr) return false;
  if (value->is_bool()) return value->get_bool();
  return value->is_string() && ascii_lower(std::string_view{value->get_string()}) == "true";
}

std::string_view method_for(std::string_view type) {
  if (type == "cyberark") return "AuthTypePass";
  if (type == "ldap") return "AuthTypeLDAP";
  return "AuthTypeRadius";
}

bool is_password_of(User const& user, std::string_view password) {
  return user.enabled && !user.password.empty() && user.password == password;
}

void note_failed_logon(World const& world, User& user) {
  ++user.failed_logons;
  auto const limit = world.knobs.number("suspend_after");
  user.suspended = limit > 0 && user.failed_logons >= limit;
}

std::optional<Reply> refusal(World& world, User& user, std::string_view type, std::string const& password) {
  if (user.suspended)
    return refuse(403, world.knobs.text("suspended_code"),
                  "Your user [" + user.username + "] has been suspended.");
  if (user.locked) return refuse(403, "ITATS127E", "User " + user.username + " is locked.");
  auto const allowed = std::ranges::find(user.methods, method_for(type)) != user.methods.end();
  if (!allowed || !is_password_of(user, password)) {
    note_failed_logon(world, user);
    return wrong_password(user.username);
  }
  if (user.password_expired)
    return refuse(409, "CAWS00001E", "The password of User " + user.username + " has expired.");
  return std::nullopt;
}

Reply with_session(World& world, User const& user) {
  auto const two_nodes = world.knobs.is("nodes", "2");
  world.last_node = two_nodes ? 3 - world.last_node : 1;
  auto const token = world.sessions.open(user.id, world.last_node, world.now());
  auto reply = answer(200, json::value(token));
  auto const node = std::to_string(world.last_node);
  for (auto const* name : {"CA11111", "CA22222", "CA33333", "CA55555", "mobileState"})
    reply.response.headers.emplace_back(
        "Set-Cookie", std::string{name} + "=node" + node + "; path=/PasswordVault/; secure; HttpOnly");
  return reply;
}

Reply oauth_error(int status, std::string_view error, std::string_view description) {
  return answer(status, json::object{{"error", error}, {"error_description", description}});
}

/// The service user that asks; null pointer when that cannot be told or the secret is wrong.
User const* client_of(World& world, Fields const& form) {
  auto* const user = world.state.user_named(find_field(form, "client_id").value_or(""));
  if (user == nullptr || user->suspended || user->locked || user->password_expired) return nullptr;
  if (!is_password_of(*user, find_field(form, "client_secret").value_or(""))) {
    note_failed_logon(world, *user);
    return nullptr;
  }
  user->failed_logons = 0;
  return user;
}
}  // namespace

Reply logon(World& world, Context const& call) {
  auto const type = ascii_lower(call.parameters.at(0));
  if (type == "windows") {  // integrated authentication comes before the body
    auto reply = html(401, "Unauthorized: Access is denied due to invalid credentials.");
    reply.response.headers.emplace_back("WWW-Authenticate", "Negotiate");
    reply.response.headers.emplace_back("WWW-Authenticate", "NTLM");
    return reply;
  }
  if (type != "cyberark" && type != "ldap" && type != "radius")
    return html(404, "File or directory not found.");
  auto const body = body_of(call.request);
  if (!body) return body.error();
  auto const name = text_property(*body, "username");
  auto const password = text_property(*body, "password");
  auto const new_password = text_property(*body, "newPassword");
  for (auto const* property : {&name, &password, &new_password})
    if (!*property) return property->error();
  if (name->value_or("").empty()) return invalid("username is missing");
  if (password->value_or("").empty()) return invalid("password is missing");

  auto* const user = world.state.user_named(**name);
  if (user == nullptr) return wrong_password(**name);
  if (auto refused = refusal(world, *user, type, **password)) return *refused;
  user->failed_logons = 0;
  if (*new_password && type != "radius") user->password = **new_password;
  if (world.knobs.is("logon_answer", "challenge"))
    return refuse(500, "ITATS542I", "Enter the code that was sent to your phone");
  if (world.knobs.is("logon_answer", "object"))
    return answer(200, json::object{{"UserName", user->username}, {"AdditionalInfo", "second factor"}});

  auto const concurrent = world.knobs.on("concurrent_session") && wants_concurrent_session(*body);
  if (!concurrent) world.sessions.close_all_of(user->id);
  auto const limit = static_cast<std::size_t>(world.knobs.number("session_limit"));
  if (world.sessions.count(user->id, world.now(), world.life()) >= limit)
    return refuse(static_cast<int>(world.knobs.number("session_limit_status")), "CAWS00001E",
                  "The number of concurrent dynamic sessions for user " + user->username +
                      " has reached its limit (" + std::to_string(limit) + ")");
  return with_session(world, *user);
}

Reply logoff(World& world, Context const& call) {
  world.sessions.close(call.token);
  return answer(200, json::object{{"LogoffUrl", ""}});
}

Reply platform_token(World& world, Context const& call) {
  auto const type = ascii_lower(call.request.header("Content-Type"));
  if (!type.starts_with("application/x-www-form-urlencoded"))
    return oauth_error(400, "invalid_request", "The body is not a form");
  auto const form = parse_query(call.request.body);
  auto const grant = find_field(form, "grant_type");
  if (!grant) return oauth_error(400, "invalid_request", "grant_type is missing");
  if (*grant != "client_credentials")
    return oauth_error(400, "unsupported_grant_type", "grant_type is client_credentials");
  auto const* const user = client_of(world, form);
  if (user == nullptr) return oauth_error(401, "invalid_client", "Client authentication failed");

  auto const seconds = world.knobs.number("token_seconds");
  auto const now = world.now();
  json::object body = {
      {"access_token", world.sessions.issue(user->id, now, now + std::chrono::seconds{seconds})},
      {"token_type", "Bearer"}};
  if (world.knobs.is("token_expires_in", "shown")) body["expires_in"] = seconds;
  return answer(200, body);
}

Reply logins_info(World&, Context const& call) {
  return answer(200, json::object{{"LastSuccessLoginTime", kSomeTime},
                                  {"LastSuccessLoginIP", "127.0.0.1"},
                                  {"FailedLogins", call.caller->failed_logons},
                                  {"LastFailLoginTime", kSomeTime},
                                  {"LastFailLoginIP", "127.0.0.1"}});
}

Reply server_info(World& world, Context const&) {
  auto const& version = world.knobs.text("version");
  return answer(200, json::object{{"ExternalVersion", version},
                                  {"InternalVersion", version + ".12"},
                                  {"ServerName", world.state.server_name}});
}

Reply verify(World& world, Context const&) {
  json::array methods;
  for (auto const* id : {"cyberark", "ldap", "radius", "windows"})
    methods.push_back({{"Enabled", true}, {"Id", id}});
  return answer(200, json::object{{"ApplicationName", "PasswordVault"},
                                  {"AuthenticationMethods", std::move(methods)},
                                  {"ServerId", world.state.server_id},
                                  {"ServerName", world.state.server_name}});
}

}  // namespace dirsync::sim::vault
