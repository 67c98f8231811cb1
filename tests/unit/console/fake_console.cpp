#include "tests/unit/console/fake_console.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/support/run.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using http::Method;

std::string number_in(std::string const& query, std::string const& key) {
  auto const at = query.find(key + "=");
  if (at == query.npos) return {};
  auto const from = at + key.size() + 1;
  return query.substr(from, query.find('&', from) - from);
}

std::string text(json::object const& object) { return json::serialize(object); }

json::array objects(std::vector<std::string> const& ids) {
  json::array array;
  for (auto const& id : ids) array.push_back(json::object{{"id", id}});
  return array;
}

std::vector<std::string> strings(json::value const& array) {
  std::vector<std::string> result;
  for (auto const& entry : array.as_array()) result.emplace_back(entry.as_string());
  return result;
}
}  // namespace

Result<http::Response> transport_error(http::HttpErrc code) {
  return Error{make_error_code(code), "PUT https://console.example/api"};
}

http::Response refused(int status, std::string words) {
  auto response = answer(status, "[]");
  response.headers.push_back({"grpc-message", std::move(words)});
  return response;
}

void FakeConsole::next(Method method, std::string path, Rule rule) {
  exceptions_.push_back({method, std::move(path), std::move(rule), true});
}

void FakeConsole::always(Method method, std::string path, Rule rule) {
  exceptions_.push_back({method, std::move(path), std::move(rule), false});
}

Result<http::Response> FakeConsole::handle(http::Request const& request) {
  auto const path = request.path.substr(0, request.path.find('?'));
  for (auto at = exceptions_.begin(); at != exceptions_.end(); ++at) {
    if (at->method != request.method || at->path != path) continue;
    auto const rule = at->rule;
    if (at->once) exceptions_.erase(at);
    return rule(request);
  }
  return work(request);
}

Result<http::Response> FakeConsole::work(http::Request const& request) {
  auto const mark = request.path.find('?');
  auto const path = request.path.substr(0, mark);
  auto const query = mark == std::string::npos ? std::string{} : request.path.substr(mark + 1);
  auto const id_below = [&path](std::string_view folder) { return path.substr(folder.size()); };
  auto const is_list_below = [&path](std::string_view folder, std::string_view tail) {
    return path.starts_with(folder) && path.ends_with(tail);
  };
  auto const between = [&path](std::string_view folder, std::string_view tail) {
    return path.substr(folder.size(), path.size() - folder.size() - tail.size());
  };
  if (path == "/api/versions")
    return answer(200, R"({"currentApiVersion":"0.17","supportedApiVersions":["0.2","0.17"]})");
  if (path == "/api/tokens")
    return answer(
        200, R"({"accessToken":"access-1","accessTokenExpiresAt":"1800007200","refreshToken":"refresh-1"})");
  if (path == "/api/tokens/refresh")
    return answer(200, R"({"accessToken":"access-2","accessTokenExpiresAt":1800014400,"refreshToken":null})");
  if (path == "/api/users/logout") return answer(200, "");
  if (path == "/api/organizations")
    return list("tenants", {R"({"id":"o1","name":"root"})", R"({"id":"o2","name":"plant-a"})"}, query);
  if (path == "/api/roles") {
    std::vector<std::string> roles = {R"({"id":"r1","name":"Device Administrator"})",
                                      R"({"id":"r2","name":"Insights Viewer"})"};
    if (query.ends_with("SHOW_ANCESTORS"))
      roles = {R"({"id":"r7","name":"Device Administrator"})", R"({"id":"r8","name":"Root Viewer"})"};
    return list("roles", roles, query);
  }
  if (path == "/api/groups" && request.method == Method::get) return list("groups", group_items(), query);
  if (path == "/api/groups" && request.method == Method::post) return post_group(request.body);
  if (path == "/api/users" && request.method == Method::post) return post_user(request.body);
  if (path == "/api/users") return list("users", user_items(), query);
  if (is_list_below("/api/console-groups/", "/users")) {
    auto const id = between("/api/console-groups/", "/users");
    if (!console_groups || !groups.contains(id)) return refused(404, "Not Found");
    return list("users", member_items(id), query);
  }
  if (is_list_below("/api/groups/", "/members")) {
    auto const id = between("/api/groups/", "/members");
    if (!group_members || !groups.contains(id)) return refused(501, "Not Implemented");
    return list("members", membership_items(id), query);
  }
  if (path.starts_with("/api/users/"))
    return request.method == Method::put ? put_user(id_below("/api/users/"), request.body)
                                         : user(id_below("/api/users/"));
  if (request.method == Method::del) {
    groups.erase(id_below("/api/groups/"));
    return answer(200, "{}");
  }
  if (request.method == Method::put) {
    return put_group(id_below("/api/groups/"), request.body);
  }
  return group(id_below("/api/groups/"));
}

http::Response FakeConsole::list(std::string const& key, std::vector<std::string> const& items,
                                 std::string const& query) const {
  auto const page = std::stoul(number_in(query, "page.number"));
  auto const size = std::stoul(number_in(query, "page.size"));
  std::string body = "{\"" + key + "\":[";
  for (auto i = (page - 1) * size; i < std::min(page * size, items.size()); ++i)
    body += (body.back() == '[' ? "" : ",") + items[i];
  body += "],\"pageInfo\":{\"page\":" + std::to_string(page) + ",\"pageSize\":" + std::to_string(size) +
          ",\"totalElements\":\"" + std::to_string(items.size()) + "\",\"totalPages\":\"" +
          std::to_string((items.size() + size - 1) / size) + "\"}}";
  return answer(200, body);
}

std::vector<std::string> FakeConsole::group_items() const {
  std::vector<std::string> items;
  for (auto const& [id, one] : groups)
    items.push_back(text(
        {{"id", id}, {"name", one.name}, {"description", one.description}, {"updateVersion", one.version}}));
  return items;
}

std::vector<std::string> FakeConsole::user_items() const {
  std::vector<std::string> items;
  for (auto const& [id, one] : users)
    items.push_back(text({{"id", id}, {"userName", one.name}, {"orgId", "o2"}}));
  return items;
}

std::vector<std::string> FakeConsole::member_items(std::string const& group_id) const {
  std::vector<std::string> items;
  for (auto const& [id, one] : users)
    if (one.groups.contains(group_id)) items.push_back(text({{"id", id}, {"userName", one.name}}));
  return items;
}

std::vector<std::string> FakeConsole::membership_items(std::string const& group_id) const {
  std::vector<std::string> items;
  for (auto const& [id, one] : users)
    if (one.groups.contains(group_id))
      items.push_back(
          text({{"id", "m-" + id}, {"assigneeId", id}, {"assigneeType", "USER"}, {"updateVersion", "3"}}));
  return items;
}

http::Response FakeConsole::user(std::string const& id) const {
  auto const found = users.find(id);
  if (found == users.end()) return refused(404, "No records found");
  auto const& one = found->second;
  json::object body{{"id", id},
                    {"userName", one.name},
                    {"displayName", "Display of " + one.name},
                    {"email", one.name},
                    {"status", one.status},
                    {"updateVersion", one.version},
                    {"accessToken", "canary-token"}};
  if (!hide_roles && (!hide_empty_lists || !one.roles.empty())) body["roles"] = objects(one.roles);
  auto const hides_none = hide_empty_groups || hide_empty_lists;
  if (!hide_groups && (!hides_none || !one.groups.empty()))
    body["groups"] = objects({one.groups.begin(), one.groups.end()});
  return answer(200, text(body));
}

http::Response FakeConsole::put_user(std::string const& id, std::string const& body) {
  auto const object = json::parse(body).as_object();
  auto& one = users.at(id);
  if (object.at("updateVersion").as_int64() != one.version) return refused(409, "Update version mismatch");
  auto const told = strings(object.at("groups"));
  one.groups = {told.begin(), told.end()};
  one.roles = strings(object.at("roles"));
  one.status = object.at("status").as_string();
  ++one.version;
  return answer(200, text({{"id", id}}));
}

http::Response FakeConsole::post_group(std::string const& body) {
  auto const object = json::parse(body).as_object();
  auto const id = "new" + std::to_string(++creations);
  groups[id] = {.name = std::string{object.at("name").as_string()},
                .description = std::string{object.at("description").as_string()},
                .version = 1,
                .roles = strings(object.at("roles"))};
  return answer(200, text({{"id", id}}));
}

http::Response FakeConsole::put_group(std::string const& id, std::string const& body) {
  auto const object = json::parse(body).as_object();
  auto& one = groups.at(id);
  if (object.at("updateVersion").as_int64() != one.version) return refused(409, "Update version mismatch");
  one = {.name = std::string{object.at("name").as_string()},
         .description = std::string{object.at("description").as_string()},
         .version = one.version + 1,
         .roles = strings(object.at("roles"))};
  return answer(200, text({{"id", id}}));
}

http::Response FakeConsole::post_user(std::string const& body) {
  auto const object = json::parse(body).as_object();
  auto const id = "new" + std::to_string(++creations);
  auto const told = strings(object.at("groups"));
  FakeUser user;
  user.name = object.at("userName").as_string();
  user.groups = {told.begin(), told.end()};
  user.roles = strings(object.at("roles"));
  passwords.emplace_back(object.at("password").as_string());
  users[id] = std::move(user);
  return answer(200, text({{"id", id}}));
}

http::Response FakeConsole::group(std::string const& id) const {
  auto const found = groups.find(id);
  if (found == groups.end()) return refused(404, "No records found");
  auto const& one = found->second;
  json::object body{
      {"id", id}, {"name", one.name}, {"description", one.description}, {"updateVersion", one.version}};
  body["createdTime"] = "1625800031729";
  body["lastUpdatedTime"] = 1625800031730;
  auto& roles = body["roles"].emplace_array();
  for (auto const& role : one.roles)
    roles.push_back(json::object{{"name", role == "r1" ? "Device Administrator" : "Insights Viewer"}});
  return answer(200, text(body));
}

ConsoleBed::ConsoleBed() {
  console.groups = {{"g1", {"Ops"}}, {"g2", {"Net"}}, {"g3", {"Hand made"}}, {"g9", {"Directory Sync"}}};
  console.users = {{"u1", {"ann@example.com", {"g3"}}},
                   {"u2", {"bob@example.com", {}}},
                   {"u9", {"svc@example.com", {"g9"}}}};
  settings.organization = "plant-a";
  settings.user = "svc@example.com";
  settings.password = Secret{"S3cret:pass"};
  settings.pauses = {std::chrono::milliseconds{0}, std::chrono::milliseconds{0}};
  open();
}

void ConsoleBed::open() {
  auto owned = std::make_unique<FakeHttpClient>(
      [this](http::Request const& request) { return console.handle(request); });
  client = owned.get();
  target = std::move(console::ConsoleTarget::open(settings, std::move(owned), clock).value());
}

Result<Observed> ConsoleBed::read() { return run(io, target->read()); }

std::vector<Applied> ConsoleBed::apply(std::vector<Change> batch) {
  return run(io, target->apply(std::move(batch)));
}

Change change(Verb verb, std::string group_id, std::string user_id, std::string user_name) {
  Change result;
  result.verb = verb;
  result.group_id = std::move(group_id);
  result.principal_id = std::move(user_id);
  result.principal = std::move(user_name);
  return result;
}

Change create_group(std::string name, std::vector<std::string> roles) {
  Change result;
  result.verb = Verb::create_group;
  result.group = std::move(name);
  result.roles = std::move(roles);
  return result;
}

}  // namespace dirsync::test
