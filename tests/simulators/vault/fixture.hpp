#pragma once
#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "tests/simulators/vault/vault_sim.hpp"

namespace dirsync::sim::vault {

/// The default state behind pam-12.2 and, after log_on(), a session of `svc-dirsync`.
class VaultTest : public testing::Test {
 protected:
  VaultTest() { use("pam-12.2"); }

  void use(std::string profile, Fields knobs = {}, json::value const& state = default_state()) {
    VaultSim::Options options;
    options.profile = std::move(profile);
    options.knobs = std::move(knobs);
    options.now = [this] { return now_; };
    sim_ = std::make_unique<VaultSim>(std::move(options), state);
    token_.clear();
  }
  void set(std::string_view knob, std::string_view value) {
    edit({{"op", "set"}, {"knobs", {{knob, value}}}});
  }
  void edit(json::object const& edit) {
    auto const wrong = sim_->edit(edit);
    ASSERT_FALSE(wrong) << *wrong;
  }

  Response send(std::string_view method, std::string_view path, Fields headers = {}, std::string body = {}) {
    return sim_->handle(
        make_request(method, "/PasswordVault/" + std::string{path}, std::move(body), std::move(headers)));
  }
  Response log_on_as(std::string_view user, std::string_view password, std::string_view more = {},
                     std::string_view type = "CyberArk") {
    auto body = R"({"username":")" + std::string{user} + R"(","password":")" + std::string{password} + '"';
    return send("POST", "API/Auth/" + std::string{type} + "/Logon", {{"Content-Type", "application/json"}},
                body + std::string{more} + "}");
  }
  void log_on(std::string_view user = "svc-dirsync", std::string_view password = "Sync.Pass.1") {
    auto const answer = log_on_as(user, password);
    ASSERT_EQ(answer.status, 200) << answer.body;
    token_ = token_of(answer);
  }
  static std::string token_of(Response const& answer) {
    return std::string{std::string_view{json::parse(answer.body).as_string()}};
  }

  Response get(std::string_view path) { return send("GET", path, {{"Authorization", token_}}); }
  Response del(std::string_view path) { return send("DELETE", path, {{"Authorization", token_}}); }
  Response post(std::string_view path, std::string body) {
    return send("POST", path, {{"Authorization", token_}, {"Content-Type", "application/json"}},
                std::move(body));
  }
  Response put(std::string_view path, std::string body) {
    return send("PUT", path, {{"Authorization", token_}, {"Content-Type", "application/json"}},
                std::move(body));
  }
  static json::object object_of(Response const& answer) { return json::parse(answer.body).as_object(); }
  static std::string code_of(Response const& answer) { return text_of(object_of(answer), "ErrorCode"); }

  /// The group's object in the list of all groups with members.
  json::object group_in_list(std::string_view name) {
    auto const list = object_of(get("API/UserGroups?includeMembers=true"));
    for (auto const& group : list.at("value").as_array())
      if (text_of(group.as_object(), "groupName") == name) return group.as_object();
    return {};
  }
  std::vector<std::string> member_names(std::string_view group) {
    std::vector<std::string> names;
    auto const object = group_in_list(group);
    for (auto const& member : array_of(object, "members"))
      names.push_back(text_of(member.as_object(), "username"));
    return names;
  }

  Instant now_{};
  std::unique_ptr<VaultSim> sim_;
  std::string token_;
};

/// Status and ErrorCode of a refusal.
MATCHER_P2(Refused, status, code, "") {
  auto const body = parse_json(arg.body);
  return arg.status == status && body && body->is_object() &&
         text_of(body->get_object(), "ErrorCode") == code;
}

/// A page of the web server: the service did not see the call.
MATCHER_P(Page, status, "") {
  return arg.status == status && find_field(arg.headers, "Content-Type") == "text/html";
}

}  // namespace dirsync::sim::vault
