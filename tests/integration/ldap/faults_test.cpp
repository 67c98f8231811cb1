// What a server, or something before it, may answer wrongly: each has a named outcome, none costs access.
#include "sync/engine/errors.hpp"
#include "tests/integration/ldap/bends.hpp"

namespace dirsync::ldap {
namespace {

using engine::EngineErrc;
using engine::Exit;

struct Place {
  Where where;
  char const* words;
};
constexpr Place kPlaces[] = {
    {Where::bind, "bind as anonymous"},
    {Where::root_dse, "reading the root DSE"},
    {Where::people_base, "reading the base entry below \"ou=people"},
    {Where::groups_base, "reading the base entry below \"ou=groups"},
    {Where::people, "search for people below \"ou=people"},
    {Where::groups, "search for groups below \"ou=groups"},
    {Where::rule, "search for the groups of rule vault"},
};

bool has_notice(engine::Report const& report, std::string const& code, std::string const& words) {
  for (auto const& [name, target] : report.plan.targets)
    for (auto const& notice : target.notices)
      if (notice.code == code && notice.text.find(words) != std::string::npos) return true;
  return false;
}

TEST_F(GivenAFault, WhenThereIsNoneThenInSync) {
  auto const report = run_with(untouched);
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_EQ(report.plan.verdict, Verdict::in_sync);
  expect_nothing_written();
}

TEST_F(GivenAFault, WhenAnyAnswerEndsWithAnErrorCodeThenItIsNamedWithItsPlace) {
  struct {
    int result;
    LdapErrc code;
  } constexpr kCodes[] = {
      {1, LdapErrc::refused},     {3, LdapErrc::time_limit},    {4, LdapErrc::size_limit},
      {9, LdapErrc::referral},    {10, LdapErrc::referral},     {11, LdapErrc::admin_limit},
      {12, LdapErrc::bad_answer}, {32, LdapErrc::base_missing}, {50, LdapErrc::not_readable},
      {51, LdapErrc::busy},       {52, LdapErrc::busy},         {53, LdapErrc::refused},
      {80, LdapErrc::refused}};
  for (auto const& [where, words] : kPlaces)
    for (auto const& [result, code] : kCodes) {
      SCOPED_TRACE(std::string{words} + ", result " + std::to_string(result));
      // After all of its entries, as a server does that stops at a limit.
      auto const spoil = [code = result](LdapMessage& message) {
        set_result(message, code, "server's words");
      };
      expect_unread(run_with(at_the_end_of(where, 1, spoil)), code,
                    {"directory corp", words, "result " + std::to_string(result), "server's words"});
    }
}

TEST_F(GivenAFault, WhenALaterPageEndsWithAnErrorCodeThenThePagesBeforeAreNoSnapshot) {
  for (auto const& [where, words] : {Place{Where::people, "search for people"},
                                     {Where::groups, "search for groups"},
                                     {Where::rule, "search for the groups of rule"}}) {
    SCOPED_TRACE(words);
    auto const spoil = [](LdapMessage& message) { set_result(message, 4, ""); };
    expect_unread(run_with(at_the_end_of(where, 2, spoil)), LdapErrc::size_limit, {words, "result 4"});
  }
}

TEST_F(GivenAFault, WhenAReferralComesInMidResultThenTheServerThatItNamesIsShown) {
  for (auto const& [where, words] : kPlaces) {
    if (where == Where::bind) continue;
    SCOPED_TRACE(words);
    auto const insert = [place = where](LdapRequest const& request, LdapMessage message) {
      Messages messages{std::move(message)};
      if (where_of(request) == place && messages[0].operation == LdapMessage::kSearchEntry)
        messages.push_back(test::reference(messages[0].id, "ldap://elsewhere.example.com/ou=far"));
      return messages;
    };
    expect_unread(run_with(insert), LdapErrc::referral, {words, "ldap://elsewhere.example.com"});
  }
}

TEST_F(GivenAFault, WhenASuccessCarriesAReferralThenNoSnapshot) {
  for (auto const& [where, words] : kPlaces) {
    if (where == Where::bind) continue;
    SCOPED_TRACE(words);
    auto const refer = [](LdapMessage& message) {
      set_result(message, 0, "", "ldap://elsewhere.example.com/ou=far");
    };
    expect_unread(run_with(at_the_end_of(where, 1, refer)), LdapErrc::referral,
                  {words, "ldap://elsewhere.example.com"});
  }
}

TEST_F(GivenAFault, WhenAPageLacksItsControlThenBadAnswer) {
  for (auto const& [where, words] : {Place{Where::people, "search for people"},
                                     {Where::groups, "search for groups"},
                                     {Where::rule, "search for the groups of rule"}})
    for (auto const page : {1, 2}) {
      SCOPED_TRACE(std::string{words} + ", page " + std::to_string(page));
      auto const drop = [](LdapMessage& message) { message.controls.clear(); };
      expect_unread(run_with(at_the_end_of(where, page, drop)), LdapErrc::bad_answer,
                    {words, "paging control"});
    }
}

TEST_F(GivenAFault, WhenThePagingControlIsEmptyThenBadAnswer) {
  expect_unread(run_with(at_the_end_of(Where::people, 1, test::drop_page_value)), LdapErrc::bad_answer,
                {"search for people", "paging control"});
}

TEST_F(GivenAFault, WhenAPageCookieComesAgainThenBadAnswer) {
  for (auto const& [where, words] : {Place{Where::people, "search for people"},
                                     {Where::groups, "search for groups"},
                                     {Where::rule, "search for the groups of rule"}}) {
    SCOPED_TRACE(words);
    auto const edit = [place = where, first = std::string{}](LdapRequest const& request,
                                                             LdapMessage message) mutable {
      if (where_of(request) != place || message.operation != LdapMessage::kSearchDone)
        return Messages{std::move(message)};
      if (request.nth == 1)
        first = test::page_cookie_of(message).value();
      else
        set_page_cookie(message, first);
      return Messages{std::move(message)};
    };
    expect_unread(run_with(edit), LdapErrc::bad_answer, {words, "page cookie for the second time"});
  }
}

/// Entries of the first page in place of those of the second.
LdapProxy::Edit first_page_twice(Where where) {
  return [where, first = Messages{}, next = std::size_t{0}](LdapRequest const& request,
                                                            LdapMessage message) mutable {
    if (where_of(request) != where || message.operation != LdapMessage::kSearchEntry)
      return Messages{std::move(message)};
    if (request.nth == 1) first.push_back(message);
    if (request.nth == 2 && next < first.size()) {
      auto const id = message.id;
      message = first[next++];
      message.id = id;
    }
    return Messages{std::move(message)};
  };
}

TEST_F(GivenAFault, WhenAPageComesTwiceThenDuplicateId) {
  for (auto const where : {Where::people, Where::groups})
    expect_unread(run_with(first_page_twice(where)), SnapshotErrc::duplicate_id, {"came twice"});
}

TEST_F(GivenAFault, WhenAPageOfTheRuleComesTwiceThenItsGroupsKeepTheirMembers) {
  auto const report = run_with(first_page_twice(Where::rule));
  expect_nothing_lost(report);
  EXPECT_TRUE(has_notice(report, "orphaned", "rule vault no longer selects it"));
}

/// Page `page` is said to be the last one.
LdapProxy::Edit last_page(Where where, int page) {
  return at_the_end_of(where, page, [](LdapMessage& message) { test::set_page_cookie(message, ""); });
}

TEST_F(GivenAFault, WhenThePeopleEndAfterAFewThenOutOfBand) {
  expect_unread(run_with(last_page(Where::people, 1)), EngineErrc::band,
                {"gave 5 people, the last accepted read 25", "--accept-band"});
}

TEST_F(GivenAFault, WhenThePeopleEndOnePageEarlyThenTheMissingWait) {
  auto const report = run_with(last_page(Where::people, 4));
  EXPECT_EQ(report.exit, Exit::pending);
  EXPECT_EQ(report.plan.changes.size(), 10U);  // five people, in one group of each target
  expect_nothing_lost(report);
}

TEST_F(GivenAFault, WhenTheGroupsEndEarlyThenTheRuleTellsOfMore) {
  expect_unread(run_with(last_page(Where::groups, 1)), SnapshotErrc::incomplete,
                {"which the search for all groups did not give"});
}

TEST_F(GivenAFault, WhenTheRuleEndsEarlyThenItsGroupsKeepTheirMembers) {
  auto const report = run_with(last_page(Where::rule, 1));
  EXPECT_EQ(report.exit, Exit::done);
  expect_nothing_lost(report);
  EXPECT_TRUE(has_notice(report, "orphaned", "no longer selects it"));
}

/// Success on every search, without one entry in some of them.
LdapProxy::Edit nothing_at(std::set<Where> places) {
  return [places = std::move(places)](LdapRequest const& request, LdapMessage message) {
    if (message.operation == LdapMessage::kSearchEntry && places.contains(where_of(request)))
      return Messages{};
    return Messages{std::move(message)};
  };
}

TEST_F(GivenAFault, WhenThereAreNoGroupsAtAllThenOutOfBand) {
  expect_unread(run_with(nothing_at({Where::groups, Where::rule})), EngineErrc::band,
                {"gave 0 groups, the last accepted read 8"});
}

TEST_F(GivenAFault, WhenThereWereNeverGroupsThenNothingIsPlanned) {
  empty_targets();
  auto const report = run_with(nothing_at({Where::groups, Where::rule}));
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_TRUE(report.plan.changes.empty());
  EXPECT_TRUE(std::ranges::all_of(report.plan.reasons,
                                  [](Reason const& reason) { return reason.code == "no-source"; }));
}

TEST_F(GivenAFault, WhenThereAreNoPeopleAtAllThenOutOfBand) {
  expect_unread(run_with(nothing_at({Where::people})), EngineErrc::band,
                {"gave 0 people, the last accepted read 25"});
}

TEST_F(GivenAFault, WhenABaseHasNoEntryThenBaseMissing) {
  for (auto const where : {Where::people_base, Where::groups_base})
    expect_unread(run_with(nothing_at({where})), LdapErrc::base_missing,
                  {where == Where::people_base ? "\"ou=people" : "\"ou=groups", "not shown"});
}

TEST_F(GivenAFault, WhenTheRootDseIsEmptyThenTheFlavourIsAskedFor) {
  expect_unread(run_with(nothing_at({Where::root_dse})), LdapErrc::wrong_flavour, {"flavour"});
}

}  // namespace
}  // namespace dirsync::ldap
