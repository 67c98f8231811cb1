#include "tests/simulators/console/fixture.hpp"

#include <openssl/evp.h>

namespace dirsync::sim {
namespace {

std::string base64(std::string const& text) {
  std::string encoded((text.size() + 2) / 3 * 4 + 1, '\0');
  auto const size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return encoded;
}

}  // namespace

void ConsoleFixture::start(std::string_view state, ConsoleSim::Options options) {
  options.clock = [this] { return now_; };
  auto opened = ConsoleSim::open(parse_json(state).value(), std::move(options));
  ASSERT_TRUE(opened) << opened.error().context;
  sim_ = std::move(*opened);
  org_.clear();
  auto const session = log_in("svc-dirsync@root.local", "Dirsync#2021");
  ASSERT_EQ(session.status, 200) << session.text;
  token_ = text_of(session.body.as_object(), "accessToken");
  sim_->forget_calls();
}

void ConsoleFixture::knob(std::string_view name, std::string_view value) {
  ASSERT_EQ(sim_->edit(json::object{{"op", "set_knob"}, {"name", name}, {"value", value}}), std::nullopt);
}

void ConsoleFixture::edit(std::string_view edits) {
  ASSERT_EQ(sim_->edit(parse_json(edits).value()), std::nullopt);
}

void ConsoleFixture::faults(std::string_view rules) {
  ASSERT_EQ(sim_->replace_faults(parse_json(rules).value()), std::nullopt);
}

ConsoleFixture::Got ConsoleFixture::call(std::string_view method, std::string_view target,
                                         std::string_view body) {
  Fields headers{{"Accept", "application/json;api-version=0.17"},
                 {"Content-Type", "application/json"},
                 {"Authorization", "Bearer " + token_}};
  if (!org_.empty()) headers.emplace_back("x-current-org-id", org_);
  return bare(method, target, std::move(headers), body);
}

ConsoleFixture::Got ConsoleFixture::bare(std::string_view method, std::string_view target, Fields headers,
                                         std::string_view body) {
  auto const response = sim_->handle(make_request(method, target, std::string{body}, std::move(headers)));
  return {response.status, parse_json(response.body).value_or(nullptr), response.body,
          find_field(response.headers, "grpc-message").value_or("")};
}

ConsoleFixture::Got ConsoleFixture::log_in(std::string_view user, std::string_view password,
                                           std::string_view domain) {
  Fields headers{{"Accept", "application/json"},
                 {"Authorization", "Basic " + base64(std::string{user} + ':' + std::string{password})}};
  if (!domain.empty()) headers.emplace_back("x-org-domain-name", domain);
  return bare("GET", "/api/tokens", std::move(headers));
}

std::int64_t ConsoleFixture::mark(std::string const& name) const {
  auto const marks = sim_->counters().by_mark;
  auto const at = marks.find(name);
  return at == marks.end() ? 0 : at->second;
}

json::object ConsoleFixture::stored(std::string_view list, std::string_view key,
                                    std::string_view name) const {
  auto const state = sim_->state();
  for (auto const& entry : array_of(state.as_object(), list))
    if (text_of(entry.as_object(), key) == name) return entry.as_object();
  ADD_FAILURE() << "nothing in " << list << " is called " << name;
  return {};
}

json::object ConsoleFixture::stored_user(std::string_view name) const {
  return stored("users", "userName", name);
}
json::object ConsoleFixture::stored_group(std::string_view name) const {
  return stored("groups", "name", name);
}

std::string ConsoleFixture::user_path(std::string_view name) const {
  return "/api/users/" + text_of(stored_user(name), "id");
}
std::string ConsoleFixture::group_path(std::string_view name) const {
  return "/api/groups/" + text_of(stored_group(name), "id");
}

std::string ConsoleFixture::user_update(std::string_view name, json::object const& changes) const {
  auto const user = stored_user(name);
  json::object body;
  for (auto const* key : {"userName", "displayName", "email", "status", "roles", "groups", "updateVersion"})
    body[key] = user.at(key);
  for (auto const& [key, value] : changes) body[key] = value;
  return json::serialize(body);
}

std::string ConsoleFixture::group_update(std::string_view name, json::object const& changes) const {
  auto const group = stored_group(name);
  json::object body;
  for (auto const* key : {"name", "description", "roles", "updateVersion"}) body[key] = group.at(key);
  for (auto const& [key, value] : changes) body[key] = value;
  return json::serialize(body);
}

std::vector<std::string> texts(json::value const& body, std::string_view list, std::string_view key) {
  std::vector<std::string> found;
  for (auto const& entry : array_of(body.as_object(), list)) found.push_back(text_of(entry.as_object(), key));
  return found;
}

}  // namespace dirsync::sim
