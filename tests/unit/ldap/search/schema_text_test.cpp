#include "ldap/search/schema_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync::ldap {
namespace {

using testing::HasSubstr;

constexpr char kObjectClass[] = "( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch )";
constexpr char kTop[] = "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )";

ReadSchema read(std::vector<std::string> types, std::vector<std::string> classes = {kTop}) {
  types.insert(types.begin(), kObjectClass);
  return schema_of(types, classes, "cn=Subschema", Flavour::openldap);
}

TEST(SchemaText, WhenTypesFormARingThenEachIsThereAndNothingHangs) {
  auto const [schema, detail] =
      read({"( 1.1 NAME 'a' SUP b )", "( 1.2 NAME 'b' SUP a )", "( 1.3 NAME 'c' SUP c )"},
           {kTop, "( 1.4 NAME 'x' SUP y MAY a )", "( 1.5 NAME 'y' SUP x )"});
  EXPECT_EQ(detail, "");
  for (auto const* name : {"a", "b", "c"}) EXPECT_TRUE(schema->type(name)) << name;
  auto const x = schema->object_class("x"), y = schema->object_class("y");
  ASSERT_TRUE(x && y);
  EXPECT_TRUE(schema->allows_type(*y, *schema->type("a")));
}

TEST(SchemaText, WhenADefinitionIsBrokenThenItIsSetAsideAndCounted) {
  auto const [schema, detail] = read({"( 1.1 NAME", "( 1.2 NAME 'b' )"});
  EXPECT_TRUE(schema->type("b"));
  EXPECT_THAT(detail, HasSubstr("1 definitions of the server's schema \"cn=Subschema\""));
}

/// libldap would read on behind their end.
TEST(SchemaText, WhenADefinitionBreaksOffWithinItsSyntaxThenItIsSetAside) {
  auto const [schema, detail] = read({"( 1.1 NAME 'a' SYNTAX '1.3.6.1.4.1.1466.115.121.1.15",
                                      "( 1.2 NAME 'b' SYNTAX )", "( 1.3 NAME 'c' ) "});
  EXPECT_FALSE(schema->type("a"));
  EXPECT_FALSE(schema->type("b"));
  EXPECT_TRUE(schema->type("c"));
  EXPECT_THAT(detail, HasSubstr("2 definitions of the server's schema"));
}

TEST(SchemaText, WhenItIsEmptyThenTheBuiltInOneSaysWhy) {
  auto const [schema, detail] = schema_of({}, {}, "cn=Subschema", Flavour::openldap);
  EXPECT_TRUE(schema->type("cn"));
  EXPECT_THAT(schema->remark(), HasSubstr("cannot be read; give the bind DN read access"));
  EXPECT_EQ(detail, schema->remark());
}

TEST(SchemaText, WhenItIsHugeThenTheBuiltInOneSaysWhy) {
  EXPECT_THAT(read(std::vector<std::string>(50'000, "( 1.2 NAME 'b' )")).detail,
              HasSubstr("is larger than 8 MB or 50,000 definitions"));
  EXPECT_THAT(read({"( 1.2 NAME 'b' DESC '" + std::string(8U << 20U, 'x') + "' )"}).detail,
              HasSubstr("is larger than 8 MB or 50,000 definitions"));
}

}  // namespace
}  // namespace dirsync::ldap
