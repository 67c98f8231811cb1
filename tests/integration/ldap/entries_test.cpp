// Entries that are not whole, or whose names cannot be: each is named, none costs access.
#include "tests/integration/ldap/bends.hpp"

namespace dirsync::ldap {
namespace {

LdapProxy::Edit in_entry(Where where, std::string dn, std::function<void(LdapEntry&)> bend) {
  return
      [where, dn = std::move(dn), bend = std::move(bend)](LdapRequest const& request, LdapMessage message) {
        if (where_of(request) == where && message.operation == LdapMessage::kSearchEntry) {
          auto entry = entry_of(message);
          if (entry.dn == dn) {
            bend(entry);
            set_entry(message, entry);
          }
        }
        return Messages{std::move(message)};
      };
}

LdapProxy::Edit in_person(std::function<void(LdapEntry&)> bend) {
  return in_entry(Where::people, test::person_dn("p101"), std::move(bend));
}
LdapProxy::Edit in_group(std::string const& cn, std::function<void(LdapEntry&)> bend) {
  return in_entry(Where::groups, test::group_dn(cn), std::move(bend));
}

std::function<void(LdapEntry&)> without(std::string name) {
  return [name = std::move(name)](LdapEntry& entry) {
    std::erase_if(entry.attributes, [&name](auto const& attribute) { return attribute.first == name; });
  };
}
std::function<void(LdapEntry&)> with_value(std::string name, std::string value) {
  return [name = std::move(name), value = std::move(value)](LdapEntry& entry) {
    entry.values(name)->front() = value;
  };
}

struct SpoiltEntry {
  char const* name;
  LdapProxy::Edit edit;
  boost::system::error_code code;
  std::vector<std::string> words;
};

TEST_F(GivenAFault, WhenAnEntryIsNotWholeThenItIsNamed) {
  auto const slice = [](std::string name) {
    return [name = std::move(name)](LdapEntry& entry) {
      for (auto& [type, values] : entry.attributes) {
        if (type != "member") continue;
        type = name;
        values.resize(2);
      }
    };
  };
  SpoiltEntry const spoilt[] = {
      {"the range of a group stops short",
       in_group("ops", slice("member;range=0-1")),
       LdapErrc::changed,
       {"cn=ops", "read in parts"}},
      {"a range that is said to be the last",
       in_group("ops", slice("member;range=0-*")),
       LdapErrc::changed,
       {"cn=ops", "read in parts"}},
      {"a range starts late",
       in_group("ops", slice("member;range=1500-2999")),
       LdapErrc::changed,
       {"cn=ops", "read in parts"}},
      {"members with another option",
       in_group("ops", slice("member;x-part")),
       LdapErrc::not_readable,
       {"cn=ops", "member;x-part"}},
      {"no members", in_group("ops", without("member")), LdapErrc::not_readable, {"cn=ops", "member"}},
      {"no unique members",
       in_group("unique", without("uniqueMember")),
       LdapErrc::not_readable,
       {"cn=unique", "uniqueMember"}},
      {"no classes",
       in_group("ops", without("objectClass")),
       LdapErrc::not_readable,
       {"cn=ops", "objectClass"}},
      {"a group without id",
       in_group("ops", without("entryUUID")),
       LdapErrc::not_readable,
       {"cn=ops", "entryUUID"}},
      {"a person without id",
       in_person(without("entryUUID")),
       LdapErrc::not_readable,
       {"uid=p101", "entryUUID"}},
      {"a selected group without id",
       in_entry(Where::rule, test::group_dn("ops"), without("entryUUID")),
       LdapErrc::not_readable,
       {"cn=ops", "entryUUID"}},
      {"the name of an attribute is spoilt",
       in_group("unix",
                [](LdapEntry& entry) {
                  for (auto& [name, values] : entry.attributes)
                    if (name == "memberUid") name[3] = '\xff';
                }),
       LdapErrc::bad_answer,
       {"search for groups", "cannot be decoded"}},
  };
  for (auto const& [name, edit, code, words] : spoilt) {
    SCOPED_TRACE(name);
    expect_unread(run_with(edit), code, words);
  }
}

struct DirtyEntry {
  char const* name;
  LdapProxy::Edit edit;
  std::string what;  // within the notice
};

/// Whoever it is about keeps what they have, and everybody else goes on as ever.
TEST_F(GivenAFault, WhenAnEntryCannotBeUsedThenItIsSetAsideByNameAndNothingIsLost) {
  DirtyEntry const dirty[] = {
      {"a person with another's DN", in_person([](LdapEntry& entry) { entry.dn = test::person_dn("p102"); }),
       "uid=p102,ou=people,dc=example,dc=com has the DN of another entry"},
      {"a group with a person's DN",
       in_group("ops", [](LdapEntry& entry) { entry.dn = test::person_dn("p107"); }),
       "uid=p107,ou=people,dc=example,dc=com was read as a person and as a group"},
      {"a person's DN is none", in_person([](LdapEntry& entry) { entry.dn = "uid=p101;people"; }),
       "uid=p101;people has a DN"},
      {"a group's DN is none", in_group("ops", [](LdapEntry& entry) { entry.dn = "ops"; }), "ops has a DN"},
      {"a person's DN is not UTF-8", in_person([](LdapEntry& entry) { entry.dn[5] = '\xff'; }),
       "uid=p?01,ou=people,dc=example,dc=com has a DN"},
      {"a group's DN is not UTF-8", in_group("ops", [](LdapEntry& entry) { entry.dn[3] = '\xff'; }),
       "cn=?ps,ou=groups,dc=example,dc=com has a DN"},
      {"a person's uid is not UTF-8", in_person(with_value("uid", "p10\xff")),
       "uid=p101,ou=people,dc=example,dc=com has a value of uid that is not UTF-8"},
      {"a group's name is not UTF-8", in_group("ops", with_value("cn", "o\xffs")),
       "cn=ops,ou=groups,dc=example,dc=com has a value of cn that is not UTF-8"},
      {"a member is not UTF-8",
       in_group("ops", with_value("member",
                                  "uid=p1\xff"
                                  "1,ou=people,dc=example,dc=com")),
       "cn=ops,ou=groups,dc=example,dc=com has 1 member value, neither a DN nor a user name: \"uid=p1?1,"},
      {"a member is no DN", in_group("ops", with_value("member", "uid=p101;people,dc=example,dc=com")),
       "\"uid=p101;people,dc=example,dc=com\""},
      {"a unique member is no DN",
       in_group("unique", with_value("uniqueMember", "uid=p123,ou=peo\\ple#'0'B")), "cn=unique,ou=groups"},
      {"a member's user name is not UTF-8", in_group("unix", with_value("memberUid", "p12\xff")), "\"p12?\""},
  };
  for (auto const& [name, edit, what] : dirty) {
    SCOPED_TRACE(name);
    run_with(untouched);  // what the one before left is no doubt any more
    auto const report = run_with(edit);
    EXPECT_NE(report.exit, engine::Exit::unread);
    std::vector<std::string> damaged;
    for (auto const& notice : report.plan.targets.at("vault").notices)
      if (notice.code == "damaged") damaged.push_back(notice.text);
    EXPECT_THAT(damaged, testing::Contains(testing::HasSubstr(what)));
    expect_nothing_written();
  }
}

TEST_F(GivenAFault, WhenTwoPeopleGetOneNameThenBothKeepTheirMemberships) {
  auto const rename = in_entry(Where::people, test::person_dn("p102"), with_value("uid", "p101"));
  EXPECT_EQ(run_with(rename).plan.verdict, Verdict::in_sync);
  expect_nothing_written();
}

TEST_F(GivenAFault, WhenTwoPeopleHadOneNameFromTheStartThenBothAreSetAside) {
  empty_targets();
  auto const rename = in_entry(Where::people, test::person_dn("p102"), with_value("uid", "p101"));
  auto const report = run_with(rename);
  EXPECT_EQ(report.exit, engine::Exit::done);
  EXPECT_THAT(report.plan.targets.at("console").notices,
              testing::Contains(testing::Field(&Notice::code, "ambiguous")));
  EXPECT_EQ(plant->console.world.members("ops").size(), 6U);
  EXPECT_EQ(plant->vault.world.members("ops").size(), 8U);  // told apart by their DNs
}

TEST_F(GivenAFault, WhenAMessageIsNoEntryThenBadAnswer) {
  auto const spoil = [](LdapRequest const& request, LdapMessage message) {
    if (where_of(request) == Where::people && message.operation == LdapMessage::kSearchEntry)
      message.body.resize(message.body.size() / 2);
    return Messages{std::move(message)};
  };
  expect_unread(run_with(spoil), LdapErrc::bad_answer, {"search for people", "cannot be decoded"});
}

// The groups name the person where it was when they were read.
TEST_F(GivenAFault, WhenAPersonMovesBetweenTheSearchesThenTheirMembershipsWait) {
  auto const move = [](LdapEntry& entry) { entry.dn = "uid=p101,ou=away,ou=people,dc=example,dc=com"; };
  auto const report = run_with(in_person(move));
  EXPECT_EQ(report.exit, engine::Exit::pending);
  expect_nothing_lost(report);
}

TEST_F(GivenAFault, WhenAUserNameIsHiddenThenTheMembershipsByNameWait) {
  auto const report = run_with(in_entry(Where::people, test::person_dn("p121"), without("uid")));
  EXPECT_EQ(report.exit, engine::Exit::pending);
  expect_nothing_lost(report);
}

}  // namespace
}  // namespace dirsync::ldap
