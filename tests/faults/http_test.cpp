// What comes back from a target, and what does not.
#include <boost/json.hpp>

#include "tests/faults/stage.hpp"

namespace dirsync::test {
namespace {

constexpr char kNotRead[] = "5 refuse: read-failed";
constexpr char kFine[] = "0 run";
constexpr char kFailed[] = "6 run: failed";

/// How a fault rule names the calls of each side.
struct Routes {
  char const* logon;
  char const* groups;
  char const* users;
  char const* one_group;  // a part of the paths that read a group's members
  char const* removal;    // of a leaver is the first such call
  char const* addition;   // the console's first call is a removal
  char const* no_groups;  // an answer without any
  char const* end_sessions;
};

Routes const& routes(Side side) {
  static Routes const vault{R"("route": "logon")",          R"("route": "list-groups")",
                            R"("route": "list-users")",     R"("route": "get-group")",
                            R"("route": "remove-member")",  R"("route": "add-member")",
                            R"({"value": [], "count": 0})", R"({"op": "revoke-tokens"})"};
  static Routes const console{
      R"("route": "GET /api/tokens")",
      R"("route": "GET /api/groups")",
      R"("route": "GET /api/users")",
      R"("route": "GET /api/console-groups/{id}/users")",
      R"("route": "PUT /api/users/{id}")",
      R"("route": "PUT /api/users/{id}")",
      R"({"groups": [], "pageInfo": {"totalElements": "0", "totalPages": "0", "number": "1", "size": "30"}})",
      R"({"op": "expire_tokens", "which": "access"})"};
  return side == Side::vault ? vault : console;
}

Fault on(Side side, std::string name, std::string const& expected, std::string const& rules) {
  return only_on(side, std::move(name), expected,
                 [side, rules](Stage& stage) { stage.simulator(side).replace_faults("[{" + rules + "}]"); });
}

/// With little time for a call.
Fault hurried(Fault fault) {
  fault.begin = [begin = std::move(fault.begin)](Stage& stage) {
    stage.change_configuration([](Configuration& configuration) {
      configuration.vault_keys = configuration.console_keys = "timeouts = { total = \"2s\" }\n";
    });
    begin(stage);
  };
  return fault;
}

std::vector<Fault> reads(Side side) {
  auto const& to = routes(side);
  std::string const groups = to.groups, always = R"(, "count": 0, "status": )",
                    page = R"(200, "content_type": "text/html", "body": "<html>maintenance</html>")";
  return {
      on(side, "the logon is refused", kNotRead, to.logon + always + "401"),
      on(side, "the logon answers 503", kNotRead, to.logon + always + "503"),
      on(side, "the logon answers 503 once", kFine, to.logon + std::string{R"(, "status": 503)"}),
      on(side, "every list is refused with 401", kNotRead, groups + always + "401"),
      on(side, "the list of groups answers 403", kNotRead, groups + always + "403"),
      on(side, "the list of groups answers 404", kNotRead, groups + always + "404"),
      on(side, "the list of groups answers 500", kNotRead, groups + always + "500"),
      on(side, "the list of groups answers 503 once", kFine, groups + R"(, "status": 503)"),
      on(side, "the list of groups answers 429, to come back at once", kFine,
         groups + R"(, "status": 429, "headers": {"Retry-After": "0"})"),
      on(side, "the list of groups answers 429, to come back in an hour", kNotRead,
         groups + R"(, "status": 429, "headers": {"Retry-After": "3600"})"),
      on(side, "the list of groups leads elsewhere", kNotRead,
         groups + always + R"(302, "headers": {"Location": "https://other.example.com/"})"),
      on(side, "a page of a gateway in place of the list", kNotRead, groups + always + page),
      on(side, "another object in place of the list", kNotRead, groups + always + R"(200, "body": {"a": 1})"),
      on(side, "the list of groups is empty", kNotRead, groups + always + "200, \"body\": " + to.no_groups),
      on(side, "the list of groups is cut in mid-answer, always", kNotRead,
         groups + R"(, "count": 0, "cut_after": 50)"),
      on(side, "the list of groups is cut in mid-answer, once", kFine, groups + R"(, "cut_after": 50)"),
      on(side, "the list of groups has no answer", kNotRead, groups + R"(, "count": 0, "drop": true)"),
      hurried(on(side, "the list of groups takes for ever", kNotRead,
                 groups + R"(, "count": 0, "delay_ms": 30000)")),
      on(side, "the list of groups is slow", kFine, groups + R"(, "delay_ms": 300)"),
      on(side, "the list of people answers 500", kNotRead, to.users + always + "500"),
      on(side, "the session ends while lists are read", kFine,
         groups + R"(, "do": )" + std::string{to.end_sessions}),
  };
}

std::vector<Fault> writes(Side side) {
  auto const& to = routes(side);
  std::string const removal = to.removal, always = R"(, "count": 0, "status": )",
                    addition = to.addition + std::string{side == Side::vault ? "" : R"(, "nth": 2)"};
  return {
      on(side, "a leaver's removal is done, and the answer lost", kFine, removal + R"(, "drop": true)"),
      on(side, "a leaver's removal is lost on the way", kFine,
         removal + R"(, "drop": true, "effect": "prevented")"),
      on(side, "removals never have an answer", kFailed,
         removal + R"(, "count": 0, "drop": true, "effect": "prevented")"),
      on(side, "a leaver's removal answers 500, and was done", kFine,
         removal + R"(, "status": 500, "effect": "happens")"),
      on(side, "writes answer 400", kFailed, R"("write": true)" + always + "400"),
      // A Vault that refuses three in a row is not asked any more.
      on(side, "writes answer 403", side == Side::vault ? "5 run: ended-early, failed" : kFailed,
         R"("write": true)" + always + "403"),
      on(side, "writes answer 404", kFailed, R"("write": true)" + always + "404"),
      on(side, "writes answer 409", kFailed, R"("write": true)" + always + "409"),
      on(side, "writes answer 429, to come back in an hour", "5 run: ended-early, failed, skipped",
         R"("write": true)" + always + R"(429, "headers": {"Retry-After": "3600"})"),
      on(side, "writes answer 500", kFailed, R"("write": true)" + always + "500"),
      on(side, "writes answer 503", kFailed, R"("write": true)" + always + "503"),
      on(side, "writes lead elsewhere", kFailed,
         R"("write": true)" + always + R"(302, "headers": {"Location": "https://other.example.com/"})"),
      on(side, "removals answer success and do nothing", kFailed, removal + always + "200"),
      on(side, "additions answer success and do nothing", kFailed, addition + always + "200"),
      on(side, "an addition is done, and the answer lost", kFine, addition + R"(, "drop": true)"),
      on(side, "an addition's answer is cut", kFine, addition + R"(, "cut_after": 1)"),
      on(side, "an addition answers 409 once", "6 run: failed", addition + R"(, "status": 409)"),
      on(side, "the session ends between writes", kFine,
         addition + R"(, "do": )" + std::string{to.end_sessions}),
  };
}

std::vector<Fault> calls(Side side) {
  auto all = reads(side);
  for (auto& fault : writes(side)) all.push_back(std::move(fault));
  return all;
}

using GivenVaultCalls = Stage;
TEST_F(GivenVaultCalls, WhenTheyFailThenNobodyIsWrongedOrForgotten) {
  play_all("Calls of the Vault", calls(Side::vault));
}

using GivenConsoleCalls = Stage;
TEST_F(GivenConsoleCalls, WhenTheyFailThenNobodyIsWrongedOrForgotten) {
  play_all("Calls of the console", calls(Side::console));
}

}  // namespace
}  // namespace dirsync::test
