#include "sync/model/two_lists.hpp"

#include <gmock/gmock.h>

#include "sync/model/snapshot.hpp"

namespace dirsync {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A group that lists ann and bob by DN.
struct GivenAGroupWithASecondList : testing::Test {
  Result<Snapshot> with(std::vector<ListsBeside> lists) {
    SnapshotBuilder builder{"corp"};
    for (std::string const uid : {"ann", "bob", "cem"}) {
      std::vector<std::string_view> const values{uid};
      SnapshotBuilder::Attribute attribute;
      attribute.name = "uid";
      attribute.values.assign(values.begin(), values.end());
      builder.add_person(EntryId{uid}, "uid=" + uid + ",dc=x", std::span{&attribute, 1});
    }
    auto const group = builder.add_group(EntryId{"ops"}, "cn=ops,dc=x", {});
    for (auto const* dn : {"uid=ann,dc=x", "uid=bob,dc=x"}) builder.add_member_dn(group, dn);
    builder.compare(std::move(lists));
    return std::move(builder).build({});
  }
  std::vector<std::string> differences(ListsBeside const& lists) {
    auto const snapshot = with({lists});
    std::vector<std::string> found;
    for (auto const& two : snapshot.value().two_lists()) found.push_back(two.difference);
    return found;
  }
};

TEST_F(GivenAGroupWithASecondList, WhenBothMeanTheSameThenNothingIsTold) {
  EXPECT_THAT(differences({.group = 0, .dns_differ = false, .uids = {"bob", "ann"}}), IsEmpty());
}

TEST_F(GivenAGroupWithASecondList, WhenOneNamesMoreOrFewerThenItIsTold) {
  EXPECT_THAT(differences({.group = 0, .dns_differ = false, .uids = {"ann", "bob", "cem"}}),
              ElementsAre(HasSubstr("\"cem\"")));
  EXPECT_THAT(differences({.group = 0, .dns_differ = false, .uids = {"ann"}}),
              ElementsAre(HasSubstr("lacks 1 people")));
}

TEST_F(GivenAGroupWithASecondList, WhenTwoListsOfDnsDifferThenItIsTold) {
  EXPECT_THAT(differences({.group = 0, .dns_differ = true, .uids = {}}), SizeIs(1));
}

}  // namespace
}  // namespace dirsync
