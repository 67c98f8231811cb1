// What people ask of groups by hand.
#include "sync/console/by_hand/group_admin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/console/api/errors.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/console/fake_console.hpp"

namespace dirsync::console {
namespace {
using http::HttpErrc;
using http::Method;
using test::transport_error;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// The console of ConsoleBed, and a rule "plant" that keeps g1 "Ops".
class GivenAnOperator : public testing::Test, protected test::ConsoleBed {
 protected:
  GivenAnOperator() {
    console.groups["g5"] = {"Depot", "spare parts"};
    Managed managed;
    managed.groups.push_back({"g1", "Ops", "plant", true, {}});
    EXPECT_TRUE(test::run(io, target->enter()));
    admin_.emplace(target->context(), std::move(managed));
  }
  Result<GroupDetails> get(GroupKey key) { return test::run(io, admin_->get(std::move(key))); }
  Result<GroupWrite> create(NewGroup wanted) {
    return test::run(io, admin_->prepare_create(std::move(wanted)));
  }
  Result<GroupWrite> update(std::string name, GroupEdit edit) {
    return test::run(io, admin_->prepare_update({std::move(name), {}}, std::move(edit)));
  }
  Result<GroupWrite> erase(GroupKey key) { return test::run(io, admin_->prepare_delete(std::move(key))); }
  /// What became of a write that nothing stands against.
  Applied send(Result<GroupWrite> const& write) {
    EXPECT_TRUE(write) << text(write.error());
    return test::run(io, admin_->send(write.value()));
  }
  std::size_t writes() {
    return count(Method::post, "/api/groups") + count(Method::put, "/api/groups") +
           count(Method::del, "/api/groups");
  }
  /// Refused by a rule of ours, with these words, and nothing was sent.
  template <class T>
  void expect_refused(Result<T> const& result, std::string const& words) {
    ASSERT_FALSE(result);
    auto const& code = result.error().code;
    EXPECT_TRUE(code == ConsoleErrc::against_rule || code == ConsoleErrc::ambiguous) << text(result.error());
    EXPECT_THAT(result.error().context, HasSubstr(words));
    EXPECT_EQ(writes(), 0U);
  }
  static std::string put_body(std::string const& name, std::string const& description,
                              std::string const& roles, int version) {
    return R"({"name":")" + name + R"(","description":")" + description + R"(","roles":[)" + roles +
           R"(],"updateVersion":)" + std::to_string(version) + "}";
  }

  std::optional<GroupAdmin> admin_;
};

NewGroup field_team() { return {"Field Team", "north", {"Device Administrator"}}; }

TEST_F(GivenAnOperator, WhenListedThenTheConsoleFiltersAndEveryPageIsRead) {
  for (int n = 0; n < 40; ++n) console.groups["x" + std::to_string(n)] = {"x" + std::to_string(n)};
  auto const list = test::run(io, admin_->list("SHOW_ALL", "op s"));
  ASSERT_TRUE(list) << text(list.error());
  EXPECT_EQ(list->groups.size(), console.groups.size());
  EXPECT_TRUE(std::ranges::is_sorted(list->groups, {}, &Group::name));
  EXPECT_EQ(list->organizations.at("o2"), "plant-a");
  EXPECT_THAT(client->asked(Method::get, "/api/groups?").at(1).path,
              AllOf(HasSubstr("page.number=2"), HasSubstr("queryType=SHOW_ALL&name=op%20s")));
  console.always(Method::get, "/api/groups", [this](http::Request const& request) -> Result<http::Response> {
    if (request.path.find("page.number=2") != std::string::npos) return test::refused(500, "no");
    return console.work(request);
  });
  EXPECT_FALSE(test::run(io, admin_->list("SHOW_CURRENT", "")));
}

TEST_F(GivenAnOperator, WhenAskedForAGroupThenRolesHaveNamesAndIds) {
  auto const details = get({"Hand made", {}});
  ASSERT_TRUE(details) << text(details.error());
  EXPECT_EQ(details->group.id, "g3");
  EXPECT_EQ(details->group.created, 1625800031729);
  EXPECT_EQ(details->group.updated, 1625800031730);
  ASSERT_EQ(details->roles->size(), 1U);
  EXPECT_EQ(details->roles->front().id, "r2");
  EXPECT_EQ(details->roles->front().name, "Insights Viewer");
  ASSERT_EQ(details->members.size(), 1U);
  EXPECT_EQ(details->members.front().name, "ann@example.com");
  EXPECT_EQ(details->protected_why, "");
  EXPECT_THAT(get({"", "g9"})->protected_why, HasSubstr("logs in as"));
}

TEST_F(GivenAnOperator, WhenTheConsoleTellsNoNamesOfMembersThenTheUserListDoes) {
  console.console_groups = false;
  EXPECT_EQ(get({"Hand made", {}})->members.at(0).name, "ann@example.com");
  EXPECT_THAT(get({"Directory Sync", {}})->protected_why, HasSubstr("logs in as"));
}

TEST_F(GivenAnOperator, WhenANameFitsNoneOrSeveralThenTheCandidatesAreNamed) {
  console.groups["g6"] = {"Depot"};
  expect_refused(get({"Depot", {}}), "g5, g6; choose one with --id");
  expect_refused(get({"HAND MADE", {}}), "'Hand made' (g3)");
  expect_refused(get({"Hand mad", {}}), "did you mean 'Hand made'");
  expect_refused(get({"", "g77"}), "no group with the id g77");
  EXPECT_TRUE(get({"", "g6"}));
}

TEST_F(GivenAnOperator, WhenCreatedThenItIsSentOnceAndLookedAt) {
  auto const made = send(create(field_team()));
  EXPECT_EQ(made.outcome, Outcome::done) << made.detail;
  EXPECT_EQ(made.group_id, "new1");
  EXPECT_EQ(made.detail, "roles Device Administrator; description 'north'");
  EXPECT_EQ(client->asked(Method::post, "/api/groups").at(0).body,
            R"({"name":"Field Team","description":"north","roles":["r1"]})");
  EXPECT_EQ(count(Method::get, "/api/groups/new1"), 1U);
}

TEST_F(GivenAnOperator, WhenACreationIsAgainstARuleThenNothingIsSent) {
  expect_refused(create({"Depot", {}, {"Insights Viewer"}}), "'Depot' (g5)");
  expect_refused(create({"depot", {}, {"Insights Viewer"}}), "only by case");
  expect_refused(create({"a<b", {}, {"Insights Viewer"}}), "'<'");
  expect_refused(create({" system administrators", {}, {"Insights Viewer"}}), "space");
  expect_refused(create({"System administrators", {}, {"Insights Viewer"}}), "protected");
  expect_refused(create({"New", "Managed by dirsyncd", {"Insights Viewer"}}),
                 "mark groups that a run created");
  expect_refused(create({"New", {}, {}}), "without a role");
  expect_refused(create({"New", {}, {"Wizard"}}), "There are: Device Administrator, Insights Viewer");
}

TEST_F(GivenAnOperator, WhenTheAnswerToACreationIsLostThenALookTellsAndNothingIsRepeated) {
  console.next(Method::post, "/api/groups", [this](auto const& request) {
    EXPECT_TRUE(console.work(request));
    return transport_error(HttpErrc::timed_out);
  });
  auto const made = send(create(field_team()));
  EXPECT_EQ(made.outcome, Outcome::done) << made.detail;
  EXPECT_EQ(made.group_id, "new1");
  console.groups.erase("new1");

  console.next(Method::post, "/api/groups", [](auto const&) { return transport_error(HttpErrc::cut); });
  EXPECT_EQ(send(create(field_team())).outcome, Outcome::unknown);

  console.next(Method::post, "/api/groups", [this](auto const&) {
    console.groups["g7"] = {"Field Team", "somebody else's"};
    return transport_error(HttpErrc::cut);
  });
  auto const strange = send(create(field_team()));
  EXPECT_EQ(strange.outcome, Outcome::failed);
  EXPECT_THAT(strange.detail, HasSubstr("not as asked for"));
  EXPECT_EQ(count(Method::post, "/api/groups"), 3U);
}

TEST_F(GivenAnOperator, WhenTheConsoleSaysThatTheGroupExistsThenItFailed) {
  console.next(Method::post, "/api/groups",
               [](auto const&) { return test::refused(409, "Group already exists"); });
  auto const made = send(create(field_team()));
  EXPECT_EQ(made.outcome, Outcome::failed);
  EXPECT_THAT(made.detail, HasSubstr("Group already exists"));
}

TEST_F(GivenAnOperator, WhenOnlyTheDescriptionChangesThenNameAndRolesGoOutAsRead) {
  auto const write = update("Depot", {{}, "new", {}, {}});
  EXPECT_EQ(write->change.verb, Verb::update_group);
  auto const changed = send(write);
  EXPECT_EQ(changed.outcome, Outcome::done) << changed.detail;
  EXPECT_EQ(changed.detail, "description 'spare parts' -> 'new'; updateVersion 1");
  EXPECT_EQ(client->asked(Method::put, "/api/groups/g5").at(0).body, put_body("Depot", "new", R"("r2")", 1));
}

TEST_F(GivenAnOperator, WhenEverythingChangesThenOnePutHasItAll) {
  auto const write = update("Depot", {"Store", "", {"Device Administrator"}, 1});
  EXPECT_EQ(write->change.verb, Verb::rename_group);
  EXPECT_EQ(write->change.new_name, "Store");
  EXPECT_EQ(send(write).outcome, Outcome::done);
  EXPECT_EQ(client->asked(Method::put, "/api/groups/g5").at(0).body, put_body("Store", "", R"("r1")", 1));
}

TEST_F(GivenAnOperator, WhenItIsSoAlreadyThenNothingIsSent) {
  auto const write = update("Depot", {"Depot", "spare parts", {"Insights Viewer"}, {}});
  EXPECT_EQ(write->nothing_to_do, "nothing to change: it is so already");
  EXPECT_EQ(writes(), 0U);
}

TEST_F(GivenAnOperator, WhenAnUpdateIsAgainstARuleThenNothingIsSent) {
  expect_refused(update("Depot", {{}, "new", {}, 7}), "at updateVersion 1, not 7");
  expect_refused(update("Depot", {"hand made", {}, {}, {}}), "only by case");
  expect_refused(update("Depot", {"Hand made", {}, {}, {}}), "already has group 'Hand made'");
  expect_refused(update("Depot", {{}, "Managed by dirsyncd", {}, {}}), "mark groups");
  expect_refused(update("Depot", {{}, {}, {"Wizard"}, {}}), "Wizard");
  expect_refused(update("Directory Sync", {{}, "new", {}, {}}), "logs in as");
  expect_refused(update("Ops", {"Operators", {}, {}, {}}), "kept by rule plant");
}

TEST_F(GivenAnOperator, WhenARuleKeepsTheGroupThenItsDescriptionMayChangeButForTheMark) {
  console.groups.at("g1").description = "Managed by dirsyncd";
  expect_refused(update("Ops", {{}, "shift 2", {}, {}}), "must keep the words");
  EXPECT_EQ(send(update("Ops", {{}, "shift 2. Managed by dirsyncd", {}, {}})).outcome, Outcome::done);
}

TEST_F(GivenAnOperator, WhenTheConsoleDoesNotTellTheRolesThenNothingIsSent) {
  console.always(Method::get, "/api/groups/g5", [](auto const&) {
    return test::answer(200, R"({"id":"g5","name":"Depot","description":"spare parts","updateVersion":1})");
  });
  auto const write = update("Depot", {{}, "new", {}, {}});
  ASSERT_FALSE(write);
  EXPECT_THAT(write.error().context, HasSubstr("did not tell the group's roles"));
  EXPECT_EQ(writes(), 0U);
}

TEST_F(GivenAnOperator, WhenSomebodyElseWritesMeanwhileThenItIsAConflictAndTheirWorkStays) {
  auto const write = update("Depot", {{}, "mine", {}, {}});
  console.groups.at("g5") = {"Depot", "theirs", 2};
  auto const changed = send(write);
  EXPECT_EQ(changed.outcome, Outcome::failed);
  EXPECT_THAT(changed.detail, AllOf(HasSubstr("Update version mismatch"), HasSubstr("updateVersion 2 now"),
                                    HasSubstr("-> 'mine'")));
  EXPECT_EQ(console.groups.at("g5").description, "theirs");
  EXPECT_EQ(count(Method::put, "/api/groups"), 1U);
}

TEST_F(GivenAnOperator, WhenAnUpdateHadNoEffectOrNoLookSucceedsThenItIsNotDone) {
  console.next(Method::put, "/api/groups/g5", [](auto const&) { return test::answer(200, "{}"); });
  auto const changed = send(update("Depot", {{}, "new", {}, {}}));
  EXPECT_EQ(changed.outcome, Outcome::failed);
  EXPECT_THAT(changed.detail, HasSubstr("not applied"));
  console.next(Method::put, "/api/groups/g5",
               [](auto const&) { return transport_error(HttpErrc::timed_out); });
  EXPECT_EQ(send(update("Depot", {{}, "new", {}, {}})).outcome, Outcome::failed);
  auto const write = update("Depot", {{}, "new", {}, {}});
  console.always(Method::get, "/api/groups/g5", [](auto const&) { return test::refused(500, "no"); });
  EXPECT_EQ(send(write).outcome, Outcome::unknown);
}

TEST_F(GivenAnOperator, WhenAnEmptyGroupIsDeletedThenItIsGone) {
  EXPECT_EQ(send(erase({"Depot", {}})).outcome, Outcome::done);
  EXPECT_FALSE(console.groups.contains("g5"));
  EXPECT_EQ(erase({"", "g5"})->nothing_to_do, "there is no group with this id");
  EXPECT_EQ(writes(), 1U);
}

TEST_F(GivenAnOperator, WhenItIsGoneBeforeTheDeletionOrTheAnswerIsLostThenDone) {
  auto const write = erase({"Depot", {}});
  console.groups.erase("g5");
  console.next(Method::del, "/api/groups/g5",
               [](auto const&) { return test::refused(404, "No records found"); });
  EXPECT_EQ(send(write).outcome, Outcome::done);
  console.next(Method::del, "/api/groups/g2", [this](auto const& request) {
    EXPECT_TRUE(console.work(request));
    return transport_error(HttpErrc::cut);
  });
  EXPECT_EQ(send(erase({"Net", {}})).outcome, Outcome::done);
}

TEST_F(GivenAnOperator, WhenADeletionIsAgainstARuleThenNothingIsSent) {
  expect_refused(erase({"Hand made", {}}), "1 member: ann@example.com");
  expect_refused(erase({"Ops", {}}), "kept by rule plant");
  expect_refused(erase({"Directory Sync", {}}), "logs in as");
  // One whose members live in another organization only.
  console.always(Method::get, "/api/console-groups/g5/users", [](http::Request const& request) {
    auto const everywhere = request.path.find("SHOW_ALL") != std::string::npos;
    return test::answer(200, everywhere ? R"({"users":[{"id":"u7","userName":"zoe@example.com"}],
                                             "pageInfo":{"page":1,"totalElements":1}})"
                                        : R"({"users":[],"pageInfo":{"page":1,"totalElements":0}})");
  });
  expect_refused(erase({"Depot", {}}), "zoe@example.com");
}

TEST_F(GivenAnOperator, WhenMembersCanNotBeReadThenNothingIsDeleted) {
  console.always(Method::get, "/api/console-groups/g5/users",
                 [](auto const&) { return test::refused(500, "no"); });
  auto const write = erase({"Depot", {}});
  ASSERT_FALSE(write);
  EXPECT_EQ(write.error().code, make_error_code(ConsoleErrc::server_failed));
  EXPECT_EQ(writes(), 0U);
}

}  // namespace
}  // namespace dirsync::console
