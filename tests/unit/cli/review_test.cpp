// Reviews of access: what each format looks like, whatever the names hold. DIRSYNC_UPDATE_GOLDEN=1 writes
// the files anew; review them as code.
#include <gmock/gmock.h>
#include <boost/json.hpp>

#include "daemon/cli/report/html_text.hpp"
#include "daemon/cli/report/review_formats.hpp"
#include "tests/support/golden.hpp"

namespace dirsync::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Time at(char const* text) { return *parse_rfc3339(text); }

struct GivenAReviewWithHostileNames : testing::Test {
  Review review;
  std::vector<std::vector<ReviewedMember>> members;  // of each group

  GivenAReviewWithHostileNames() {
    review.made = at("2026-11-30T08:00:00Z");
    review.run = RunId{9};
    review.run_finished = at("2026-11-30T07:55:00Z");
    review.groups.push_back({.target = "vault",
                             .name = "<b>\"ops\" & 'co'</b>",
                             .id = "7",
                             .is_managed = true,
                             .sources = {"cn=pam-ops,ou=groups,dc=x"},
                             .owners = {"uid=boss,dc=x"},
                             .foreign = std::vector<std::string>{"=cmd|' /C calc'!A0"},
                             .number = 1});
    review.groups.push_back({.target = "vault",
                             .name = "web",
                             .id = "8",
                             .is_managed = false,
                             .sources = {},
                             .owners = {},
                             .foreign = {},
                             .number = 2});
    members.resize(review.groups.size());
    members[0].push_back({.principal = "=HYPERLINK(\"http://x\")",
                          .dn = "uid=eve,dc=x",
                          .id = EntryId{"e-1"},
                          .rule = "all",
                          .path = "cn=pam-ops > uid=eve",
                          .since = at("2026-11-21T20:00:00Z"),
                          .verb = "add",
                          .run = RunId{7},
                          .plan = "p1",
                          .actor = "daemon",
                          .approved = Approval{"uid:1000 (jane)", at("2026-11-21T19:00:00Z")}});
    members[0].push_back({.principal = "a\xe2\x80\xae"
                                       "b\nc,d",
                          .dn = "",
                          .id = EntryId{""},
                          .rule = "",
                          .path = "",
                          .since = {},
                          .verb = "",
                          .run = RunId{},
                          .plan = "",
                          .actor = "",
                          .approved = {}});
    review.waiting["vault"] = {"new\tcomer"};
    review.set_aside.push_back({.target = "vault",
                                .group = "web",
                                .principal = "@sum",
                                .reason = "refused",
                                .attempts = 2,
                                .next_try = at("2026-11-30T09:00:00Z")});
    Blocked blocked;
    blocked.change.target = "vault";
    blocked.change.verb = Verb::remove;
    blocked.change.group = "ops";
    blocked.change.principal = "bob";
    blocked.change.rule = "all";
    blocked.code = "protected";
    blocked.reason = "it is protected; ask <root>";
    blocked.since = at("2026-11-29T10:00:00Z");
    review.blocked.push_back(std::move(blocked));
    review.frozen.push_back({"", "holidays"});
  }
  std::string written(ReviewFormat format) const {
    auto const writer = writer_of(format);
    auto text = writer->head(review);
    for (std::size_t n = 0; n < review.groups.size(); ++n)
      text += writer->group(review, review.groups[n], members[n]);
    return text + writer->end(review);
  }
};

TEST_F(GivenAReviewWithHostileNames, WhenWrittenAsHtmlThenAsWrittenDown) {
  expect_golden("review.html", written(ReviewFormat::html));
}

TEST_F(GivenAReviewWithHostileNames, WhenWrittenAsCsvThenAsWrittenDown) {
  expect_golden("review.csv", written(ReviewFormat::csv));
}

TEST_F(GivenAReviewWithHostileNames, WhenWrittenAsJsonThenAsWrittenDownAndReadable) {
  auto const text = written(ReviewFormat::json);
  expect_golden("review.json", text + "\n");
  auto const document = boost::json::parse(text);
  EXPECT_EQ(document.at("groups").as_array().size(), 2U);
}

TEST_F(GivenAReviewWithHostileNames, WhenThePageIsReadThenNothingInItRunsOrComesFromElsewhere) {
  auto const page = written(ReviewFormat::html);
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("src=")), Not(HasSubstr("href=")),
                          Not(HasSubstr("url(")), Not(HasSubstr("<b>")), Not(HasSubstr("\xe2\x80\xae")),
                          HasSubstr("default-src 'none'")));
}

TEST_F(GivenAReviewWithHostileNames, WhenItIsOfAnEarlierTimeThenWithoutWhatIsKnownOfNowAlone) {
  review.at = at("2026-11-25T00:00:00Z");
  for (auto& group : review.groups) group.foreign.reset();
  EXPECT_THAT(written(ReviewFormat::html), AllOf(HasSubstr("as of 2026-11-25T00:00:00.000Z"),
                                                 Not(HasSubstr("Who waits")), HasSubstr("</html>\n")));
  auto const document = boost::json::parse(written(ReviewFormat::json)).as_object();
  EXPECT_EQ(document.at("at").as_string(), "2026-11-25T00:00:00.000Z");
  EXPECT_FALSE(document.contains("waiting"));
  EXPECT_TRUE(document.at("groups").at(0).at("foreign").is_null());
}

TEST(GivenTextForAPage, WhenItCannotBeSeenOrMeansSomethingThenItIsWrittenOtherwise) {
  EXPECT_EQ(html_text("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(html_text("j\xc3\xb6rg"), "j\xc3\xb6rg");
  EXPECT_EQ(html_text("a\xe2\x80\x8b"), "a<i>U+200B</i>") << "a space without width";
  EXPECT_EQ(html_text("a\r\n"), "a<i>U+000D</i><i>U+000A</i>");
  EXPECT_EQ(html_text("a\xff"), "a<i>0xFF</i>") << "no UTF-8";
  EXPECT_EQ(html_text(""), "");
}

TEST(GivenTheNameOfAFormat, WhenThereIsNoneThenNothing) {
  EXPECT_EQ(review_format("csv"), ReviewFormat::csv);
  EXPECT_EQ(review_format("html"), ReviewFormat::html);
  EXPECT_EQ(review_format("json"), ReviewFormat::json);
  EXPECT_FALSE(review_format("pdf"));
}

}  // namespace
}  // namespace dirsync::cli
