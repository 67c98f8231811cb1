#include "daemon/init/configuration_text.hpp"

#include <gmock/gmock.h>

#include "daemon/config/load.hpp"
#include "daemon/init/findings.hpp"
#include "daemon/init/proposal.hpp"
#include "tests/support/config/memory_environment.hpp"
#include "tests/support/golden.hpp"
#include "tests/unit/init/surveys.hpp"

namespace dirsync::init {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Answers answers_of_somebody() {
  Answers answers;
  answers.directory.uris = {"ldaps://ldap.example.com"};
  answers.directory.bind_dn = "cn=dirsyncd,dc=example,dc=com";
  answers.directory.bind_password = {true, "corp-bind"};
  answers.vault = VaultAnswers{.url = "https://pvwa.example.com/PasswordVault",
                               .user = "svc-dirsyncd",
                               .password = {true, "vault"},
                               .ca_file = "/etc/ssl/certs/corp.pem",
                               .domain = "example.com"};
  return answers;
}

ConsoleAnswers console_of_somebody() {
  return {.url = "https://pulse.example.com",
          .user = "svc-dirsyncd",
          .password = {false, "/srv/secrets/console"},
          .ca_file = "",
          .role = "Device Administrator"};
}

config::Loaded checked(std::string const& content) {
  config::MemoryEnvironment const environment;
  return config::parse(content, "proposed.toml", environment, config::Secrets::leave);
}

std::string first_problem(config::Loaded const& loaded) {
  return loaded ? "" : config::text(loaded.error().front());
}

struct Shape {
  char const* name;  // tests/golden/init-NAME.toml
  ldap::Survey (*survey)();
};
void PrintTo(Shape const& shape, std::ostream* out) { *out << shape.name; }

struct GivenASurvey : testing::TestWithParam<Shape> {};

TEST_P(GivenASurvey, WhenItsConfigurationIsWrittenThenItIsValidAndAsItWas) {
  auto answers = answers_of_somebody();
  if (GetParam().name == std::string{"openldap"}) answers.console = console_of_somebody();
  auto const content = configuration_text(GetParam().survey(), answers);
  auto const loaded = checked(content);
  EXPECT_EQ(first_problem(loaded), "") << content;
  expect_golden("init-" + std::string{GetParam().name} + ".toml", content);
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, GivenASurvey,
                         testing::Values(Shape{"openldap", survey_of_openldap},
                                         Shape{"rfc2307bis", survey_of_openldap_with_rfc2307bis},
                                         Shape{"389ds", survey_of_389ds}, Shape{"freeipa", survey_of_freeipa},
                                         Shape{"ad", survey_of_active_directory},
                                         Shape{"nothing", survey_of_nothing}));

TEST(GivenATypicalSurvey, WhenTwoTargetsAreNamedThenEachHasARuleOfItsOwnGroups) {
  auto answers = answers_of_somebody();
  answers.console = console_of_somebody();
  auto const loaded = checked(configuration_text(survey_of_openldap(), answers));
  ASSERT_EQ(first_problem(loaded), "");
  ASSERT_EQ(loaded->rules.size(), 2U);
  EXPECT_EQ(std::get<MatchingGroups>(loaded->rules[0].selection).filter, "(cn=pam-*)");
  EXPECT_EQ(std::get<MatchingGroups>(loaded->rules[1].selection).filter, "(cn=iot-*)");
}

TEST(GivenATypicalSurvey, WhenNoTargetIsNamedThenThereIsNoRule) {
  auto answers = answers_of_somebody();
  answers.vault.reset();
  auto const loaded = checked(configuration_text(survey_of_openldap(), answers));
  ASSERT_EQ(first_problem(loaded), "");
  EXPECT_TRUE(loaded->rules.empty());
}

TEST(GivenATypicalSurvey, WhenItIsReadAnonymouslyThenNoPasswordIsNamed) {
  auto answers = answers_of_somebody();
  answers.directory.is_anonymous = true;
  auto const content = configuration_text(survey_of_openldap(), answers);
  EXPECT_EQ(first_problem(checked(content)), "");
  EXPECT_THAT(content, Not(HasSubstr("corp-bind")));
}

TEST(GivenATypicalSurvey, WhenValuesHoldQuotesAndControlsThenTheFileIsValidAllTheSame) {
  auto survey = survey_of_openldap();
  survey.people.base = survey.people_bases.front().base = "ou=a\\\"b\\,c,dc=example,dc=com";
  survey.groups.nested_example = "cn=x\ny\x1b[31m,dc=example,dc=com";
  survey.people.attributes[1].examples[0].value = "]\n[rule]";
  auto const content = configuration_text(survey, answers_of_somebody());
  EXPECT_EQ(first_problem(checked(content)), "") << content;
  EXPECT_THAT(content, Not(HasSubstr("\x1b")));
}

TEST(GivenASurveyInWhichFewHaveTheUsualName, WhenProposedThenAnotherNameIsTaken) {
  auto const proposal = propose(survey_of_openldap_with_rfc2307bis(), answers_of_somebody());
  EXPECT_EQ(proposal.user_name.value, "{mail}");
  EXPECT_EQ(proposal.disabled.value, "(loginDisabled=TRUE)");
  EXPECT_EQ(proposal.join.value, "employeeNumber");
}

TEST(GivenASurveyThatWasCut, WhenToldThenItSaysSo) {
  EXPECT_THAT(findings(survey_of_389ds()), Contains(HasSubstr("20000 people or more (only the first")));
}

TEST(GivenASurveyWithTwins, WhenToldThenTheyAreNamed) {
  EXPECT_THAT(findings(survey_of_openldap()), Contains(HasSubstr("\"Jo Doe\" (uid=jo,")));
}

}  // namespace
}  // namespace dirsync::init
