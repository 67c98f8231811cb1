#include "ldap/feed/fingerprints.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dirsync::ldap {
namespace {

struct GivenFingerprints : testing::Test {
  Fingerprints fingerprints;
  EntryId const ann{"00000000-0000-4000-8000-000000000001"}, bob{"00000000-0000-4000-8000-000000000002"};

  static void add(Fingerprint& print, std::string const& name, std::vector<std::string> values) {
    std::vector<berval> raw;
    for (auto& value : values) raw.push_back({value.size(), value.data()});
    print.add(name, raw);
  }
  Fingerprint of(std::string const& name, std::vector<std::string> const& values) const {
    auto print = fingerprints.begin();
    add(print, name, values);
    return print;
  }
};

TEST(GivenSiphash, WhenThePaperIsAskedThenItSaysTheSame) {
  // Appendix A of the paper: key 00 01 .. 0f, input 00 01 .. 0e.
  std::string input;
  for (char byte = 0; byte < 15; ++byte) input.push_back(byte);
  EXPECT_EQ(siphash({0x0706050403020100, 0x0f0e0d0c0b0a0908}, input), 0xa129ca6149be45e5);
}

TEST_F(GivenFingerprints, WhenAnEntryIsSeenAgainThenOnlyAnotherContentIsNews) {
  EXPECT_TRUE(fingerprints.is_news(ann, of("mail", {"a@example.com"})));
  EXPECT_FALSE(fingerprints.is_news(ann, of("mail", {"a@example.com"})));
  EXPECT_TRUE(fingerprints.is_news(ann, of("mail", {"b@example.com"})));
  EXPECT_TRUE(fingerprints.is_news(ann, of("mail", {"a@example.com"})));
}

TEST_F(GivenFingerprints, WhenOrderAndCaseOfNamesDifferThenItIsTheSame) {
  auto print = of("member", {"a", "b", "c"});
  add(print, "cn", {"x"});
  EXPECT_TRUE(fingerprints.is_news(ann, print));
  print = of("CN", {"x"});
  add(print, "Member", {"c", "a", "b"});
  EXPECT_FALSE(fingerprints.is_news(ann, print));
}

TEST_F(GivenFingerprints, WhenTheCaseOfAValueDiffersThenItIsNews) {
  EXPECT_TRUE(fingerprints.is_news(ann, of("mail", {"ann@example.com"})));
  EXPECT_TRUE(fingerprints.is_news(ann, of("mail", {"Ann@example.com"})));
}

TEST_F(GivenFingerprints, WhenAValueMovesToAnotherAttributeThenItIsNews) {
  auto print = of("givenname", {"x"});
  add(print, "sn", {"y"});
  EXPECT_TRUE(fingerprints.is_news(ann, print));
  print = of("givenname", {"y"});
  add(print, "sn", {"x"});
  EXPECT_TRUE(fingerprints.is_news(ann, print));
}

TEST_F(GivenFingerprints, WhenValuesAreCutElsewhereThenItIsNews) {
  EXPECT_TRUE(fingerprints.is_news(ann, of("cn", {"ab", "c"})));
  EXPECT_TRUE(fingerprints.is_news(ann, of("cn", {"a", "bc"})));
  EXPECT_TRUE(fingerprints.is_news(ann, of("cn", {"abc"})));
}

TEST_F(GivenFingerprints, WhenAnAttributeIsShownWithoutValuesThenThatDiffersFromNone) {
  EXPECT_TRUE(fingerprints.is_news(ann, fingerprints.begin()));
  EXPECT_TRUE(fingerprints.is_news(ann, of("member", {})));
}

TEST_F(GivenFingerprints, WhenAnotherEntryShowsTheSameThenItIsNews) {
  EXPECT_TRUE(fingerprints.is_news(ann, of("mail", {"a@example.com"})));
  EXPECT_TRUE(fingerprints.is_news(bob, of("mail", {"a@example.com"})));
  EXPECT_EQ(fingerprints.size(), 2U);
}

TEST_F(GivenFingerprints, WhenThereAreTooManyThenTheyAreForgotten) {
  auto const same = of("mail", {"a@example.com"});
  EXPECT_TRUE(fingerprints.is_news(ann, same));
  for (std::size_t number = 1; number < Fingerprints::kMost; ++number)
    fingerprints.is_news(EntryId{std::to_string(number)}, same);
  EXPECT_EQ(fingerprints.size(), Fingerprints::kMost);
  EXPECT_FALSE(fingerprints.is_news(ann, same));
  EXPECT_TRUE(fingerprints.is_news(bob, same));
  EXPECT_EQ(fingerprints.size(), 0U);
  EXPECT_TRUE(fingerprints.is_news(ann, same));
}

TEST_F(GivenFingerprints, WhenAnEntryIsForgottenThenTheSameIsNewsAgain) {
  EXPECT_TRUE(fingerprints.is_news(ann, of("mail", {"a@example.com"})));
  EXPECT_TRUE(fingerprints.is_news(bob, of("mail", {"b@example.com"})));
  fingerprints.forget(ann);
  EXPECT_TRUE(fingerprints.is_news(ann, of("mail", {"a@example.com"})));
  EXPECT_FALSE(fingerprints.is_news(bob, of("mail", {"b@example.com"})));
  fingerprints.forget_all();
  EXPECT_TRUE(fingerprints.is_news(bob, of("mail", {"b@example.com"})));
}

}  // namespace
}  // namespace dirsync::ldap
