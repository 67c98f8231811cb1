#include "daemon/notify/message.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <sstream>

#include "sync/model/ascii.hpp"

namespace dirsync::notify {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Origin origin() { return {"host.example.com", RunId{7}, *parse_rfc3339("2026-01-02T03:04:05Z")}; }

/// RFC 4231, test case 2.
TEST(GivenASecret, WhenABodyIsSignedThenAsTheStandardSays) {
  EXPECT_EQ(signature_of(Secret{"Jefe"}, "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(GivenNews, WhenWrittenAsJsonThenOneLineOfText) {
  News const news{Event::blocked, "vault: ops, a\x01n", "", "due\nto leave \xff"};
  auto const text = json_of(news, origin());
  EXPECT_THAT(text, Not(HasSubstr("\n")));
  auto const object = boost::json::parse(text).as_object();
  EXPECT_EQ(object.at("event").as_string(), "blocked");
  EXPECT_EQ(object.at("run").as_int64(), 7);
  EXPECT_EQ(object.at("time").as_string(), "2026-01-02T03:04:05.000Z");
}

/// A group that somebody named "x\nBcc: all@example.com" adds no header.
TEST(GivenNews, WhenMailedThenNoNameBecomesAHeader) {
  std::vector<News> const news{{Event::held, "abc", "", "a plan waits"},
                               {Event::blocked, "x", "", "of group x\nBcc: all@example.com"}};
  auto const mail = mail_of(news, origin(), {"ops@example.com", "sec@example.com"});
  EXPECT_THAT(
      mail,
      AllOf(StartsWith("To: ops@example.com, sec@example.com\nSubject: dirsyncd on host.example.com: 2 "),
            HasSubstr("\n\nheld: a plan waits\n"), Not(HasSubstr("\nBcc:"))));
}

TEST(GivenNews, WhenMailedByAHostWhoseNameIsNotAsciiThenTheSubjectIsEncoded) {
  std::vector<News> const news{{Event::held, "abc", "", "a plan waits"}};
  auto from = origin();
  from.host = "h\u00f6st";
  auto const mail = mail_of(news, from, {"ops@example.com"});
  auto const head = mail.substr(0, mail.find("\n\n"));
  EXPECT_THAT(head, StartsWith("To: ops@example.com\nSubject: =?UTF-8?B?"));
  EXPECT_TRUE(is_ascii(head)) << head;
}

TEST(GivenNews, WhenTheTextIsLongThenNoLineOfTheMailIsTooLongForAServer) {
  std::string text;
  for (int n = 0; n < 100; ++n) text += "reason" + std::to_string(n) + " \u00e4\u4e16 ";
  std::vector<News> const news{{Event::held, "abc", "", text + std::string(2000, 'x')}};
  auto const mail = mail_of(news, origin(), {"ops@example.com"});
  EXPECT_THAT(mail, AllOf(HasSubstr("reason0"), HasSubstr("reason99")));
  std::istringstream lines{mail};
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 998U);
}

}  // namespace
}  // namespace dirsync::notify
