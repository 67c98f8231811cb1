#include "sync/rest/json.hpp"

#include <gtest/gtest.h>

namespace dirsync::rest {
namespace {

class GivenALenientReader : public testing::Test {
 protected:
  boost::json::object const object = *parse_object(
      R"({"Text":"a","number":12,"whole":12.0,"half":1.5,"large":18446744073709551615,"numeral":"17",
          "nothing":null,"flag":true,"word":"true","list":[1]})");
};

TEST_F(GivenALenientReader, WhenTheBodyIsNoObjectThenThereIsNothing) {
  for (auto const* body : {"", "[]", "\"a\"", "{", "<html>", "{} {}"})
    EXPECT_FALSE(parse_object(body)) << body;
  EXPECT_TRUE(parse_json("\"a\""));
}

TEST_F(GivenALenientReader, WhenTextIsAskedForThenWholeNumbersAreText) {
  EXPECT_EQ(text_at(object, "text"), "a");
  EXPECT_EQ(text_at(object, "Number"), "12");
  EXPECT_EQ(text_at(object, "whole"), "12");
  EXPECT_EQ(text_at(object, "large"), "18446744073709551615");
  for (auto const* key : {"half", "nothing", "flag", "list", "missing"}) {
    EXPECT_EQ(text_at(object, key), std::nullopt) << key;
    EXPECT_EQ(text_or_empty(object, key), "") << key;
  }
}

TEST_F(GivenALenientReader, WhenANumberIsAskedForThenNumeralsAreNumbers) {
  EXPECT_EQ(number_at(object, "number"), 12);
  EXPECT_EQ(number_at(object, "whole"), 12);
  EXPECT_EQ(number_at(object, "numeral"), 17);
  for (auto const* key : {"Text", "half", "large", "nothing", "flag", "list", "missing"})
    EXPECT_EQ(number_at(object, key), std::nullopt) << key;
}

TEST_F(GivenALenientReader, WhenAFlagIsAskedForThenTheWordCountsToo) {
  EXPECT_TRUE(true_at(object, "flag"));
  EXPECT_TRUE(true_at(object, "WORD"));
  for (auto const* key : {"Text", "number", "nothing", "missing"}) EXPECT_FALSE(true_at(object, key)) << key;
}

TEST_F(GivenALenientReader, WhenAMemberIsNullOrAbsentThenItIsTheSame) {
  EXPECT_EQ(member(object, "nothing"), nullptr);
  EXPECT_EQ(member(object, "missing"), nullptr);
  EXPECT_EQ(member(object, "TEXT"), &object.at("Text"));
}

}  // namespace
}  // namespace dirsync::rest
