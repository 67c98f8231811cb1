// Two real slapds in one run: rules of each, one of them down, people joined by a key, people from elsewhere.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::HasSubstr;
using Members = std::set<std::string>;

constexpr char kLab[] = "ou=lab,dc=example,dc=com";

/// Beside the company's directory one of a laboratory: its own people, and groups that feed the Vault.
class TwoDirectories : public World {
 protected:
  TwoDirectories() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.users_keys = ", join = \"employeeNumber\"";
    configuration.vault_rule_keys = "on_collision = \"unite\"\n";
  }
  std::string probes_member_ = "member: " + dn("a01") + "\n";

  void SetUp() override {
    World::SetUp();
    modify_directory("dn: " + company.person("u01").dn() +
                     "\nchangetype: modify\nadd: employeeNumber\nemployeeNumber: 1001\n");
    lab_options_.access = slapd_options_.access;
    lab_options_.ldif = lab_ldif();
    lab_.emplace(lab_options_);
    auto state = json::parse(company.vault_state()).as_object();
    state.at("users").as_array().push_back(
        {{"id", 3001}, {"username", "z1"}, {"source", "LDAP"}, {"userDN", dn("z1")}});
    vault_->put_state(json::serialize(state));
    configuration.more = lab_configuration();
    configure();
  }

  static std::string dn(std::string const& uid) { return "uid=" + uid + ",ou=people," + kLab; }
  static std::string entry(std::string const& uid, std::string const& number) {
    return "dn: " + dn(uid) + "\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid + "\nsn: " + uid +
           "\nemployeeNumber: " + number + "\n\n";
  }
  /// z1 is nobody else; a01 is u01 of the company. lab-unix joins the company's unix, lab-probes is their
  /// own.
  std::string lab_ldif() const {
    auto const unit = [](std::string const& dn, std::string const& ou) {
      return "dn: " + dn + "\nobjectClass: organizationalUnit\nou: " + ou + "\n\n";
    };
    return "dn: dc=example,dc=com\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: "
           "e\n\ndn: " +
           std::string{kReaderDn} +
           "\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: dirsyncd\n"
           "userPassword: " +
           kReaderPassword + "\n\n" + unit(kLab, "lab") + unit("ou=people," + std::string{kLab}, "people") +
           unit("ou=groups," + std::string{kLab}, "groups") + entry("z1", "9001") + entry("a01", "1001") +
           "dn: cn=lab-unix,ou=groups," + kLab +
           "\nobjectClass: groupOfNames\ncn: lab-unix\nmember: " + dn("z1") +
           "\n\ndn: cn=lab-probes,ou=groups," + kLab + "\nobjectClass: groupOfNames\ncn: lab-probes\n" +
           probes_member_ + "member: " + dn("z1") + "\n\ndn: cn=duty,ou=groups," + kLab +
           "\nobjectClass: posixGroup\ncn: duty\ngidNumber: 700\nmemberUid: u02\nmemberUid: u03\n\n";
  }
  std::string lab_configuration() const {
    return "[directory.lab]\nuris = [\"" + lab_->tls_uri() + "\"]\nbase = \"" + kLab +
           "\"\nbind = { dn = \"" + kReaderDn + "\", password = { file = \"" +
           configuration.ldap_password_file + "\" } }\ntls = { ca_file = \"" + lab_->ca_file() +
           "\" }\nusers = { join = \"employeeNumber\" }\nretry = { attempts = 1 }\n"
           "[[rule]]\nname = \"laboratory\"\ndirectory = \"lab\"\ntarget = \"vault\"\ngroups = "
           "\"(cn=lab-*)\"\n"
           "group_name = \"{cn|remove_prefix:lab-}\"\ncreate_groups = true\non_collision = \"unite\"\n"
           "[[rule]]\nname = \"on-duty\"\ndirectory = \"lab\"\npeople = { directory = \"corp\", by = \"uid\" "
           "}\n"
           "target = \"vault\"\ngroups = \"(cn=duty)\"\ncreate_groups = true\n";
  }
  void modify_lab(std::string const& records) { modify(*lab_, records); }
  Members in_vault(std::string const& group) const { return vault_->memberships().at(group); }

  Slapd::Options lab_options_;
  std::optional<Slapd> lab_;
};

class GivenTwoDirectoriesInSync : public TwoDirectories {
 protected:
  void SetUp() override {
    TwoDirectories::SetUp();
    sync(0);
    forget_calls();
  }
};

TEST_F(GivenTwoDirectoriesInSync, WhenLookedAtThenBothFeedTheirGroupsAndOneTogether) {
  auto unix = expected_in_vault().at("unix");
  unix.insert("z1");
  EXPECT_EQ(in_vault("unix"), unix);
  EXPECT_EQ(in_vault("probes"), (Members{"u01", "z1"})) << "a01 is u01 by their number";
  EXPECT_EQ(in_vault("duty"), (Members{"u02", "u03"}));
  EXPECT_EQ(in_vault("windows"), expected_in_vault().at("windows"));
  EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "in-sync");
  EXPECT_EQ(writes(), 0);
  auto const duty = audit({"--group", "duty", "--action", "add"});
  ASSERT_EQ(duty.size(), 2U);
  EXPECT_THAT(text_at(duty[0], "path"),
              HasSubstr("> memberUid u02 = " + company.person("u02").dn() + " (uid u02)"));
}

TEST_F(GivenTwoDirectoriesInSync, WhenOneDirectoryIsDownThenItsTargetsAreRefusedAndNothingIsTakenAway) {
  auto const before = vault_->memberships();
  lab_->stop();
  leave("u02", "team-a");
  auto const down = sync(5).as_object();
  EXPECT_EQ(text_at(down.at("targets").at("vault").as_object(), "verdict"), "refuse");
  EXPECT_EQ(differences(vault_->memberships(), before), "");
  EXPECT_EQ(writes(), 0) << "the company's people may be joined with the laboratory's";
  lab_->start();
  sync(0);
  EXPECT_FALSE(in_vault("unix").contains("u02"));
  EXPECT_TRUE(in_vault("unix").contains("z1"));
}

class GivenUnjoinedDirectoriesInSync : public GivenTwoDirectoriesInSync {
 protected:
  GivenUnjoinedDirectoriesInSync() {
    configuration.users_keys = "";
    probes_member_ = "";
  }
};

TEST_F(GivenUnjoinedDirectoriesInSync, WhenOneIsDownThenTheOtherTargetIsServed) {
  auto const before = vault_->memberships();
  lab_->stop();
  join("u24", "iot-alerts");
  auto const down = sync(5).as_object();
  EXPECT_EQ(text_at(down.at("targets").at("vault").as_object(), "verdict"), "refuse");
  EXPECT_EQ(text_at(down.at("targets").at("console").as_object(), "verdict"), "run");
  EXPECT_EQ(vault_->writes(), 0);
  EXPECT_EQ(differences(vault_->memberships(), before), "");
  EXPECT_TRUE(console_->memberships().at("alerts").contains(company.person("u24").mail()));
}

TEST_F(GivenTwoDirectoriesInSync, WhenTheKeyIsHiddenByAnAclThenNothingIsWritten) {
  auto hidden = lab_options_;
  hidden.access.insert(hidden.access.begin(), "access to attrs=employeeNumber by * none");
  lab_->reconfigure(hidden);
  for (int again = 0; again < 3; ++again) {
    sync(0);
    EXPECT_EQ(writes(), 0);
  }
  lab_->reconfigure(lab_options_);
  EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "in-sync");
  EXPECT_EQ(writes(), 0);
}

TEST_F(GivenTwoDirectoriesInSync, WhenTheUsersOwnEntryIsDeletedThenTheOtherKeepsWhatItGives) {
  for (auto const* cn : {"team-a", "pam-windows", "iot-alerts"}) leave("u01", cn);
  modify_directory("dn: " + company.person("u01").dn() + "\nchangetype: delete\n");
  sync(0);
  EXPECT_EQ(in_vault("probes"), (Members{"u01", "z1"}));
  EXPECT_FALSE(in_vault("windows").contains("u01"));
}

TEST_F(GivenTwoDirectoriesInSync, WhenAMemberUidIsTakenOutThenThePersonIsRemovedAtOnce) {
  modify_lab("dn: cn=duty,ou=groups," + std::string{kLab} +
             "\nchangetype: modify\ndelete: memberUid\nmemberUid: u02\n");
  sync(0);
  EXPECT_EQ(in_vault("duty"), Members{"u03"});
  EXPECT_EQ(writes(), 1);
}

TEST_F(GivenTwoDirectoriesInSync, WhenAMemberUidNoLongerNamesAnybodyThenTheRemovalWaitsForAnotherRun) {
  modify_lab(
      "dn: cn=duty,ou=groups," + std::string{kLab} +
      "\nchangetype: modify\ndelete: memberUid\nmemberUid: u02\n-\nadd: memberUid\nmemberUid: u02-old\n");
  auto const waits = sync(3);
  EXPECT_EQ(writes(), 0);
  EXPECT_THAT(json::serialize(waits), HasSubstr("not-joined"));
  sync(0);
  EXPECT_EQ(in_vault("duty"), Members{"u03"});
}

}  // namespace
}  // namespace dirsync::test
