// What a directory's rights, settings and state do to a read.
#include <fstream>

#include "tests/faults/stage.hpp"
#include "tests/support/net/free_port.hpp"

namespace dirsync::test {
namespace {

constexpr char kNotRead[] = "5 refuse: read-failed";

Fault hidden(std::string name, std::string const& expected, std::string const& what) {
  return for_both(std::move(name), expected,
                  [what](Stage& stage) { stage.hide("access to " + what + " by * none"); });
}

std::vector<Fault> hiding() {
  return {
      hidden("a rule hides the people's container", kNotRead, "dn.subtree=\"ou=people,dc=example,dc=com\""),
      hidden("a rule hides all people", "5 refuse: band", "dn.children=\"ou=people,dc=example,dc=com\""),
      hidden("a rule hides a third of the people", "5 refuse: band",
             "dn.regex=\"^uid=u[12].,ou=people,dc=example,dc=com$\""),
      unfound(hidden("a rule hides one person", "3 run: unconfirmed, unresolved",
                     "dn.exact=\"uid=u06,ou=people,dc=example,dc=com\"")),
      hidden("a rule hides all groups", "5 refuse: band", "dn.children=\"ou=groups,dc=example,dc=com\""),
      hidden("a rule hides a nested group", "3 run: unconfirmed, unresolved",
             "dn.exact=\"cn=team-e,ou=groups,dc=example,dc=com\""),
      hidden("a rule hides a source group of each target", "0 run: orphaned",
             "dn.regex=\"^cn=(pam-unix|iot-operators),ou=groups,dc=example,dc=com$\""),
      hidden("a rule hides the members of one group", kNotRead,
             "dn.exact=\"cn=team-b,ou=groups,dc=example,dc=com\" attrs=member"),
      hidden("a rule hides half of all member values", "5 refuse: band",
             "attrs=member val.regex=\"^uid=u[01].,.*\""),
      hidden("a rule hides who is disabled", "5 refuse: attributes", "attrs=employeeType"),
      hidden("a rule hides the names of people", "5 refuse: attributes", "attrs=uid"),
      hidden("a rule hides the ids of entries", kNotRead, "attrs=entryUUID"),
      for_both("a rule hides a canary", "5 refuse: canary",
               [](Stage& stage) {
                 auto const dn = stage.company.person("u05").dn();
                 stage.change_configuration([&dn](Configuration& configuration) {
                   configuration.directory_keys += "canaries = [\"" + dn + "\"]\n";
                 });
                 stage.hide("access to dn.exact=\"" + dn + "\" by * none");
               }),
  };
}

std::vector<Fault> servers() {
  auto const password = [](Stage& stage, std::string const& value) {
    stage.modify_directory("dn: " + std::string{kReaderDn} +
                           "\nchangetype: modify\nreplace: userPassword\nuserPassword: " + value + "\n");
  };
  auto now = std::make_shared<std::string>();
  return {
      for_both(
          "no server listens", kNotRead, [](Stage& stage) { stage.slapd_->stop(); },
          [](Stage& stage) { stage.slapd_->start(); }),
      for_both("the first of two servers does not listen", "0 run",
               [](Stage& stage) {
                 stage.change_configuration([](Configuration& configuration) {
                   configuration.ldap_uri =
                       "ldaps://127.0.0.1:" + std::to_string(free_port()) + "\", \"" + configuration.ldap_uri;
                 });
               }),
      for_both("the server's certificate is of another CA", kNotRead,
               [](Stage& stage) {
                 stage.change_configuration([&stage](Configuration& configuration) {
                   configuration.ldap_ca = stage.certificates_.ca_file;
                 });
               }),
      for_both("the file of CAs is being replaced", kNotRead,
               [](Stage& stage) {
                 stage.change_configuration([&stage](Configuration& configuration) {
                   configuration.ldap_ca = stage.folder_.path() / "no-such-file";
                 });
               }),
      for_both(
          "the bind is refused", kNotRead, [password](Stage& stage) { password(stage, "another"); },
          [password](Stage& stage) { password(stage, kReaderPassword); }),
      for_both("the server limits the size of an answer", kNotRead,
               [](Stage& stage) {
                 auto options = stage.slapd_options_;
                 options.database_lines.insert(options.database_lines.begin(),
                                               "limits users size=unlimited size.prtotal=10");
                 stage.slapd_with(options);
               }),
      for_both(
          "an older backup is restored", "5 refuse: change-number",
          [now](Stage& stage) {
            auto const old = stage.slapd_->backup();
            stage.modify_directory(
                "dn: uid=u01,ou=people,dc=example,dc=com\nchangetype: modify\nreplace: "
                "description\ndescription: later\n");
            EXPECT_EQ(stage.run({"sync"}).exit, 0);
            *now = stage.slapd_->backup();
            stage.slapd_->restore(old);
          },
          [now](Stage& stage) { stage.slapd_->restore(*now); }),
  };
}

using GivenDirectoryRights = Stage;
TEST_F(GivenDirectoryRights, WhenTheyHideSomethingThenNobodyIsWrongedOrForgotten) {
  play_all("What the directory hides", hiding());
}

using GivenDirectoryServers = Stage;
TEST_F(GivenDirectoryServers, WhenTheyFailThenNobodyIsWrongedOrForgotten) {
  play_all("The directory's servers", servers());
}

}  // namespace
}  // namespace dirsync::test
