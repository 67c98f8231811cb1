#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "sync/vault/errors.hpp"
#include "sync/vault/vault_target.hpp"
#include "tests/support/http/scripted_client.hpp"
#include "tests/support/run.hpp"

namespace dirsync::vault {

using http::HttpErrc;
using test::ScriptedAnswer;

/// A Vault whose answers the test scripts; by default a small healthy 14.4.
class ScriptedVault : public testing::Test {
 protected:
  static constexpr char kLogon[] = "POST /API/Auth/CyberArk/Logon";
  static constexpr char kVersion[] = "GET /WebServices/PIMServices.svc/Server";
  static constexpr char kUsers[] = "GET /API/Users?ExtendedDetails=true";
  static constexpr char kGroups[] = "GET /API/UserGroups?includeMembers=true";
  static constexpr char kGroupsWithPredefined[] =
      "GET /API/UserGroups?includeMembers=true&includePredefinedUsers=true";
  static constexpr char kGroup[] = "GET /API/UserGroups/57/?includeMembers=true";
  static constexpr char kAdd[] = "POST /API/UserGroups/57/Members/";
  static constexpr char kRemove[] = "DELETE /API/UserGroups/57/Members/jsmith/";

  ScriptedVault() {
    script->on(kLogon, {{200, "\"TOKEN1\"", {}}, {200, "\"TOKEN2\"", {}}, {200, "\"TOKEN3\"", {}}});
    script->on("POST /API/Auth/Logoff", {{200, "{}", {}}});
    version("14.4.0");
    script->on(kUsers, {{200, users(), {}}});
    script->on(kGroups, {{200, groups(with_members("")), {}}});
    script->on(kGroup, {{200, with_members(""), {}}});
    settings.http.urls = {"https://pvwa.example.com/PasswordVault"};
    settings.user = "svc";
    settings.password = Secret{"hunter2"};
  }

  static std::string users() {
    return R"({"Users":[{"id":2,"username":"Administrator","source":"CyberArk","userType":"Built-InAdmins"},
      {"id":26,"username":"jsmith","source":"LDAP","userDN":"CN=John,DC=x"}],"Total":2})";
  }
  /// The editable group 57. `members`: JSON of its entries.
  static std::string with_members(std::string const& members, std::string const& description = "") {
    return R"({"id":57,"groupType":"Vault","groupName":"UnixAdmins","location":"\\","description":")" +
           description + R"(","members":[)" + members + "]}";
  }
  static std::string member(int id, std::string const& name) {
    return R"({"id":)" + std::to_string(id) + R"(,"username":")" + name + "\"}";
  }
  static std::string groups(std::string const& editable) {
    return R"({"value":[{"id":11,"groupType":"Vault","groupName":"Vault Admins","location":"\\System",
      "members":[{"username":"Administrator","id":2}]},)" +
           editable + R"(],"count":2})";
  }
  void version(std::string const& text) {
    script->on(kVersion, {{200, R"({"ExternalVersion":")" + text + "\"}", {}}});
  }
  VaultTarget& target() {
    if (!target_)
      target_ = std::make_unique<VaultTarget>(
          "vault", settings, std::make_unique<test::ScriptedClient>(script),
          settings.method == AuthMethod::ispss ? std::make_unique<test::ScriptedClient>(identity) : nullptr);
    return *target_;
  }
  Result<Observed> read() { return test::run(io, target().read()); }
  Applied apply(Change change) {
    std::vector<Change> batch;
    batch.push_back(std::move(change));
    return test::run(io, target().apply(std::move(batch))).at(0);
  }
  /// After a read, as the engine does it, with the calls of that read forgotten.
  Applied apply_after_read(Change change) {
    EXPECT_TRUE(read());
    script->sent.clear();
    return apply(std::move(change));
  }
  static Change change(Verb verb) {
    Change made;
    made.verb = verb;
    made.group = "UnixAdmins";
    made.group_id = "57";
    made.principal = verb == Verb::add || verb == Verb::remove ? "jsmith" : "";
    made.dn = "CN=John,DC=x";
    return made;
  }

  boost::asio::io_context io;
  std::shared_ptr<test::Script> script = std::make_shared<test::Script>();
  std::shared_ptr<test::Script> identity = std::make_shared<test::Script>();
  Settings settings;

 private:
  std::unique_ptr<VaultTarget> target_;
};

}  // namespace dirsync::vault
