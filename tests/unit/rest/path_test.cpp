#include "sync/rest/path.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/http/client.hpp"
#include "sync/rest/requests.hpp"

namespace dirsync::rest {
namespace {
using testing::HasSubstr;

class GivenANameForAPath : public testing::Test {
 protected:
  static Result<Path> path_with(std::string_view name, PathServer server = PathServer::any) {
    return Path::of(server, {"/API/UserGroups/", Segment{"57"}, "/Members/", Segment{name}, "/"});
  }
};

TEST_F(GivenANameForAPath, WhenItIsANameThenItIsEncodedAndTheRouteDoesNotTellIt) {
  auto const path = path_with("jörg smith+1");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->text(), "/API/UserGroups/57/Members/j%C3%B6rg%20smith%2B1/");
  EXPECT_EQ(path->route(), "/API/UserGroups/*/Members/*/");
  EXPECT_EQ(path->with_query("a=b").with_query("c=d").text(), path->text() + "?a=b&c=d");
  EXPECT_EQ(path->with_query("a=b").route(), path->route());
}

TEST_F(GivenANameForAPath, WhenAServerWouldFoldItThenNoPathIsMade) {
  for (auto const* name : {".", "..", "%2e", "%2E%2e", ".%2e", "%252e%252e", "../57", "a/..", "..\\a",
                           "a/./b", "..;x", "%2e%2e%2f", ""}) {
    auto const path = path_with(name);
    ASSERT_FALSE(path) << name;
    EXPECT_EQ(path.error().code, make_error_code(http::HttpErrc::bad_path));
    EXPECT_THAT(text(path.error()), HasSubstr(name));
  }
}

TEST_F(GivenANameForAPath, WhenItHoldsDotsAmongOthersThenItIsAName) {
  for (auto const* name : {"...", "a.b", ".hidden", "j.smith.", "..x", "50%2"})
    EXPECT_TRUE(path_with(name)) << name;
}

TEST_F(GivenANameForAPath, WhenItHoldsWhatPartsAPathOrIsNoTextThenNoPathIsMade) {
  for (auto const* name :
       {"a/b", "a\\b", "a%2Fb", "a%5cb", "a%252fb", "a\tb", "a%0Ab", "\x7f", "a\xFF", "/", "\\"})
    EXPECT_FALSE(path_with(name)) << name;
}

TEST_F(GivenANameForAPath, WhenIisKeepsItToItselfThenOnlyOtherServersTakeIt) {
  for (auto const* name : {"bin", "Web.config", "App_Data", "CONIN$", "CON",  "con",  "prn", "Aux.txt",
                           "NUL", "com1",       "LPT9.ann", "con .x", "ann.", "ann ", "a<b", "a>b",
                           "a*b", "a%b",        "a&b",      "a:b",    "a?b",  "a+b"}) {
    EXPECT_FALSE(path_with(name, PathServer::iis)) << name;
    EXPECT_TRUE(path_with(name)) << name;
  }
  for (auto const* name :
       {"conrad", "com", "com10", "nula", "lpt", "xcon", "a.con", "ann@corp.example.com", " ann"})
    EXPECT_TRUE(path_with(name, PathServer::iis)) << name;
}

TEST_F(GivenANameForAPath, WhenThePathIsFixedThenItsQueryIsNotOfTheRoute) {
  auto const path = Path::fixed("/API/Users?search=ann");
  EXPECT_EQ(path.text(), "/API/Users?search=ann");
  EXPECT_EQ(path.route(), "/API/Users");
}

TEST_F(GivenANameForAPath, WhenAWriteIsMadeThenItHasItsOwnDeadlineAndALogOffAShorterOne) {
  Write const write{http::Method::put, Path::fixed("/a"), "{}"};
  EXPECT_EQ(write.request().total, std::chrono::seconds{60});
  EXPECT_EQ(write.request().repeat, http::Repeat::when_refused);
  EXPECT_EQ(write.request().content_type, "application/json");
  auto const end = log_off_request(http::Method::post, Path::fixed("/logoff"), {});
  EXPECT_EQ(end.total, std::chrono::seconds{10});
  EXPECT_EQ(end.repeat, http::Repeat::never);
  EXPECT_TRUE(end.confidential);
}

}  // namespace
}  // namespace dirsync::rest
