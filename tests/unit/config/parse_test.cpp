#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/config/config_text.hpp"

namespace dirsync::config {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class GivenConfiguration : public testing::Test {
 protected:
  GivenConfiguration() { environment_.variables["VAULT"] = "hunter2"; }

  Loaded parsed(Secrets secrets = Secrets::fetch) const {
    return parse(text_.text(), "d.toml", environment_, secrets);
  }
  Config config(Secrets secrets = Secrets::fetch) const {
    auto loaded = parsed(secrets);
    if (loaded) return std::move(*loaded);
    ADD_FAILURE() << text(loaded.error().front());
    return {};
  }
  /// "code key: text" of each mistake.
  std::vector<std::string> problems() const {
    std::vector<std::string> lines;
    if (auto const loaded = parsed(); !loaded) {
      for (auto const& problem : loaded.error())
        lines.push_back(problem.code + " " + problem.key + ": " + problem.text);
    }
    return lines;
  }

  ConfigText text_;
  MemoryEnvironment environment_;
};

TEST_F(GivenConfiguration, WhenOnlyTheNeedfulIsWrittenThenDefaultsHold) {
  auto const config = this->config();
  EXPECT_EQ(config.schedule.interval, 5min);
  EXPECT_EQ(config.schedule.jitter, 30s);
  EXPECT_EQ(config.schedule.full_read_interval, 1h);
  EXPECT_TRUE(config.schedule.watch);
  EXPECT_FALSE(config.schedule.revocation_target);
  EXPECT_EQ(config.schedule.quiet, 20ms);
  EXPECT_EQ(config.schedule.longest_quiet, 250ms);
  Limits limits;
  limits.flaps = Limits::Flaps{};
  EXPECT_EQ(config.limits, limits);
  EXPECT_EQ(config.service.control_socket, "/srv/d/control.sock");
  EXPECT_EQ(config.service.http_listen, "");

  auto const& directory = config.directories.at("corp");
  EXPECT_EQ(directory.ldap.users.base, "dc=x");
  EXPECT_EQ(directory.ldap.users.filter, "");  // by flavour
  EXPECT_EQ(directory.ldap.groups.base, "dc=x");
  EXPECT_EQ(directory.ldap.groups.filter, "");
  EXPECT_EQ(directory.ldap.flavour, ldap::Flavour::automatic);
  EXPECT_FALSE(directory.policy.disabled);
  EXPECT_EQ(directory.policy.account_states, AccountStates{});
  EXPECT_EQ(config.effective.at("directory.corp.users.account_states"), "[\"disabled\", \"expired\"]");
  EXPECT_EQ(directory.policy.band.values, 30);
  EXPECT_EQ(directory.policy.band.at_least, 2);

  auto const& vault = std::get<vault::Settings>(config.targets.at("vault").settings);
  EXPECT_EQ(vault.http.pace.concurrency, 4);
  EXPECT_EQ(vault.http.pace.requests_per_second, 20);
  EXPECT_EQ(vault.method, vault::AuthMethod::cyberark);
  EXPECT_THAT(vault.domains, IsEmpty());

  auto const& rule = config.rules.at(0);
  EXPECT_EQ(rule.group_name.text(), "{cn}");
  EXPECT_EQ(rule.member_name.text(), "{uid}");
  EXPECT_TRUE(rule.nested);
  EXPECT_FALSE(rule.create_groups || rule.adopt);
  EXPECT_EQ(rule.foreign_members, ForeignMembers::report);
  EXPECT_EQ(rule.delete_groups, DeleteGroups::never);
  EXPECT_EQ(rule.source_gone, SourceGone::keep);
  EXPECT_EQ(rule.limits, limits);
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST_F(GivenConfiguration, WhenConsoleHasNoPaceThenItsOwnDefaultHolds) {
  text_.more =
      "[target.console]\nkind = \"pulse-console\"\nurl = \"https://127.0.0.1\"\n"
      "auth = { user = \"svc\", password = { env = \"VAULT\" } }\n"
      "[[rule]]\nname = \"c\"\ndirectory = \"corp\"\ntarget = \"console\"\ngroups = \"(cn=*)\"\n";
  auto const config = this->config();
  auto const& console = std::get<console::Settings>(config.targets.at("console").settings);
  EXPECT_EQ(console.http.pace.concurrency, 2);
  EXPECT_EQ(console.http.pace.requests_per_second, 5);
  EXPECT_EQ(console.profile, "auto");
  EXPECT_EQ(config.rules.at(1).member_name.text(), "{mail}");
}

TEST_F(GivenConfiguration, WhenStateDirIsLeftOutThenThatOfSystemdCounts) {
  text_.service = "";
  EXPECT_THAT(problems(),
              ElementsAre("missing service.state_dir: [service] needs state_dir: the folder for the store, "
                          "such as \"/var/lib/dirsyncd\" ($STATE_DIRECTORY is not set)"));
  environment_.variables["STATE_DIRECTORY"] = "/var/lib/dirsyncd:/var/lib/other";
  EXPECT_EQ(config().service.state_dir, "/var/lib/dirsyncd");
}

TEST_F(GivenConfiguration, WhenTheSocketIsLeftOutThenItStandsBesideAStoreOfAnotherPlace) {
  EXPECT_FALSE(config().service.control_socket_given);
  text_.service = "state_dir = \"/srv/d\"\n";
  EXPECT_EQ(config().service.control_socket, "/srv/d/control.sock");
  EXPECT_EQ(config().effective.at("service.control_socket"), "\"/srv/d/control.sock\"");
  text_.service = "state_dir = \"/srv/d\"\ncontrol_socket = \"\"\n";
  EXPECT_EQ(config().service.control_socket, "");
  EXPECT_TRUE(config().service.control_socket_given);
  text_.service = "state_dir = \"/srv/d\"\ncontrol_socket = 7\n";
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("service.control_socket")));
}

TEST_F(GivenConfiguration, WhenOneDomainIsGivenThenItServesEveryDirectory) {
  text_.target += "domain = \"x.test\"\n";
  EXPECT_THAT(std::get<vault::Settings>(config().targets.at("vault").settings).domains,
              ElementsAre(std::pair{"corp", "x.test"}));
}

TEST_F(GivenConfiguration, WhenVaultIsOnSharedServicesThenTokensNeedAnAddress) {
  auto const with = [this](std::string const& more) {
    text_.target =
        "kind = \"cyberark-vault\"\nurl = \"https://127.0.0.1\"\n"
        "auth = { method = \"ispss\", user = \"s\", password = { env = \"VAULT\" }" +
        more + " }\n";
  };
  with("");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("missing target.vault.auth.token_url")));
  with(", token_url = \"http://127.0.0.1/oauth2/platformtoken\"");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("insecure target.vault.auth.token_url")));
  with(", token_url = \"https://127.0.0.1/oauth2/platformtoken\"");
  auto const vault = std::get<vault::Settings>(config().targets.at("vault").settings);
  EXPECT_EQ(vault.method, vault::AuthMethod::ispss);
  EXPECT_EQ(vault.token_url, "https://127.0.0.1/oauth2/platformtoken");
  EXPECT_THAT(config().warnings, IsEmpty());
  text_.target += "domain = \"example.com\"\n";
  EXPECT_THAT(config().warnings, ElementsAre(HasSubstr("target \"vault\": domain has no effect")));
}

TEST_F(GivenConfiguration, WhenThereIsNoRuleThenEveryRunWarns) {
  auto const text = "[service]\nstate_dir = \"/srv/d\"\n";
  auto const loaded = parse(text, "d.toml", environment_, Secrets::fetch);
  ASSERT_TRUE(loaded);
  EXPECT_THAT(loaded->warnings, ElementsAre("there is no [[rule]]: nothing will be synchronised"));
}

TEST_F(GivenConfiguration, WhenItIsNoTomlThenLineAndColumnAreNamed) {
  text_.service = "state_dir = /srv\n";
  auto const loaded = parsed();
  ASSERT_FALSE(loaded);
  ASSERT_EQ(loaded.error().size(), 1U);
  EXPECT_EQ(loaded.error()[0].code, "syntax");
  EXPECT_EQ(loaded.error()[0].line, 2);
  EXPECT_EQ(loaded.error()[0].file, "d.toml");
}

TEST_F(GivenConfiguration, WhenABackslashIsNotDoubledThenTheRemedyIsNamed) {
  text_.rule = "groups = \"(cn=a\\2ab)\"\n";
  EXPECT_THAT(problems(), ElementsAre(AllOf(HasSubstr("syntax"), HasSubstr("write \\\\ for a backslash"))));
}

TEST_F(GivenConfiguration, WhenPeopleAreReadOutsideOfTheBaseThenEveryRunWarns) {
  text_.directory += "users = { base = \"ou=people,dc=y\" }\n";
  EXPECT_THAT(config().warnings,
              ElementsAre(AllOf(HasSubstr("directory.corp.users.base"), HasSubstr("\"dc=x\""))));
}

TEST_F(GivenConfiguration, WhenARuleOfAVaultHasRolesThenEveryRunWarns) {
  text_.rule += "roles = [\"Auditor\"]\n";
  EXPECT_THAT(config().warnings,
              ElementsAre(AllOf(HasSubstr("rule \"r\""), HasSubstr("roles has no effect"))));
}

TEST_F(GivenConfiguration, WhenKeyStandsTwiceThenItIsADuplicate) {
  text_.service += "state_dir = \"/srv/e\"\n";
  auto const loaded = parsed();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error()[0].code, "duplicate");
  EXPECT_EQ(loaded.error()[0].line, 3);
  EXPECT_THAT(loaded.error()[0].text, HasSubstr("state_dir"));
}

TEST_F(GivenConfiguration, WhenAKeyThatNeverHadAnEffectIsSetThenItIsUnknownAsAnyOther) {
  text_.rule += "additions_on_partial = true\n";
  EXPECT_THAT(problems(), ElementsAre(AllOf(HasSubstr("unknown-key"), HasSubstr("additions_on_partial"))));
}

TEST_F(GivenConfiguration, WhenRuleNamesPredefinedGroupThenItIsRefused) {
  text_.rule += "group_name = \" vault ADMINS\"\n";
  EXPECT_THAT(problems(),
              ElementsAre("protected-group rule.group_name: \" vault ADMINS\" is a built-in group of the "
                          "Vault; no rule may change it, choose another name"));
  text_.rule = "groups = \"(cn=a)\"\ngroup_name = \"Vault Admins {cn}\"\n";
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(GivenConfiguration, WhenServerMayKnowMoreMatchingRulesThenTheFilterPasses) {
  text_.rule = "groups = \"(cn:1.2.3:=a)\"\n";
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(GivenConfiguration, WhenConnectionIsInTheClearThenItMustBeAllowed) {
  text_.directory =
      "uris = [\"ldap://127.0.0.1\"]\nbase = \"dc=x\"\n"
      "bind = { dn = \"cn=x\", password = { env = \"VAULT\" } }\n";
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("insecure directory.corp.uris")));
  auto const directory = text_.directory;
  text_.directory = directory + "tls = { starttls = true }\n";
  EXPECT_THAT(config().warnings, IsEmpty());
  text_.directory = directory + "tls = { plaintext = true }\n";
  EXPECT_THAT(config().warnings,
              ElementsAre("directory \"corp\": connections without TLS are allowed (tls.plaintext = true)"));
}

TEST_F(GivenConfiguration, WhenAnonymousReadIsInTheClearThenEveryRunWarns) {
  text_.directory = "uris = [\"ldap://127.0.0.1\"]\nbase = \"dc=x\"\nbind = { method = \"anonymous\" }\n";
  EXPECT_THAT(config().warnings, ElementsAre(HasSubstr("ldap://127.0.0.1 is read without TLS")));
}

TEST_F(GivenConfiguration, WhenVerificationIsTurnedOffInSoManyWordsThenEveryRunWarns) {
  text_.target += "tls = { verify = false, i_accept_the_risk = true }\n";
  auto const config = this->config();
  EXPECT_FALSE(std::get<vault::Settings>(config.targets.at("vault").settings).http.tls.verify);
  EXPECT_THAT(config.warnings,
              ElementsAre("target \"vault\": TLS certificates are not verified (tls.verify = false)"));
}

TEST_F(GivenConfiguration, WhenACanaryCanNotSpeakForTheDirectoryThenItIsRefused) {
  auto const directory = text_.directory;
  text_.directory = directory + "canaries = [\"CN=Canary, DC=x\", \"dc=x\"]\n";
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_THAT(config().directories.at("corp").ldap.canaries, ElementsAre("CN=Canary, DC=x", "dc=x"));
  text_.directory = directory + "canaries = [\"canary\", \"cn=canary,dc=y\"]\n";
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("malformed directory.corp.canaries"),
                                      AllOf(HasSubstr("conflict directory.corp.canaries"),
                                            HasSubstr("not below \"dc=x\""))));
  text_.directory = directory + "groups = { base = \"dc=y\" }\ncanaries = [\"cn=canary,dc=y\"]\n";
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(GivenConfiguration, WhenSecretComesFromAFileThenOneFinalNewlineIsDropped) {
  text_.target =
      "kind = \"cyberark-vault\"\nurl = \"https://127.0.0.1\"\nauth = { user = \"s\", password = { file = "
      "\"/s\" } }\n";
  environment_.files["/s"] = "a b\n\n";
  EXPECT_EQ(std::get<vault::Settings>(config().targets.at("vault").settings).password.reveal(), "a b\n");
  environment_.files["/s"] = "\n";
  EXPECT_THAT(problems(), ElementsAre("malformed target.vault.auth.password: target.vault.auth.password is "
                                      "an empty secret; put the secret there"));
}

TEST_F(GivenConfiguration, WhenSecretsAreLeftThenTheirSourcesNeedNotBeThere) {
  environment_.variables.clear();
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("the environment has no variable VAULT")));
  EXPECT_TRUE(
      std::get<vault::Settings>(config(Secrets::leave).targets.at("vault").settings).password.empty());
}

TEST_F(GivenConfiguration, WhenSecretIsFetchedThenNothingThatIsShownHasIt) {
  auto const config = this->config();
  EXPECT_EQ(std::get<vault::Settings>(config.targets.at("vault").settings).password.reveal(), "hunter2");
  for (auto const& [key, value] : config.effective) EXPECT_THAT(key + value, Not(HasSubstr("hunter2")));
  EXPECT_EQ(config.effective.at("target.vault.auth.password.env"), "\"VAULT\"");
}

TEST_F(GivenConfiguration, WhenSecretChangesThenTheDigestStays) {
  auto const before = config();
  environment_.variables["VAULT"] = "another";
  auto const after = config();
  EXPECT_EQ(before.digest, after.digest);
  EXPECT_EQ(before.rules[0].around, after.rules[0].around);
}

TEST_F(GivenConfiguration, WhenCommentsAndOrderChangeThenTheDigestStays) {
  auto const before = config();
  text_.rule = "# a comment\nnested = true\n" + text_.rule;
  auto const after = config();
  EXPECT_EQ(before.digest, after.digest);
  EXPECT_EQ(before.rules[0].around, after.rules[0].around);
}

TEST_F(GivenConfiguration, WhenAccountStatesAreListedThenThoseCount) {
  auto const states = [this](std::string const& list) {
    auto const saved = text_;
    text_.directory += "users = { account_states = " + list + " }\n";
    auto const found = config().directories.at("corp").policy.account_states;
    text_ = saved;
    return found;
  };
  EXPECT_EQ(states("[\"expired\", \"disabled\"]"), (AccountStates{true, true, false}));
  EXPECT_EQ(states("[\"locked\", \"locked\"]"), (AccountStates{false, false, true}));
  EXPECT_EQ(states("[]"), kNoAccountStates);
}

TEST_F(GivenConfiguration, WhenAnAccountStateIsUnknownThenTheNearestIsNamed) {
  text_.directory += "users = { account_states = [\"disabled\", \"lokced\", \"gone\"] }\n";
  EXPECT_THAT(
      problems(),
      ElementsAre("out-of-range directory.corp.users.account_states: directory.corp.users.account_states "
                  "holds \"lokced\"; each must be one of disabled, expired, locked; did you mean "
                  "\"locked\"?",
                  "out-of-range directory.corp.users.account_states: directory.corp.users.account_states "
                  "holds \"gone\"; each must be one of disabled, expired, locked"));
}

TEST_F(GivenConfiguration, WhenAFilterReplacesAccountStatesThenBothTogetherAreAConflict) {
  text_.directory += "users = { disabled = \"(a=b)\", account_states = [\"disabled\"] }\n";
  EXPECT_THAT(problems(),
              ElementsAre(HasSubstr(
                  "conflict directory.corp.users.account_states: directory.corp.users.account_states "
                  "says which of the directory's own signs count")));
}

TEST_F(GivenConfiguration, WhenAFilterReplacesAccountStatesThenTheyAreNotInEffect) {
  text_.directory += "users = { disabled = \"(a=b)\" }\n";
  auto const config = this->config();
  EXPECT_EQ(config.directories.at("corp").policy.account_states, kNoAccountStates);
  EXPECT_FALSE(config.effective.contains("directory.corp.users.account_states"));
}

TEST_F(GivenConfiguration, WhenSomethingAroundTheRuleDecidesThenItIsToldByItsKey) {
  text_.directory += "users = { filter = \"(uid=*)\", disabled = \"(a=b)\" }\ngroups = { scope = \"one\" }\n";
  text_.target += "protected_groups = [\"Break Glass\"]\ndomains = { corp = \"example.com\" }\n";
  auto const around = config().rules[0].around;
  EXPECT_EQ(around.at("directory.corp.base"), "\"dc=x\"");
  EXPECT_EQ(around.at("directory.corp.bind.method"), "\"anonymous\"");
  EXPECT_EQ(around.at("directory.corp.users.filter"), "\"(uid=*)\"");
  EXPECT_EQ(around.at("directory.corp.users.disabled"), "\"(a=b)\"");
  EXPECT_EQ(around.at("directory.corp.groups.scope"), "\"one\"");
  EXPECT_EQ(around.at("target.vault.protected_groups"), "[\"Break Glass\"]");
  EXPECT_EQ(around.at("target.vault.domains.corp"), "\"example.com\"");
  EXPECT_TRUE(around.contains("target.vault.url"));
}

TEST_F(GivenConfiguration, WhenItOnlySaysHowThenItIsNotAround) {
  auto const before = config().rules[0].around;
  text_.directory += "retry = { attempts = 1 }\nband = { users = 1 }\n";
  text_.target += "pace = { concurrency = 1 }\n";
  text_.limits = text_.rule_limits = "removals = 1\n";
  EXPECT_EQ(config().rules[0].around, before);
}

/// A second directory, lab, and more keys of the rule.
struct GivenTwoDirectoriesConfigured : GivenConfiguration {
  GivenTwoDirectoriesConfigured() {
    text_.more =
        "[directory.lab]\nuris = [\"ldaps://127.0.0.1\"]\nbase = \"dc=lab\"\nbind = { method = \"anonymous\" "
        "}\n";
  }
  std::vector<std::string> problems_with(std::string const& rule_keys) {
    text_.rule = "groups = \"(cn=a*)\"\n" + rule_keys + "\n";
    return problems();
  }
};

TEST_F(GivenTwoDirectoriesConfigured, WhenPeopleComeFromElsewhereThenTheKeyIsThatOfBothSidesOrOfEach) {
  EXPECT_FALSE(config().rules[0].people);
  EXPECT_EQ(config().rules[0].people_directory(), "corp");
  text_.rule = "groups = \"(cn=a*)\"\npeople = { directory = \"lab\", by = \"employeeNumber\" }\n";
  auto const same = *config().rules[0].people;
  EXPECT_EQ(same.directory + same.group_side + same.people_side, "labemployeeNumberemployeeNumber");
  text_.rule =
      "groups = \"(cn=a*)\"\npeople = { directory = \"lab\", by = { group_side = \"uidNumber\", people_side "
      "= "
      "\"employeeNumber\" } }\n";
  auto const each = *config().rules[0].people;
  EXPECT_EQ(each.group_side, "uidNumber");
  EXPECT_EQ(each.people_side, "employeeNumber");
  EXPECT_EQ(config().rules[0].people_directory(), "lab");
}

TEST_F(GivenTwoDirectoriesConfigured, WhenPeopleComeFromElsewhereThenTheirNameIsThatOfTheirDirectory) {
  text_.more += "users = { name = \"{sAMAccountName}\" }\n";
  text_.rule += "people = { directory = \"lab\", by = \"employeeNumber\" }\n";
  EXPECT_EQ(config().rules[0].member_name.text(), "{sAMAccountName}");
}

TEST_F(GivenTwoDirectoriesConfigured, WhenPeopleAreWrittenWrongThenItIsSaidWhere) {
  EXPECT_THAT(problems_with("people = { directory = \"corp\", by = \"uid\" }"),
              ElementsAre(HasSubstr("conflict rule.people.directory")));
  EXPECT_THAT(problems_with("people = { directory = \"lap\", by = \"uid\" }"),
              ElementsAre(HasSubstr("did you mean \"lab\"")));
  EXPECT_THAT(problems_with("people = { directory = \"lab\" }"),
              ElementsAre(HasSubstr("missing rule.people.by")));
  EXPECT_THAT(problems_with("people = { by = \"uid\" }"),
              ElementsAre(HasSubstr("missing rule.people.directory")));
  EXPECT_THAT(problems_with("people = { directory = \"lab\", by = { group_side = \"uid\" } }"),
              ElementsAre(HasSubstr("missing rule.people.by.people_side")));
  EXPECT_THAT(problems_with("people = { directory = \"lab\", by = \"(uid=*)\" }"),
              ElementsAre(HasSubstr("malformed rule.people.by")));
  EXPECT_THAT(problems_with("people = { directory = \"lab\", by = 7 }"),
              ElementsAre(HasSubstr("wrong-type rule.people.by")));
  EXPECT_THAT(problems_with("people = \"lab\""), ElementsAre(HasSubstr("wrong-type rule.people")));
}

TEST_F(GivenConfiguration, WhenAStaleDirectoryGroupIsToBeReplacedThenTheVaultIsTold) {
  EXPECT_FALSE(std::get<vault::Settings>(config().targets.at("vault").settings).replace_stale_groups);
  text_.target += "stale_directory_groups = \"replace\"\n";
  EXPECT_TRUE(std::get<vault::Settings>(config().targets.at("vault").settings).replace_stale_groups);
}

TEST_F(GivenConfiguration, WhenAGroupItselfIsTheMemberThenTheVaultGroupNeedsAnotherName) {
  auto const saved = text_;
  for (auto const* name : {"", "group_name = \"{CN}\"\n", "group_name = \"{sAMAccountName|upper|trim}\"\n",
                           "group_name = \"{2.5.4.3|replace:x:x}\"\n"}) {
    text_.rule += "as = \"group\"\n" + std::string{name};
    EXPECT_THAT(problems(), ElementsAre(AllOf(HasSubstr("conflict rule.group_name"), HasSubstr("\"vault-{"))))
        << name;
    text_ = saved;
  }
  text_.rule += "as = \"group\"\ngroup_name = \"{cn|remove_prefix:pam-}\"\n";
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(GivenConfiguration, WhenAGroupItselfIsTheMemberThenNothingThatPicksAmongPeopleHolds) {
  text_.rule += "as = \"group\"\ngroup_name = \"vault-{cn}\"\n";
  EXPECT_EQ(config().rules.at(0).as, MembersAs::group);
  text_.rule += "nested = false\nmax_depth = 2\nexclude_people = \"(a=b)\"\nforeign_members = \"remove\"\n";
  EXPECT_THAT(problems(),
              testing::UnorderedElementsAre(
                  HasSubstr("conflict rule.nested"), HasSubstr("conflict rule.max_depth"),
                  HasSubstr("conflict rule.exclude_people"),
                  AllOf(HasSubstr("conflict rule.foreign_members"), HasSubstr("use \"report\""))));
}

TEST_F(GivenConfiguration, WhenAMemberNameHasNoAttributeThenRefused) {
  text_.rule += "member_name = \"uid\"\n";
  EXPECT_THAT(problems(),
              ElementsAre(AllOf(HasSubstr("malformed rule.member_name"), HasSubstr("\"{uid}\""))));
}

TEST_F(GivenConfiguration, WhenAGroupIsToBeAMemberOnAConsoleThenRefused) {
  text_.target =
      "kind = \"pulse-console\"\nurl = \"https://127.0.0.1\"\n"
      "auth = { user = \"svc\", password = { env = \"VAULT\" } }\n";
  text_.rule += "as = \"group\"\n";
  EXPECT_THAT(problems(),
              ElementsAre(AllOf(HasSubstr("conflict rule.as"), HasSubstr("a console knows no LDAP groups"))));
}

TEST_F(GivenTwoDirectoriesConfigured, WhenPeopleAreJoinedThenTheAttributeIsKept) {
  EXPECT_EQ(config().directories.at("lab").policy.join, "");
  text_.more += "users = { join = \"employeeNumber\" }\n";
  EXPECT_EQ(config().directories.at("lab").policy.join, "employeeNumber");
  text_.more +=
      "[directory.hq]\nuris = [\"ldaps://127.0.0.1\"]\nbase = \"dc=hq\"\nbind = { method = "
      "\"anonymous\" }\nusers = { join = \"a b\" }\n";
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("malformed directory.hq.users.join")));
}

TEST_F(GivenTwoDirectoriesConfigured, WhenPeopleComeFromAnotherThenItIsAroundAsWell) {
  EXPECT_FALSE(config().rules[0].around.contains("directory.lab.users.base"));
  text_.rule += "people = { directory = \"lab\", by = \"uid\" }\n";
  EXPECT_TRUE(config().rules[0].around.contains("directory.lab.users.base"));
}

TEST_F(GivenTwoDirectoriesConfigured, WhenAnotherJoinsThenItIsAroundAsWell) {
  text_.more += "users.join = \"uid\"\n";
  EXPECT_TRUE(config().rules[0].around.contains("directory.lab.users.join"))
      << "corp's people may be lab's by now";
}

}  // namespace
}  // namespace dirsync::config
