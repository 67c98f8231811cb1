#include "sync/model/quoted_word.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

TEST(GivenAText, WhenQuotedThenAShellTakesItAsOneWord) {
  EXPECT_EQ(quoted_word("/etc/dirsyncd/dirsyncd.toml"), "/etc/dirsyncd/dirsyncd.toml");
  EXPECT_EQ(quoted_word("uid=ada,ou=people"), "uid=ada,ou=people");
  EXPECT_EQ(quoted_word(""), "''");
  EXPECT_EQ(quoted_word("a b"), "'a b'");
  EXPECT_EQ(quoted_word("it's"), "'it'\\''s'");
  EXPECT_EQ(quoted_word("$(id)"), "'$(id)'");
  EXPECT_EQ(quoted_word("a;b"), "'a;b'");
  EXPECT_EQ(quoted_word("~root"), "'~root'");
}

}  // namespace
}  // namespace dirsync
