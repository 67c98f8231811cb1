// `dirsyncd console`: groups by hand, over TLS against the simulated console.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using Words = std::vector<std::string>;

class GivenAConsoleByHand : public World {
 protected:
  GivenAConsoleByHand() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }
  Finished show(Words words) {
    words.insert(words.begin(), "console");
    return run(std::move(words));
  }
  json::object ask(int exit, Words words) {
    words.push_back("--json");
    auto const finished = show(std::move(words));
    EXPECT_EQ(finished.exit, exit) << finished.err << finished.out;
    return document(finished).as_object();
  }
  /// What a command that ends with `exit` says instead of a document of its own.
  std::string error(int exit, Words words) {
    return text_at(ask(exit, std::move(words)).at("error").as_object(), "text");
  }
  json::object group(std::string const& name) { return ask(0, {"get", name}).at("group").as_object(); }
  std::vector<std::string> names(Words words) {
    words.insert(words.begin(), "list");
    auto const list = ask(0, std::move(words));
    std::vector<std::string> names;
    for (auto const& one : list.at("groups").as_array()) names.push_back(text_at(one.as_object(), "name"));
    return names;
  }
  std::int64_t calls(std::string_view route) const {
    auto const routes = console_->get("counters").at("by_route").as_object();
    return routes.contains(route) ? routes.at(route).to_number<std::int64_t>() : 0;
  }
  /// "phase verb group result" of what was done by hand.
  std::vector<std::string> acts() {
    std::vector<std::string> acts;
    for (auto const& row : audit()) {
      auto const phase = text_at(row, "phase");
      if (!text_at(row, "rule").empty() || (phase != "change" && phase != "recovered")) continue;
      EXPECT_THAT(text_at(row, "actor"), StartsWith("uid:" + std::to_string(::getuid())));
      acts.push_back(phase + " " + text_at(row, "verb") + " " + text_at(row, "group") + " " +
                     text_at(row, "result"));
    }
    return acts;
  }
};

struct Release {
  char const* name;
  char const* knobs;  // turned after a start as doc-2.0.2
};

/// Under both named sets of the simulator.
class GivenAConsoleOfEitherRelease : public GivenAConsoleByHand, public testing::WithParamInterface<Release> {
 protected:
  void SetUp() override {
    GivenAConsoleByHand::SetUp();
    console_->edit(GetParam().knobs);
  }
};

TEST_P(GivenAConsoleOfEitherRelease, WhenLookedAtThenTablesAndDocumentsTellAndNothingIsLeftBehind) {
  console_->edit(
      R"({"op":"add_group","group":{"name":"Below","orgId":"plant-a","roles":["Device Administrator"]}})");
  auto const list = ask(0, {"list"});
  EXPECT_EQ(text_at(list, "target"), "console");
  EXPECT_EQ(list.at("groups").as_array().size(), 29U);  // three pages of the console's own size
  for (auto const& one : list.at("groups").as_array()) {
    auto const name = text_at(one.as_object(), "name");
    auto const is_default = name == "System Administrators" || name == "Organization Administrators";
    EXPECT_EQ(!one.at("protected").is_null(), is_default) << name;
    EXPECT_THAT(text_at(one.as_object(), "updated"), testing::EndsWith("Z"));
  }
  EXPECT_THAT(names({"--name", "yb dnah"}), ElementsAre("By Hand"));
  EXPECT_THAT(names({"--query-type", "SHOW_DESCENDANTS"}), testing::Contains("Below"));
  EXPECT_THAT(names({"--query-type", "SHOW_ANCESTORS"}), testing::Not(testing::Contains("Below")));
  EXPECT_THAT(show({"list"}).out, AllOf(StartsWith("NAME"), HasSubstr("\nBy Hand ")));

  auto const by_hand = group("By Hand");
  EXPECT_EQ(by_hand.at("version").as_int64(), 1);
  EXPECT_EQ(by_hand.at("users").to_number<int>(), 1);
  EXPECT_TRUE(by_hand.at("protected").is_null());
  auto const& role = by_hand.at("roles").at(0).as_object();
  EXPECT_EQ(text_at(role, "name"), "Device Administrator");
  EXPECT_NE(text_at(role, "id"), "");
  EXPECT_EQ(ask(0, {"get", "--id", text_at(by_hand, "id")}).at("group"), json::value(by_hand));
  EXPECT_THAT(text_at(group("Directory Sync"), "protected"), HasSubstr("logs in as"));
  EXPECT_THAT(show({"get", "By Hand"}).out, AllOf(HasSubstr("Device Administrator (" + text_at(role, "id")),
                                                  HasSubstr("protected     no")));

  auto const users = ask(0, {"users", "By Hand"}).at("users").as_array();
  ASSERT_EQ(users.size(), 1U);
  EXPECT_EQ(text_at(users.front().as_object(), "name"), "by.hand@root.local");
  EXPECT_THAT(show({"users", "By Hand"}).out, AllOf(StartsWith("USER"), HasSubstr("by.hand@root.local")));

  EXPECT_EQ(writes(), 0);
  EXPECT_FALSE(std::filesystem::exists(database()));
}

TEST_P(GivenAConsoleOfEitherRelease, WhenAGroupIsMadeChangedAndDeletedThenEachActHasItsRow) {
  auto const made = ask(0, {"create", "Field Team", "--role", "Device Administrator", "--role",
                            "Insights Viewer", "--description", "north"});
  EXPECT_EQ(text_at(made, "verb"), "create-group");
  EXPECT_EQ(text_at(made, "outcome"), "done");
  EXPECT_EQ(made.at("run").as_int64(), 1);
  auto const id = text_at(made.at("group").as_object(), "id");
  auto field = group("Field Team");
  EXPECT_EQ(text_at(field, "id"), id);
  EXPECT_EQ(text_at(field, "description"), "north");
  EXPECT_EQ(field.at("roles").as_array().size(), 2U);

  ask(0, {"update", "Field Team", "--new-name", "Field Crew", "--update-version", "1"});
  ask(0, {"update", "--id", id, "--description", "", "--role", "Insights Viewer"});
  field = group("Field Crew");
  EXPECT_EQ(field.at("version").as_int64(), 3);
  EXPECT_EQ(text_at(field, "description"), "");
  ASSERT_EQ(field.at("roles").as_array().size(), 1U);
  EXPECT_EQ(text_at(field.at("roles").at(0).as_object(), "name"), "Insights Viewer");
  EXPECT_EQ(text_at(ask(0, {"update", "Field Crew", "--role", "Insights Viewer"}), "outcome"), "already");
  auto const deleted = show({"delete", "Field Crew"});
  EXPECT_EQ(deleted.exit, 0) << deleted.err;
  EXPECT_THAT(deleted.out, StartsWith("delete-group Field Crew (" + id + "): done"));
  EXPECT_EQ(text_at(ask(0, {"delete", "--id", id}), "outcome"), "already");
  EXPECT_EQ(console_->memberships(), console_before_);

  EXPECT_EQ(writes(), 4);
  EXPECT_THAT(acts(),
              ElementsAre("change create-group Field Team done", "change rename-group Field Team done",
                          "change update-group Field Crew done", "change delete-group Field Crew done"));
  auto const renamed = audit({"--action", "rename-group"});
  ASSERT_EQ(renamed.size(), 1U);
  EXPECT_EQ(text_at(renamed.front(), "detail"), "name 'Field Team' -> 'Field Crew'; updateVersion 1");
  expect_chain_holds();
}

TEST_P(GivenAConsoleOfEitherRelease, WhenARunKeepsAGroupThenHandsAreKeptOffAndTheRunOffTheirs) {
  sync(0);
  auto const applied = console_->writes();
  EXPECT_THAT(error(2, {"delete", "operators"}), HasSubstr("kept by rule plant"));
  EXPECT_THAT(error(2, {"update", "operators", "--new-name", "Operators"}), HasSubstr("kept by rule plant"));
  EXPECT_THAT(error(2, {"update", "operators", "--description", "mine"}), HasSubstr("must keep the words"));
  EXPECT_EQ(console_->writes(), applied);
  ask(0, {"update", "operators", "--description", "Shift 2. Managed by dirsyncd"});
  ask(0, {"create", "Depot", "--role", "Device Administrator"});
  // Neither counts as a run of the targets.
  auto const status = document(run({"status", "--json"})).at("targets").at("console").as_object();
  EXPECT_EQ(text_at(status, "state"), "ok");
  forget_calls();
  sync(0);
  EXPECT_EQ(writes(), 0);
  console_before_["Depot"];
  expect_in_sync();
  expect_chain_holds();
}

TEST_P(GivenAConsoleOfEitherRelease, WhenTheConsoleFailsThenTheExitCodeAndTheTrailTell) {
  auto const bad_second_page =
      R"([{"path":"page.number=2","status":502,"body":"<html>Bad Gateway</html>","count":0}])";
  console_->replace_faults(bad_second_page);
  EXPECT_NE(error(5, {"list"}), "");
  EXPECT_THAT(show({"list"}).out, IsEmpty());
  EXPECT_NE(error(5, {"create", "Depot", "--role", "Device Administrator"}), "");
  EXPECT_NE(error(5, {"delete", "By Hand"}), "");
  EXPECT_EQ(writes(), 0);

  console_->replace_faults(R"([{"route":"POST /api/groups","status":403}])");
  auto const refused = ask(6, {"create", "Depot", "--role", "Device Administrator"});
  EXPECT_EQ(text_at(refused, "outcome"), "failed");
  EXPECT_THAT(text_at(refused, "detail"), HasSubstr("403"));

  console_->replace_faults(R"([{"route":"POST /api/groups","drop":true}])");
  forget_calls();
  EXPECT_EQ(text_at(ask(0, {"create", "Depot", "--role", "Device Administrator"}), "outcome"), "done");
  EXPECT_EQ(calls("POST /api/groups"), 1);

  console_->replace_faults(
      R"([{"route":"PUT /api/groups/{id}","do":{"op":"put_group","group":"Depot","description":"theirs"}}])");
  EXPECT_THAT(text_at(ask(6, {"update", "Depot", "--description", "mine"}), "detail"),
              HasSubstr("updateVersion 2 now"));
  EXPECT_EQ(text_at(group("Depot"), "description"), "theirs");

  console_->replace_faults(R"([{"route":"POST /api/groups","drop":true,"effect":"prevented"}])");
  EXPECT_EQ(text_at(ask(6, {"create", "Store", "--role", "Device Administrator"}), "outcome"), "unknown");
  EXPECT_THAT(acts(), ElementsAre("change create-group Depot failed", "change create-group Depot done",
                                  "change update-group Depot failed"));
  sync(0);
  EXPECT_THAT(acts().back(), "recovered create-group Store failed");
  configuration.console_url = "https://127.0.0.1:1";
  configure();
  EXPECT_NE(error(5, {"list"}), "");
  expect_chain_holds();
}

INSTANTIATE_TEST_SUITE_P(Sets, GivenAConsoleOfEitherRelease,
                         testing::Values(Release{"Doc202", "[]"}, Release{"Infer2021", R"([
        {"op":"set_knob","name":"times_as","value":"number"},
        {"op":"set_knob","name":"show_is_default","value":"false"},
        {"op":"set_knob","name":"org_field","value":"orgId"},
        {"op":"set_knob","name":"totals_as","value":"number"},
        {"op":"set_knob","name":"token_times_as","value":"number"},
        {"op":"set_knob","name":"group_roles_form","value":"objects"},
        {"op":"set_knob","name":"check_accept","value":"false"}])"}),
                         [](auto const& release) { return release.param.name; });

TEST_F(GivenAConsoleByHand, WhenARuleForbidsItThenItIsRefusedAndNothingIsSent) {
  console_->edit(R"([{"op":"set_knob","name":"allow_duplicate_names","value":"true"},
                     {"op":"add_group","group":{"name":"Twin","roles":["Device Administrator"]}},
                     {"op":"add_group","group":{"name":"Twin","roles":["Device Administrator"]}}])");
  struct {
    Words words;
    std::string said;
  } const refusals[] = {
      {{"list", "--name", "ab"}, "three letters"},
      {{"get"}, "--id"},
      {{"get", "By Hand", "--id", "x"}, "--id"},
      {{"get", "by hand"}, "'By Hand'"},
      {{"get", "Twin"}, "choose one with --id"},
      {{"users", "--id", "nosuch"}, "no group with the id nosuch"},
      {{"list", "--target", "vault"}, "no console vault"},
      {{"create", "Depot"}, "--role"},
      {{"create", "Depot", "--role", "Wizard"}, "Insights Viewer"},
      {{"create", "By Hand", "--role", "Insights Viewer"}, "already has"},
      {{"create", "BY HAND", "--role", "Insights Viewer"}, "only by case"},
      {{"create", "a<b", "--role", "Insights Viewer"}, "'<'"},
      {{"create", "Depot", "--role", "Insights Viewer", "--description", "Managed by dirsyncd"}, "mark"},
      {{"update", "By Hand"}, "nothing to change"},
      {{"update", "By Hand", "--description", "x", "--update-version", "9"}, "at updateVersion 1, not 9"},
      {{"update", "System Administrators", "--description", "x"}, "is protected"},
      {{"update", "Directory Sync", "--description", "x"}, "logs in as"},
      {{"delete", "Organization Administrators"}, "is protected"},
      {{"delete", "By Hand"}, "1 member: by.hand@root.local"},
  };
  for (auto const& [words, said] : refusals) EXPECT_THAT(error(2, words), HasSubstr(said));
  EXPECT_EQ(show({"bogus"}).exit, 2);
  EXPECT_EQ(writes(), 0);
  EXPECT_THAT(audit(), IsEmpty());
  for (Words const& help : {Words{"--help"}, {"list", "--help"}, {"update", "--help"}})
    EXPECT_EQ(show(help).exit, 0);
  EXPECT_THAT(show({"list", "--help"}).out, HasSubstr("any order"));
}

TEST_F(GivenAConsoleByHand, WhenAnotherProcessHoldsTheLockThenChangesAreLockedAndLooksAreNot) {
  ask(0, {"create", "Depot", "--role", "Device Administrator"});
  forget_calls();
  auto const file = configuration.state_dir + "/dirsyncd.lock";
  auto const lock = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  for (Words const& words : {Words{"create", "Store", "--role", "Device Administrator"},
                             {"update", "Depot", "--description", "x"},
                             {"delete", "Depot"}})
    EXPECT_THAT(error(7, words), HasSubstr("stop the service"));
  EXPECT_EQ(console_->requests(), 0);
  EXPECT_EQ(text_at(group("Depot"), "name"), "Depot");
  ::close(lock);
  ask(0, {"delete", "Depot"});
}

TEST_F(GivenAConsoleByHand, WhenKilledBetweenCallAndAnswerThenTheNextRunFindsTheChangeAndItIsNobodysRule) {
  console_->replace_faults(R"([{"route":"POST /api/groups","delay_ms":60000}])");
  auto const command = start({"console", "create", "Depot", "--role", "Device Administrator"});
  ASSERT_TRUE(eventually([this] { return calls("POST /api/groups") == 1; }));
  command->send_signal(SIGKILL);
  command->wait();
  console_->replace_faults("[]");
  EXPECT_THAT(acts(), IsEmpty());
  sync(0);
  EXPECT_THAT(acts(), ElementsAre("recovered create-group Depot done"));
  ask(0, {"delete", "Depot"});
  expect_chain_holds();
}

TEST_F(GivenAConsoleByHand, WhenThereAreTwoConsolesThenOneMustBeChosen) {
  auto text = configuration.text();
  auto const from = text.find("[target.console]");
  auto const block = text.substr(from, text.find("\n[limits]") - from);
  configuration.more = "[target.second]" + block.substr(block.find('\n'));
  configure();
  EXPECT_THAT(error(2, {"list"}), HasSubstr("--target: console, second"));
  EXPECT_EQ(text_at(ask(0, {"list", "--target", "second"}), "target"), "second");
}

TEST_F(GivenAConsoleByHand, WhenEverythingIsTracedThenNoSecretIsShown) {
  console_->edit(R"({"op":"set_knob","name":"user_tokens_in_body","value":"true"})");
  console_->edit(R"({"op":"set_knob","name":"console_groups","value":"off"})");
  std::string everything;
  for (Words words : {Words{"list"},
                      {"get", "By Hand"},
                      {"users", "By Hand"},
                      {"create", "Depot", "--role", "Device Administrator"},
                      {"update", "Depot", "--description", "x"},
                      {"delete", "Depot"},
                      {"delete", "By Hand"}}) {
    words.insert(words.end(), {"--log-level", "trace"});
    auto const finished = show(words);
    everything += finished.out + finished.err;
  }
  EXPECT_THAT(everything, HasSubstr("event=change_applied"));
  for (auto const& file : std::filesystem::directory_iterator{folder_.path() / "state"})
    everything += content_of(file);
  for (auto const* secret : {kConsolePassword, "canary-access-token", "canary-refresh-token",
                             "RGlyc3luYyMyMDIx", "Authorization", "Bearer "})
    EXPECT_EQ(everything.find(secret), std::string::npos) << secret;
}

}  // namespace
}  // namespace dirsync::test
