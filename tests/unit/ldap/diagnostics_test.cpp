#include "ldap/diagnostics.hpp"

#include <gmock/gmock.h>

#include "ldap/errors.hpp"

namespace dirsync::ldap {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What Active Directory says for a refused bind.
std::string refusal(std::string const& data) {
  return "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data " + data + ", v4563";
}

struct SubError {
  char const* data;
  char const* words;
};
void PrintTo(SubError const& error, std::ostream* out) { *out << error.data; }

struct GivenARefusedBind : testing::TestWithParam<SubError> {};

TEST_P(GivenARefusedBind, WhenExplainedThenTheSubErrorIsInWords) {
  auto const explained = explain_active_directory(49, refusal(GetParam().data));
  ASSERT_TRUE(explained);
  EXPECT_THAT(*explained, HasSubstr(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    OfActiveDirectory, GivenARefusedBind,
    testing::Values(SubError{"525", "no account has this name"}, SubError{"52e", "password is wrong"},
                    SubError{"52E", "password is wrong"}, SubError{"52f", "restriction"},
                    SubError{"530", "at this time"}, SubError{"531", "from this machine"},
                    SubError{"532", "password has expired"}, SubError{"533", "disabled"},
                    SubError{"51f", "no domain controller"}, SubError{"568", "too many groups"},
                    SubError{"569", "right to this kind of logon"}, SubError{"701", "account has expired"},
                    SubError{"773", "must be changed"}, SubError{"775", "locked"},
                    SubError{"80090346", "channel bindings"}));

struct GivenWordsOfAServer : testing::Test {};

TEST_F(GivenWordsOfAServer, WhenItWantsEncryptionThenTheRemedyNamesIt) {
  auto const words =
      "00002028: LdapErr: DSID-0C090259, comment: The server requires binds to turn on integrity checking "
      "if SSL\\TLS are not already active on the connection, data 0, v4563";
  EXPECT_THAT(result_error(8, "bind", words).context, HasSubstr("use ldaps:// or tls.starttls"));
}

TEST_F(GivenWordsOfAServer, WhenItAnswersOnlyAfterABindThenThatIsSaid) {
  auto const words =
      "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must "
      "be completed on the connection., data 0, v4563";
  EXPECT_THAT(result_error(1, "search", words).context, HasSubstr("bind as an account"));
}

TEST_F(GivenWordsOfAServer, WhenItDoesNotTakeAControlThenPagingIsNamed) {
  EXPECT_THAT(result_error(12, "search for people", "").context, HasSubstr("searches are paged (RFC 2696)"));
}

TEST_F(GivenWordsOfAServer, WhenTheyTellNothingThenTheyAreLeftOut) {
  EXPECT_EQ(reason_in(nullptr), "");
  EXPECT_EQ(reason_in("(unknown error code)"), "");
  EXPECT_EQ(reason_in("The certificate is NOT trusted."), "The certificate is NOT trusted.");
}

TEST_F(GivenWordsOfAServer, WhenItIsUnwillingThenItsLogIsNamed) {
  auto const words = "00002035: LdapErr: DSID-0C090A12, comment: Operation not allowed, data 0, v4563";
  EXPECT_THAT(result_error(53, "search", words).context, HasSubstr("event log"));
}

TEST_F(GivenWordsOfAServer, WhenTheCodeAtTheBeginningIsKnownAndDataIsNotThenItCounts) {
  auto const words = "80090346: LdapErr: DSID-0C09070F, comment: AcceptSecurityContext error, data 5, v4563";
  EXPECT_THAT(explain_active_directory(49, words).value_or(""), HasSubstr("channel bindings"));
}

TEST_F(GivenWordsOfAServer, WhenTheyAreNotOfActiveDirectoryThenNothingIsMadeUp) {
  for (auto const* words : {"", "data 52e", "80090308", "8009030: LdapErr: x, data 52e, v1",
                            "nonsense: LdapErr: x, data 52e, v1", "invalid credentials, data 52e, no"})
    EXPECT_FALSE(explain_active_directory(49, words)) << words;
  for (auto const* data : {"52ex", "", "999", "fffffffff"})
    EXPECT_FALSE(explain_active_directory(49, refusal(data))) << data;
  EXPECT_FALSE(explain_active_directory(49, "80090308: LdapErr: x, data 52"));
}

TEST_F(GivenWordsOfAServer, WhenTheResultIsAnotherThenASubErrorOfABindIsNotRead) {
  EXPECT_FALSE(explain_active_directory(32, refusal("52e")));
}

TEST_F(GivenWordsOfAServer, WhenItIsExplainedThenTheServersOwnWordsStay) {
  auto const error = result_error(49, "bind as \"cn=x\"", refusal("775"));
  EXPECT_EQ(error.code, LdapErrc::bind_refused);
  EXPECT_THAT(error.context, HasSubstr("data 775"));
  EXPECT_THAT(error.context, HasSubstr("locked"));
  EXPECT_THAT(error.context, Not(HasSubstr("check the bind DN")));
}

}  // namespace
}  // namespace dirsync::ldap
