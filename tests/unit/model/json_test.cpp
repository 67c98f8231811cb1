#include "sync/model/json.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {
namespace json = boost::json;

json::object const kDocument =
    parse_json(
        R"({"text":"t","number":7,"large":1e300,"half":1.5,"yes":true,"list":[1],"object":{"in":"x"}})")
        .value()
        .as_object();

TEST(GivenADocument, WhenMembersAreOfTheirKindThenGiven) {
  EXPECT_EQ(text_at(kDocument, "text"), "t");
  EXPECT_EQ(integer_at(kDocument, "number"), 7);
  EXPECT_TRUE(flag_at(kDocument, "yes"));
  EXPECT_EQ(array_at(kDocument, "list").size(), 1U);
  EXPECT_EQ(text_at(object_at(kDocument, "object"), "in"), "x");
}

TEST(GivenADocument, WhenMembersAreMissingOrOfAnotherKindThenEmpty) {
  for (auto const* key : {"none", "list", "number"}) {
    EXPECT_EQ(text_at(kDocument, key), "") << key;
    EXPECT_TRUE(object_at(kDocument, key).empty()) << key;
    EXPECT_FALSE(flag_at(kDocument, key)) << key;
  }
  for (auto const* key : {"none", "text", "large", "half"}) {
    EXPECT_FALSE(integer_at(kDocument, key)) << key;
    EXPECT_TRUE(array_at(kDocument, key).empty()) << key;
  }
  EXPECT_TRUE(object_in(json::value{1}).empty());
}

TEST(GivenTextThatIsNoJson, WhenReadThenNothing) {
  EXPECT_FALSE(parse_json(""));
  EXPECT_FALSE(parse_json("{} {}"));
  EXPECT_FALSE(parse_json("{"));
}

}  // namespace
}  // namespace dirsync
