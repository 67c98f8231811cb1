#include "sync/vault/result_class.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace dirsync::vault {

void PrintTo(ResultClass result, std::ostream* out) { *out << to_text(result); }

namespace {

std::string with_code(std::string const& code) {
  return R"({"ErrorCode":")" + code + R"(","ErrorMessage":"Une erreur s'est produite."})";
}
ResultClass class_of(int status, std::string const& body) {
  return result_class(status, parse_refusal(body));
}

class GivenAnyAnswer : public testing::Test {};

TEST_F(GivenAnyAnswer, WhenItsCodeIsKnownThenTheCodeDecidesWhateverTheStatus) {
  using enum ResultClass;
  constexpr std::pair<char const*, ResultClass> kRows[] = {
      {"PASWS006E", unauthenticated}, {"PASWS013E", unauthenticated}, {"PASWS035E", unauthenticated},
      {"PASWS041E", forbidden},       {"PASWS011E", invalid},         {"PASWS018E", invalid},
      {"PASWS027E", conflict},        {"PASWS161E", absent},          {"PASWS167E", invalid},
      {"PASWS197E", absent},          {"PASWS199E", absent},          {"PASWS204E", invalid},
      {"PASWS213E", already},         {"PASWS268E", unauthenticated}, {"PASWS291E", forbidden},
      {"ITATS002E", unauthenticated}, {"ITATS003E", absent},          {"ITATS004E", unauthenticated},
      {"ITATS127E", unauthenticated}, {"ITATS262E", already},         {"ITATS542I", unauthenticated},
      {"ITATP072E", unsupported},     {"CAIWS001E", protocol},        {"CASSM005E", unauthenticated},
      {"CASTM006E", unauthenticated}, {"EPVPA012E", conflict},        {"ITADM111E", transient},
      {"SRAPIE0006", transient}};
  for (auto const& [code, expected] : kRows)
    for (auto const status : {400, 401, 403, 404, 409, 500})
      EXPECT_EQ(class_of(status, with_code(code)), expected) << status << ' ' << code;
}

TEST_F(GivenAnyAnswer, WhenTheWrapperHoldsACodeThenThatOneDecides) {
  auto const wrapped = R"({"ErrorCode":"CAWS00001E","ErrorMessage":"ITATS262E D\u00e9j\u00e0 membre."})";
  for (auto const status : {400, 409, 500}) EXPECT_EQ(class_of(status, wrapped), ResultClass::already);
  auto const in_details = R"({"ErrorMessage":"","Details":[{"ErrorCode":"PASWS011E"}]})";
  EXPECT_EQ(class_of(500, in_details), ResultClass::invalid);
}

TEST_F(GivenAnyAnswer, WhenOnlyTheStatusTellsThenItDependsOnWhoAnswered) {
  using enum ResultClass;
  struct Row {
    int status;
    ResultClass json, page, nothing;  // PVWA, a web server or gateway, no body
  };
  constexpr Row kRows[] = {
      {200, ok, ok, ok},
      {201, ok, ok, ok},
      {204, ok, ok, ok},
      {302, protocol, protocol, protocol},
      {400, invalid, routing, invalid},
      {401, unauthenticated, unauthenticated, unauthenticated},
      {403, forbidden, forbidden, forbidden},
      {404, absent, routing, routing},
      {405, unsupported, unsupported, unsupported},
      {408, transient, transient, transient},
      {409, conflict, routing, conflict},
      {411, protocol, protocol, protocol},
      {413, protocol, protocol, protocol},
      {429, throttled, throttled, throttled},
      {500, transient, transient, transient},
      {501, unsupported, unsupported, unsupported},
      {502, transient, transient, transient},
      {503, transient, transient, transient},
      {504, transient, transient, transient},
  };
  for (auto const& row : kRows) {
    // Codes that say nothing by themselves: the wrappers, those of safes, and one that nobody knows.
    for (auto const* code : {"CAWS00001E", "CAWS00002E", "CAWS00003E", "SFWS0002", "SFWS0007", "SFWS0012",
                             "SFWS0013", "PASWS999E"})
      EXPECT_EQ(class_of(row.status, with_code(code)), row.json) << row.status << ' ' << code;
    EXPECT_EQ(class_of(row.status, "<html>An error page</html>"), row.page) << row.status;
    EXPECT_EQ(class_of(row.status, ""), row.nothing) << row.status;
  }
}

TEST_F(GivenAnyAnswer, WhenAGatewaySaysNotFoundWithoutACodeThenItIsNoAbsence) {
  EXPECT_EQ(class_of(404, R"({"message":"no Route matched with those values"})"), ResultClass::routing);
}

TEST_F(GivenAnyAnswer, WhenAReadFailsInsideOfTheServerThenRepeatedAndWithoutACodeTwiceAtMost) {
  for (auto const* body : {"", "<html>", R"({"ErrorCode":"CAWS00001E"})"}) {
    EXPECT_TRUE(passes_by_itself(500, parse_refusal(body), 2));
    EXPECT_FALSE(passes_by_itself(500, parse_refusal(body), 3));
  }
  for (auto const* code : {"ITADM111E", "SRAPIE0006"})
    for (auto const status : {400, 404, 500})
      EXPECT_TRUE(passes_by_itself(status, parse_refusal(with_code(code)), 9)) << code;
  EXPECT_FALSE(passes_by_itself(500, parse_refusal(with_code("ITATS542I")), 1));
  EXPECT_FALSE(passes_by_itself(403, parse_refusal(with_code("PASWS041E")), 1));
  EXPECT_FALSE(passes_by_itself(501, parse_refusal(""), 1));
}

TEST_F(GivenAnyAnswer, WhenTheSessionIsOverThenANewLogonMayHelp) {
  for (auto const* code : {"PASWS006E", "CASSM005E", "CASTM006E"})
    for (auto const status : {401, 403}) EXPECT_TRUE(session_ended(status, parse_refusal(with_code(code))));
  EXPECT_TRUE(session_ended(401, parse_refusal("<html>")));
  for (auto const* code : {"PASWS041E", "PASWS013E", "CAWS00001E"})
    EXPECT_FALSE(session_ended(403, parse_refusal(with_code(code)))) << code;
}

TEST_F(GivenAnyAnswer, WhenALogonWasJudgedThenItIsFinal) {
  for (auto const* code :
       {"ITATS004E", "PASWS013E", "PASWS035E", "ITATS002E", "PASWS268E", "ITATS127E", "ITATS542I"})
    for (auto const status : {400, 403, 500})
      EXPECT_TRUE(logon_is_final(status, parse_refusal(with_code(code)))) << status << ' ' << code;
  // The password has expired; integrated authentication refused it; somebody unknown refused it.
  EXPECT_TRUE(logon_is_final(409, parse_refusal(with_code("CAWS00001E"))));
  EXPECT_TRUE(logon_is_final(401, parse_refusal("<html>Unauthorized</html>")));
  EXPECT_TRUE(logon_is_final(401, parse_refusal(R"({"error":"invalid_client"})")));
  EXPECT_TRUE(logon_is_final(403, parse_refusal(with_code("PASWS999E"))));
}

TEST_F(GivenAnyAnswer, WhenNobodyJudgedTheLogonThenALaterRunMayTry) {
  // At the limit of sessions, behind a gateway, or in trouble.
  EXPECT_FALSE(logon_is_final(403, parse_refusal(with_code("CAWS00001E"))));
  EXPECT_FALSE(logon_is_final(403, parse_refusal("<html>blocked</html>")));
  EXPECT_FALSE(logon_is_final(404, parse_refusal("<html>")));
  for (auto const status : {429, 500, 502, 503, 504}) {
    EXPECT_FALSE(logon_is_final(status, parse_refusal(with_code("CAWS00001E"))));
    EXPECT_FALSE(logon_is_final(status, parse_refusal("")));
  }
}

TEST(GivenAPageOfTheWebServer, WhenOtherCallsReachPvwaThenTheUrlIsNotBlamed) {
  http::Response response;
  response.status = 404;
  response.body = "<html>File or directory not found.</html>";
  auto const of_first = text(error_of(response, "users list", "Audit users"));
  EXPECT_NE(of_first.find("check that url ends with"), std::string::npos) << of_first;
  auto const of_member = text(error_of(response, "remove ann from ops", "Add/Update users", Url::proven));
  EXPECT_EQ(of_member.find("check that url"), std::string::npos) << of_member;
  EXPECT_NE(of_member.find("remove ann from ops: status 404"), std::string::npos) << of_member;
  EXPECT_NE(of_member.find("by hand"), std::string::npos) << of_member;
}

}  // namespace
}  // namespace dirsync::vault
