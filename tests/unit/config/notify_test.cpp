#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/reload.hpp"
#include "tests/support/config/config_text.hpp"

namespace dirsync::config {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct GivenReceiversOfNews : testing::Test {
  ConfigText text_;
  MemoryEnvironment environment;
  GivenReceiversOfNews() { environment.variables = {{"VAULT", "hunter2"}, {"HOOK", "hunter3"}}; }

  Loaded parsed(std::string const& notify) const {
    auto with = text_;
    with.service += "notify = [{ " + notify + " }]\n";
    return parse(with.text(), "d.toml", environment, Secrets::fetch);
  }
  /// "code key: text" of each mistake.
  std::vector<std::string> problems(std::string const& notify) const {
    std::vector<std::string> lines;
    if (auto const loaded = parsed(notify); !loaded)
      for (auto const& problem : loaded.error())
        lines.push_back(problem.code + " " + problem.key + ": " + problem.text);
    return lines;
  }
};

constexpr char kHook[] = R"(url = "https://hooks.example.com/a?token=xyzzy", secret = { env = "HOOK" })";
constexpr char kMail[] = R"(sendmail = "/usr/sbin/sendmail", to = ["ops@example.com"])";

TEST_F(GivenReceiversOfNews, WhenTheyAreWrittenThenTheyHoldAndWarnOfNothing) {
  for (auto const* const written : {kHook, kMail}) {
    auto const loaded = parsed(written);
    ASSERT_TRUE(loaded) << text(loaded.error().front());
    EXPECT_THAT(loaded->warnings, IsEmpty());
    ASSERT_EQ(loaded->service.notify.size(), 1U);
    EXPECT_EQ(loaded->service.notify[0].events.size(), kNotifyEvents.size());
    for (auto const& [key, value] : loaded->effective) EXPECT_THAT(value, Not(HasSubstr("xyzzy"))) << key;
  }
}

TEST_F(GivenReceiversOfNews, WhenThereIsNoTlsThenEveryRunWarnsWithoutThePath) {
  auto const loaded = parsed(R"(url = "http://127.0.0.1:8080/xyzzy", secret = { env = "HOOK" })");
  ASSERT_TRUE(loaded);
  EXPECT_THAT(loaded->warnings,
              ElementsAre(AllOf(HasSubstr("http://127.0.0.1:8080 without TLS"), Not(HasSubstr("xyzzy")))));
}

TEST_F(GivenReceiversOfNews, WhenAWayIsMissingOrTwoAreGivenThenItIsAMistake) {
  EXPECT_THAT(problems(R"(events = ["held"])"), Contains(StartsWith("missing service.notify.url")));
  EXPECT_THAT(problems(std::string{kHook} + ", " + kMail),
              ElementsAre(StartsWith("conflict service.notify")));
  EXPECT_THAT(problems(R"(url = "https://hooks.example.com/")"),
              ElementsAre(StartsWith("missing service.notify.secret")));
  EXPECT_THAT(problems(R"(sendmail = "/usr/sbin/sendmail")"),
              ElementsAre(StartsWith("missing service.notify.to")));
}

TEST_F(GivenReceiversOfNews, WhenAKeyIsOfTheOtherWayThenItIsAMistake) {
  EXPECT_THAT(problems(std::string{kMail} + R"(, ca_file = "/ca.pem")"),
              ElementsAre(StartsWith("conflict service.notify.ca_file")));
  EXPECT_THAT(problems(std::string{kHook} + R"(, to = ["ops@example.com"])"),
              ElementsAre(StartsWith("conflict service.notify.to")));
}

TEST_F(GivenReceiversOfNews, WhenAValueCannotBeUsedThenItIsAMistake) {
  EXPECT_THAT(problems(std::string{kHook} + R"(, events = ["hold"])"),
              ElementsAre(AllOf(StartsWith("out-of-range service.notify.events"), HasSubstr("\"held\"?"))));
  EXPECT_THAT(problems(std::string{kHook} + ", events = []"),
              ElementsAre(StartsWith("malformed service.notify.events")));
  EXPECT_THAT(problems(std::string{kHook} + R"(, ca_file = "ca.pem")"),
              ElementsAre(StartsWith("malformed service.notify.ca_file")));
  for (auto const* const url : {"ftp://hooks.example.com/", "hooks.example.com",
                                "https://me:xyzzy@example.com/", "https://example.com/#xyzzy"})
    EXPECT_THAT(problems("url = \"" + std::string{url} + "\", secret = { env = \"HOOK\" }"),
                ElementsAre(AllOf(StartsWith("malformed service.notify.url"), Not(HasSubstr("xyzzy")))))
        << url;
  for (auto const* const address : {R"(a@example.com\nBcc: b@example.com)", "a@example.com,b@example.com",
                                    "-oQ/tmp", R"(a@example.com\r)", "a b"})
    EXPECT_THAT(problems("sendmail = \"/usr/sbin/sendmail\", to = [\"" + std::string{address} + "\"]"),
                ElementsAre(StartsWith("malformed service.notify.to")))
        << address;
  EXPECT_THAT(problems(R"(sendmail = "sendmail", to = ["root"])"),
              ElementsAre(StartsWith("malformed service.notify.sendmail")));
  EXPECT_THAT(
      problems(R"(url = "https://example.com/", secret = "hunter4")"),
      ElementsAre(AllOf(StartsWith("literal-secret service.notify.secret"), Not(HasSubstr("hunter4")))));
  EXPECT_THAT(problems(std::string{kHook} + ", retries = 3"),
              ElementsAre(StartsWith("unknown-key service.notify.retries")));
}

TEST_F(GivenReceiversOfNews, WhenTheyChangeThenNoRestartIsNeeded) {
  auto const before = parsed(kHook), after = parsed(kMail);
  ASSERT_TRUE(before && after);
  EXPECT_THAT(needing_restart(*before, *after), IsEmpty());
}

}  // namespace
}  // namespace dirsync::config
