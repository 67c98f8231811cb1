// Extracts of the audit trail: what the formats look like, and that nothing in one can be changed unseen.
#include <gmock/gmock.h>

#include "daemon/cli/extract/extract_check.hpp"
#include "daemon/cli/extract/formats.hpp"
#include "tests/support/golden.hpp"

namespace dirsync::cli {
namespace {
using testing::HasSubstr;
using testing::StartsWith;

AuditRow row_with(std::string principal) {
  AuditRow row;
  row.sequence = 1;
  row.time = *parse_rfc3339("2026-11-21T21:38:11.042Z");
  row.run = RunId{7};
  row.phase = "change";
  row.target = "vault";
  row.verb = "add";
  row.group = "unix-admins";
  row.principal = std::move(principal);
  row.actor = "daemon";
  row.result = "done";
  row.previous = store::kNoHash;
  row.hash = store::hash_of(row);
  return row;
}

TEST(GivenAnOrdinaryRow, WhenWrittenThenAsDocumented) {
  auto const row = row_with("alice");
  EXPECT_EQ(
      head_of(ExtractFormat::csv),
      "seq,time,run,phase,target,verb,group,principal,dn,id,rule,path,plan,actor,result,detail,prev,hash,"
      "raw\n");
  EXPECT_EQ(line_of(ExtractFormat::csv, row),
            "1,2026-11-21T21:38:11.042Z,7,change,vault,add,unix-admins,alice,,,,,,daemon,done,," +
                row.previous + "," + row.hash + ",\n");
  EXPECT_EQ(line_of(ExtractFormat::cef, row),
            "CEF:0|dirsyncd|dirsyncd|1|change:add|add done|3|externalId=1 rt=1795297091042 cn1=7 "
            "cn1Label=run cat=change destinationServiceName=vault act=add cs1=unix-admins cs1Label=group "
            "duser=alice suser=daemon outcome=done flexString1=" +
                row.previous + " flexString1Label=prev cs6=" + row.hash + " cs6Label=hash\n");
  EXPECT_THAT(line_of(ExtractFormat::jsonl, row),
              StartsWith(R"({"seq":1,"time":"2026-11-21T21:38:11.042Z","run":7,"phase":"change",)"));
}

TEST(GivenTheDocumentedRow, WhenWrittenInAnyFormatThenAsThePageForShippersShowsIt) {
  auto row = row_with("alice");
  row.dn = "uid=alice,ou=people,dc=example,dc=com";
  row.id = "6f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b";
  row.rule = "unix-admins";
  row.path = "cn=pam-unix-admins > uid=alice";
  row.plan = std::string(64, 'a');
  row.hash = store::hash_of(row);
  auto const page = source_file("docs/shipping.md");
  for (auto const format : {ExtractFormat::jsonl, ExtractFormat::csv, ExtractFormat::cef})
    EXPECT_THAT(page, HasSubstr("\n" + head_of(format) + line_of(format, row) + "```")) << to_text(format);
}

TEST(GivenNamesThatCouldForgeALine, WhenWrittenThenInOneLineAndNothingOfThemSteersATerminal) {
  std::string const name =
      "ann\n2,2026-11-21T21:38:11.042Z,7,change,vault,add\r\n\u202egro\u2066\u2028\x1b[31m\u200b\"";
  for (auto const format : {ExtractFormat::jsonl, ExtractFormat::csv, ExtractFormat::cef}) {
    auto const line = line_of(format, row_with(name));
    EXPECT_EQ(line.find('\n'), line.size() - 1) << to_text(format);
    for (auto const* const part : {"\r", "\x1b", "\u202e", "\u2066", "\u2028", "\u200b"})
      EXPECT_EQ(line.find(part), line.npos) << to_text(format);
    EXPECT_EQ(row_of(format, std::string_view{line}.substr(0, line.size() - 1))->principal, name);
  }
}

TEST(GivenCellsThatLookLikeFormulas, WhenWrittenAsCsvThenGuarded) {
  for (auto const* const formula : {"=1+1", "+1", "-1", "@SUM(A1)", "'quoted", "\uff1d1", "\uff20A"})
    EXPECT_THAT(line_of(ExtractFormat::csv, row_with(formula)), HasSubstr(",'" + std::string{formula} + ","));
  EXPECT_THAT(line_of(ExtractFormat::csv, row_with("=a,\"b\"")), HasSubstr(R"(,"'=a,""b""",)"));
  EXPECT_THAT(line_of(ExtractFormat::csv, row_with("\t=1")), HasSubstr(",?=1,"));
  EXPECT_THAT(line_of(ExtractFormat::csv, row_with("\t=1")), HasSubstr(",principal:093d31\n"));
}

TEST(GivenCellsThatASemicolonParts, WhenWrittenAsCsvThenGuardedBehindItAsWell) {
  EXPECT_THAT(line_of(ExtractFormat::csv, row_with("ann;=1+1;;'b;c")), HasSubstr(",ann;'=1+1;;''b;c,"));
  EXPECT_THAT(line_of(ExtractFormat::csv, row_with("ann;\uff1d1")), HasSubstr(",ann;'\uff1d1,"));
}

TEST(GivenSeparatorsOfTheEventFormat, WhenWrittenThenEscaped) {
  EXPECT_THAT(line_of(ExtractFormat::cef, row_with(R"(a\b=c|d cs1=e)")),
              HasSubstr(R"( duser=a\\b\=c|d cs1\=e suser=)"));
  auto row = row_with("alice");
  row.verb = R"(a|b\c)";
  EXPECT_THAT(line_of(ExtractFormat::cef, row), HasSubstr(R"(|1|change:a\|b\\c|a\|b\\c done|3|)"));
}

/// Every format, with text that could break it.
struct GivenFormat : testing::TestWithParam<ExtractFormat> {
  static std::vector<std::string> hard_texts() {
    using namespace std::string_literals;
    return {"",
            " ",
            "  two spaces  ",
            "a,b",
            "\"",
            "\"\"",
            "a\nb",
            "a\r\nb",
            "\t=1",
            "nul \0 byte"s,
            "\x1b[31m",
            "\x7f",
            "\xc2\x85",
            "\xe2\x80\xae",
            "\xff",
            "half \xc3",
            "\\",
            "\\\\=",
            "a=b cs1=c",
            "|",
            "=1",
            "'",
            "''",
            ";=1;'2;;'';+",
            "\xef\xbc\x8d",
            "Östra; #1, R=D",
            "raw:00",
            "{\"a\":1}",
            "\\u0000"};
  }
};

TEST_P(GivenFormat, WhenARowIsReadBackThenTheSameByteByByte) {
  for (auto const& text : hard_texts())
    for (auto const field : {&AuditRow::phase, &AuditRow::group, &AuditRow::dn, &AuditRow::result,
                             &AuditRow::detail, &AuditRow::hash}) {
      auto row = row_with("alice");
      row.*field = text;
      auto const line = line_of(GetParam(), row);
      EXPECT_EQ(line.find('\n'), line.size() - 1) << text;
      EXPECT_EQ(line.find('\x1b'), line.npos);
      auto const read = row_of(GetParam(), std::string_view{line}.substr(0, line.size() - 1));
      ASSERT_TRUE(read) << line;
      EXPECT_EQ((*read).*field, text) << line;
      EXPECT_EQ(store::hashed_bytes(*read), store::hashed_bytes(row)) << line;
    }
}

TEST_P(GivenFormat, WhenALineIsNoneThenNotRead) {
  for (auto const* const line :
       {"", " ", "{}", "[]", "null", ",,,", "1,2,3", "CEF:0|", "CEF:0|||||||", "=", "\""})
    EXPECT_FALSE(row_of(GetParam(), line)) << line;
}

/// An extract of three rows, 3, 4 and 6, of a trail of seven.
struct GivenAnExtract : GivenFormat {
  GivenAnExtract() {
    store::ExtractProofBuilder tree;
    std::string previous = store::kNoHash;
    for (auto sequence = 1; sequence <= 7; ++sequence) {
      auto row = row_with(sequence == 4 ? "odd\xff\n name" : "user " + std::to_string(sequence));
      row.sequence = sequence;
      row.previous = previous;
      row.hash = store::hash_of(row);
      previous = row.hash;
      auto const is_chosen = sequence == 3 || sequence == 4 || sequence == 6;
      tree.add(store::hash_of_leaf(row), is_chosen);
      if (is_chosen) file += line_of(GetParam(), row);
    }
    file = head_of(GetParam()) + file;
    auto const signed_one = store::sign({store::origin_of(key.public_key()), 7, tree.root(), previous,
                                         *parse_rfc3339("2026-11-22T09:00:00Z")},
                                        key);
    proof = proof_text(GetParam(), 3, tree.nodes(), store::note_of(signed_one, key.public_key()));
    head = {7, previous};
  }
  /// Empty: it holds; "proof file" when that cannot be understood.
  std::string fault_of(std::string const& lines, std::string const& proof_of_them,
                       std::optional<store::ChainHead> witnessed = std::nullopt) const {
    auto parsed = parse_proof(proof_of_them);
    if (!parsed) return "proof file";
    ExtractCheck check{std::move(*parsed), std::move(witnessed)};
    for (std::size_t at = 0; at < lines.size();) {
      auto const end = lines.find('\n', at);
      check.line(std::string_view{lines}.substr(at, end - at), end != lines.npos);
      at = end == lines.npos ? lines.size() : end + 1;
    }
    check.finish(key.public_key());
    return check.fault() ? check.fault()->kind : "";
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (std::size_t at = 0; at < file.size(); at = file.find('\n', at) + 1)
      all.push_back(file.substr(at, file.find('\n', at) + 1 - at));
    return all;
  }
  static std::string joined(std::vector<std::string> const& lines) {
    std::string text;
    for (auto const& line : lines) text += line;
    return text;
  }
  store::SigningKey key = store::SigningKey::make();
  std::string file, proof;
  store::ChainHead head;
};

TEST_P(GivenAnExtract, WhenUntouchedThenItHolds) {
  EXPECT_EQ(fault_of(file, proof), "");
  EXPECT_EQ(fault_of(file, proof, head), "");
  EXPECT_EQ(fault_of(file, proof, store::ChainHead{7, store::kNoHash}), "head");
}

TEST_P(GivenAnExtract, WhenAnyByteOfItIsAnotherThenFound) {
  for (std::size_t at = 0; at < file.size(); ++at)
    for (auto const bit : {1, 32}) {
      auto edited = file;
      edited[at] = static_cast<char>(edited[at] ^ bit);
      EXPECT_NE(fault_of(edited, proof), "") << at << ", " << bit;
    }
}

TEST_P(GivenAnExtract, WhenAnyByteOfItsProofIsAnotherThenFound) {
  for (std::size_t at = 0; at < proof.size(); ++at)
    for (auto const bit : {1, 32}) {
      auto edited = proof;
      edited[at] = static_cast<char>(edited[at] ^ bit);
      EXPECT_NE(fault_of(file, edited), "") << at << ", " << bit;
    }
}

TEST_P(GivenAnExtract, WhenLinesAreGoneTwiceOrTradePlacesThenFound) {
  auto const whole = lines();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto const here = static_cast<std::ptrdiff_t>(at);
    auto edited = whole;
    edited.erase(edited.begin() + here);
    EXPECT_NE(fault_of(joined(edited), proof), "") << "gone: " << at;
    edited = whole;
    edited.insert(edited.begin() + here, whole[at]);
    EXPECT_NE(fault_of(joined(edited), proof), "") << "twice: " << at;
    if (at == 0) continue;
    edited = whole;
    std::swap(edited[at - 1], edited[at]);
    EXPECT_NE(fault_of(joined(edited), proof), "") << "swapped: " << at;
  }
  EXPECT_NE(fault_of("", proof), "");
  EXPECT_NE(fault_of(file + "\n", proof), "");
}

TEST_P(GivenAnExtract, WhenARowIsReplacedByOneWithAFreshHashThenFound) {
  auto all = lines();
  auto row = row_of(GetParam(), std::string_view{all.back()}.substr(0, all.back().size() - 1)).value();
  row.principal = "mallory";
  row.hash = store::hash_of(row);
  all.back() = line_of(GetParam(), row);
  EXPECT_EQ(fault_of(joined(all), proof), "proof");
}

TEST_P(GivenAnExtract, WhenSomebodyElseSignedThenFound) {
  key = store::SigningKey::make();
  EXPECT_EQ(fault_of(file, proof), "signature");
}

auto const kFormats = testing::Values(ExtractFormat::jsonl, ExtractFormat::csv, ExtractFormat::cef);
auto const kNameOfFormat = [](testing::TestParamInfo<ExtractFormat> const& tested) {
  return std::string{to_text(tested.param)};
};
INSTANTIATE_TEST_SUITE_P(Formats, GivenFormat, kFormats, kNameOfFormat);
INSTANTIATE_TEST_SUITE_P(Formats, GivenAnExtract, kFormats, kNameOfFormat);

}  // namespace
}  // namespace dirsync::cli
