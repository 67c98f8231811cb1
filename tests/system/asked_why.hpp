#pragma once
// `why`, asked in both its forms, as people and scripts ask it.
#include <gmock/gmock.h>

#include <chrono>

#include "sync/model/time.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {

class AskedWhy : public World {
 protected:
  AskedWhy() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }

  /// The document of `why WORDS`, whose text is the same: both hold `said`, and end as that decision does.
  boost::json::object expect_why(std::vector<std::string> words, std::string const& decision, bool member,
                                 std::string const& said) {
    SCOPED_TRACE(testing::PrintToString(words));
    words.insert(words.begin(), "why");
    auto const text = run(words);
    words.emplace_back("--json");
    auto const finished = run(words);
    auto answer = document(finished).as_object();
    auto const exit = decision.starts_with("unknown-") ? 2 : 0;
    EXPECT_EQ(finished.exit, exit) << finished.err;
    EXPECT_EQ(text.exit, exit) << text.err;
    EXPECT_EQ(text_at(answer, "decision"), decision) << text_at(answer, "text");
    EXPECT_EQ(answer.at("member"), boost::json::value(member));
    EXPECT_THAT(text_at(answer, "text"), testing::HasSubstr(said));
    EXPECT_THAT(text.out, testing::HasSubstr(said));
    return answer;
  }
  /// It names that rule, and a path through the directory when `has_path`.
  static void expect_due(boost::json::object const& answer, std::string const& rule, bool has_path = true) {
    EXPECT_EQ(text_at(answer, "rule"), rule);
    EXPECT_EQ(answer.at("paths").as_array().empty(), !has_path);
    EXPECT_TRUE(answer.at("run").is_int64()) << boost::json::serialize(answer);
    EXPECT_EQ(text_at(answer, "plan").size(), 64U);
  }
  /// Text of that step of `why WORDS --trace`.
  std::string step(std::vector<std::string> words, std::string const& name) {
    words.insert(words.begin(), "why");
    words.insert(words.end(), {"--trace", "--json"});
    auto const answer = document(run(words));
    for (auto const& one : answer.at("trace").as_array())
      if (text_at(one.as_object(), "step") == name) return text_at(one.as_object(), "text");
    return {};
  }
  static std::string now() { return rfc3339(std::chrono::system_clock::now()); }
};

class GivenACompanyInSync : public AskedWhy {
 protected:
  void SetUp() override {
    World::SetUp();
    sync(0);
    synced_ = now();
  }
  std::string synced_;
};

}  // namespace dirsync::test
