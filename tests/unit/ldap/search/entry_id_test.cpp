#include "ldap/search/entry_id.hpp"

#include <gtest/gtest.h>

namespace dirsync::ldap {
namespace {

constexpr char kUuid[] = "597AE2F6-16A6-1027-98F4-D28B5365DC14";
constexpr char kUuidLower[] = "597ae2f6-16a6-1027-98f4-d28b5365dc14";
constexpr char kNsUniqueId[] = "66446001-1dd211b2-66225011-2ee211db";
// The same UUID as a domain controller sends it.
std::string const kGuid{"\xF6\xE2\x7A\x59\xA6\x16\x27\x10\x98\xF4\xD2\x8B\x53\x65\xDC\x14", 16};

TEST(GivenIdsOfEveryForm, WhenReadThenLowerCaseText) {
  EXPECT_EQ(entry_id(IdForm::uuid, kUuid), EntryId{kUuidLower});
  EXPECT_EQ(entry_id(IdForm::ns_unique_id, "66446001-1DD211B2-66225011-2EE211DB"), EntryId{kNsUniqueId});
  EXPECT_EQ(entry_id(IdForm::guid, kGuid), EntryId{kUuidLower});
}

TEST(GivenIdsOfEveryForm, WhenTheFormIsAnotherThenNothing) {
  EXPECT_FALSE(entry_id(IdForm::uuid, kNsUniqueId));
  EXPECT_FALSE(entry_id(IdForm::uuid, "597ae2f6-16a6-1027-98f4-d28b5365dc1g"));
  EXPECT_FALSE(entry_id(IdForm::uuid, ""));
  EXPECT_FALSE(entry_id(IdForm::ns_unique_id, kUuid));
  EXPECT_FALSE(entry_id(IdForm::guid, kGuid.substr(1)));
  EXPECT_FALSE(entry_id(IdForm::guid, kUuid));
}

TEST(GivenIdsOfEveryForm, WhenAskedForThenTheServersOwnBytes) {
  EXPECT_EQ(id_assertion(IdForm::uuid, EntryId{kUuidLower}), kUuidLower);
  EXPECT_EQ(id_assertion(IdForm::ns_unique_id, EntryId{kNsUniqueId}), kNsUniqueId);
  EXPECT_EQ(id_assertion(IdForm::guid, EntryId{kUuidLower}),
            R"(\f6\e2\7a\59\a6\16\27\10\98\f4\d2\8b\53\65\dc\14)");
}

TEST(GivenIdsOfEveryForm, WhenAnIdCanNotBeOfTheServerThenNothingIsAsked) {
  EXPECT_FALSE(id_assertion(IdForm::uuid, EntryId{"*"}));
  EXPECT_FALSE(id_assertion(IdForm::ns_unique_id, EntryId{kUuidLower}));
  EXPECT_FALSE(id_assertion(IdForm::guid, EntryId{kNsUniqueId}));
}

}  // namespace
}  // namespace dirsync::ldap
