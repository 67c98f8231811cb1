#include "ldap/feed/sync_messages.hpp"

#include <gtest/gtest.h>

#include "ldap/errors.hpp"
#include "tests/support/ldap/ber.hpp"

namespace dirsync::ldap {
namespace {

namespace ber = test::ber;

std::string const kUuid = "0123456789abcdef";  // 16 bytes

std::string sequence(std::string const& content) { return ber::element(ber::kSequence, content); }
std::string boolean(char value) { return ber::element(ber::kBoolean, {&value, 1}); }
std::string state(int what) { return ber::integer(what, ber::kEnumerated); }
std::string set(std::string const& content) { return ber::element(ber::kSet, content); }

/// Everything but the whole is malformed, and so is the whole with something behind it.
template <class Parse>
void expect_only_whole(std::string const& whole, Parse parse) {
  ASSERT_TRUE(parse(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    auto const parsed = parse(std::string_view{whole}.substr(0, size));
    ASSERT_FALSE(parsed) << size;
    EXPECT_EQ(parsed.error().code, LdapErrc::bad_answer);
  }
  EXPECT_FALSE(parse(whole + '\0'));
}

TEST(GivenASyncRequest, WhenEncodedThenAsTheRfcSays) {
  EXPECT_EQ(sync_request(""), sequence(state(3)));
  EXPECT_EQ(sync_request("rid=000"), sequence(state(3) + ber::octets("rid=000")));
}

TEST(GivenASyncRequest, WhenTheCookieIsLongThenItsLengthIsReadBack) {
  std::string const cookie(70'000, 'c');
  auto const bytes = sync_request(cookie);
  ber::Reader outer{bytes};
  ber::Reader parts{outer.next(ber::kSequence)};
  EXPECT_TRUE(outer.done());
  EXPECT_EQ(parts.number(ber::kEnumerated), 3);
  EXPECT_EQ(parts.next(ber::kOctets), cookie);
}

TEST(GivenASyncState, WhenWholeThenItSaysWhatBecameOfTheEntry) {
  auto const modified = parse_sync_state(sequence(state(2) + ber::octets(kUuid)));
  ASSERT_TRUE(modified);
  EXPECT_EQ(modified->what, SyncState::What::modify);
  EXPECT_EQ(modified->uuid, kUuid);
  EXPECT_FALSE(modified->cookie);
  auto const deleted = parse_sync_state(sequence(state(3) + ber::octets(kUuid) + ber::octets("")));
  ASSERT_TRUE(deleted);
  EXPECT_EQ(deleted->what, SyncState::What::deleted);
  EXPECT_EQ(deleted->cookie, "");
}

TEST(GivenASyncState, WhenMalformedThenAnError) {
  expect_only_whole(sequence(state(1) + ber::octets(kUuid) + ber::octets("c")), parse_sync_state);
  for (auto const& bytes :
       {sequence(state(4) + ber::octets(kUuid)), sequence(ber::octets(kUuid)),
        sequence(state(1) + ber::octets(kUuid.substr(1))), sequence(state(1) + ber::octets(kUuid + "x")),
        sequence(ber::element(ber::kEnumerated, "") + ber::octets(kUuid)),
        sequence(ber::element(ber::kEnumerated, "\1\1") + ber::octets(kUuid)),
        sequence(state(1) + ber::octets(kUuid) + ber::octets("c") + ber::octets("d")),
        sequence(state(1) + ber::octets(kUuid) + boolean('\xff')),
        ber::element(ber::kSet, state(1) + ber::octets(kUuid)), std::string{"\x30\x80\x0a\x01\x01\0\0", 7},
        std::string{"\x30\x85\0\0\0\0\x01\0", 8}})
    EXPECT_FALSE(parse_sync_state(bytes));
}

TEST(GivenASyncDone, WhenReadThenItsDefaultsHold) {
  auto const bare = parse_sync_done(sequence(""));
  ASSERT_TRUE(bare);
  EXPECT_FALSE(bare->cookie);
  EXPECT_FALSE(bare->refresh_deletes);
  auto const full = parse_sync_done(sequence(ber::octets("c") + boolean('\xff')));
  ASSERT_TRUE(full);
  EXPECT_EQ(full->cookie, "c");
  EXPECT_TRUE(full->refresh_deletes);
  for (auto const& bytes : {sequence(boolean('\xff') + ber::octets("c")), sequence(boolean('\1')),
                            sequence(ber::element(ber::kBoolean, "")), std::string{}})
    EXPECT_FALSE(parse_sync_done(bytes));
}

TEST(GivenASyncInfo, WhenACookieThenThatAlone) {
  auto const info = parse_sync_info(ber::element(0x80, "rid=000,csn=x"));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->what, SyncInfo::What::new_cookie);
  EXPECT_EQ(info->cookie, "rid=000,csn=x");
  expect_only_whole(ber::element(0x80, "c"), parse_sync_info);
}

TEST(GivenASyncInfo, WhenAPhaseEndsThenDoneUnlessItSaysOtherwise) {
  auto const deletes = parse_sync_info(ber::element(0xa1, ""));
  ASSERT_TRUE(deletes);
  EXPECT_EQ(deletes->what, SyncInfo::What::refresh_delete);
  EXPECT_TRUE(deletes->refresh_done);
  auto const present = parse_sync_info(ber::element(0xa2, ber::octets("c") + boolean('\0')));
  ASSERT_TRUE(present);
  EXPECT_EQ(present->what, SyncInfo::What::refresh_present);
  EXPECT_FALSE(present->refresh_done);
  EXPECT_EQ(present->cookie, "c");
  expect_only_whole(ber::element(0xa2, ber::octets("c") + boolean('\0')), parse_sync_info);
}

TEST(GivenASyncInfo, WhenASetOfIdsThenPresentUnlessItSaysDeleted) {
  auto const present = parse_sync_info(ber::element(0xa3, set(ber::octets(kUuid))));
  ASSERT_TRUE(present);
  EXPECT_EQ(present->what, SyncInfo::What::id_set);
  EXPECT_FALSE(present->refresh_deletes);
  EXPECT_EQ(present->uuids, std::vector{kUuid});
  auto const whole = ber::element(0xa3, ber::octets("c") + boolean('\xff') +
                                            set(ber::octets(kUuid) + ber::octets(std::string(16, '\0'))));
  auto const deleted = parse_sync_info(whole);
  ASSERT_TRUE(deleted);
  EXPECT_TRUE(deleted->refresh_deletes);
  EXPECT_EQ(deleted->uuids.size(), 2U);
  expect_only_whole(whole, parse_sync_info);
}

TEST(GivenASyncInfo, WhenMalformedThenAnError) {
  for (auto const& bytes :
       {ber::element(0xa3, ""), ber::element(0xa3, boolean('\xff')),
        ber::element(0xa3, set(ber::octets("short"))),
        ber::element(0xa3, set(ber::octets(kUuid) + ber::integer(1))),
        ber::element(0xa3, set(ber::octets(kUuid)) + boolean('\xff')), ber::element(0xa4, ""),
        ber::element(0xa1, ber::octets("c") + ber::octets("d")), sequence("")})
    EXPECT_FALSE(parse_sync_info(bytes));
}

}  // namespace
}  // namespace dirsync::ldap
