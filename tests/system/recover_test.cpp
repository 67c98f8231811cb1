// adopt and recover: what there is becomes ours by a person's word, and nothing is sent for it.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class GivenACompany : public World {
 protected:
  GivenACompany() {
    configuration.limits_keys =
        "first_plan = \"apply\"\nadditions = \"off\"\nremovals = \"off\"\nremovals_per_group = \"off\"\n";
  }
  fs::path state() const { return folder_.path() / "state"; }
  std::string path(std::string const& name) const { return (folder_.path() / name).string(); }

  json::object ask(std::vector<std::string> words, int exit) {
    words.emplace_back("--json");
    auto const finished = run(words);
    EXPECT_EQ(finished.exit, exit) << finished.out << finished.err;
    auto value = document(finished);
    return value.is_object() ? value.get_object() : json::object{};
  }
  /// The plan that waits, then the same approved. Nothing is sent.
  json::object ask_and_approve(std::vector<std::string> words) {
    auto const before = writes();
    auto plan = ask(words, 4);
    words.insert(words.end(), {"--approve", text_at(plan, "digest"), "--reason", "a drill"});
    ask(words, 0);
    EXPECT_EQ(writes(), before);
    return plan;
  }
  static std::vector<std::string> reasons(json::object const& plan) {
    std::vector<std::string> codes;
    for (auto const& reason : plan.at("reasons").as_array())
      codes.push_back(text_at(reason.as_object(), "code"));
    return codes;
  }
  /// "verb group principal" of each change of a target, with the code of a blocked one.
  static std::vector<std::string> changes(json::object const& plan, char const* target) {
    std::vector<std::string> words;
    for (auto const& value : plan.at("targets").at(target).at("changes").as_array()) {
      auto const& change = value.as_object();
      words.push_back(text_at(change, "verb") + " " + text_at(change, "group") + " " +
                      text_at(change, "principal") +
                      (change.contains("code") ? " " + text_at(change, "code") : ""));
    }
    return words;
  }
  void remove_store() const {
    for (auto const* name : {"dirsyncd.db", "dirsyncd.db-wal", "dirsyncd.db-shm"}) fs::remove(state() / name);
  }
  /// Spoils the first page of the table of grants, which is in the middle of the file.
  void spoil_page() {
    auto const number = [this](std::string const& query) {
      Process sqlite{{"sqlite3", database(), query}, folder_.path(), "sqlite3"};
      return std::stoul(sqlite.wait().out);
    };
    auto const size = number("PRAGMA page_size");
    auto const page = number("SELECT rootpage FROM sqlite_schema WHERE name = 'membership'");
    std::fstream file{database(), std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>((page - 1) * size));
    file << std::string(size, '\xff');
  }
  void keep_copy() {
    Process sqlite{{"sqlite3", database(), ".backup " + path("copy.db")}, folder_.path(), "sqlite3"};
    EXPECT_EQ(sqlite.wait().exit, 0);
  }
};

class GivenACompanyWhoseStoreIsLost : public GivenACompany {
 protected:
  void SetUp() override {
    World::SetUp();
    sync(0);
    EXPECT_EQ(run({"log", "export", "--out", path("night.jsonl")}).exit, 0);
  }
  /// By hand, in a group of ours.
  void put_stranger_into_unix() const {
    vault_->edit(R"({"op":"add-member","group":"unix","member":"local.operator"})");
  }
  void make_group(Group const& group) {
    company.groups.push_back(group);
    auto record =
        "dn: " + group.dn() + "\nchangetype: add\nobjectClass: groupOfNames\ncn: " + group.cn + "\n";
    for (auto const& uid : group.people) record += "member: " + company.person(uid).dn() + "\n";
    modify_directory(record);
  }
  /// Of the export nobody learns of groups and people that came after it. Whom no rule wants any more is a
  /// stranger until a person says that all members are to be taken over.
  void expect_what_came_since_is_told_and_taken_over() {
    auto const wanted = ask({"adopt", "--rule", "privileged"}, 4);
    EXPECT_THAT(changes(wanted, "vault"), IsSupersetOf({"adopt database ", "adopt unix u23"}));
    EXPECT_THAT(changes(wanted, "vault"), Not(Contains("adopt unix u26")));
    EXPECT_THAT(json::serialize(wanted.at("targets").at("vault").at("notices")), HasSubstr("u26"));
    auto const all = ask_and_approve({"adopt", "--rule", "privileged", "--members", "all"});
    EXPECT_THAT(changes(all, "vault"), IsSupersetOf({"adopt database ", "adopt unix u23", "adopt unix u26"}));
    EXPECT_THAT(changes(all, "vault"), Not(Contains("adopt unix local.operator")));
    auto const plant = ask_and_approve({"adopt", "--rule", "plant"});
    EXPECT_THAT(changes(plant, "console"), Contains("adopt firmware "));
  }
  void expect_targets(std::set<std::string> const& without) {
    auto vault = expected_in_vault(without), console = expected_in_console(without);
    vault["unix"].insert("local.operator");
    vault.insert(vault_before_.begin(), vault_before_.end());
    console.insert(console_before_.begin(), console_before_.end());
    EXPECT_EQ(differences(vault_->memberships(), vault), "");
    EXPECT_EQ(differences(console_->memberships(), console), "");
  }
};

TEST_F(GivenACompanyWhoseStoreIsLost,
       WhenRecoveredFromLastNightsExportThenNobodyIsForgottenAndNothingForeignIsTaken) {
  // Known to nobody but the store that is lost.
  join("u23", "team-a");
  join("u26", "pam-unix");
  leave("u12", "team-d");
  make_group({"pam-database", {"u02", "u03"}, {}});
  make_group({"iot-firmware", {"u02", "u03"}, {}});
  sync(0);
  put_stranger_into_unix();
  remove_store();
  // What comes while there is none.
  leave("u06", "team-b");
  leave("u26", "pam-unix");
  disable("u17");
  leave("u21", "iot-Süd+Nord, Plant/3");
  modify_directory("dn: " + company.person("u21").dn() + "\nchangetype: delete\n");
  forget_calls();
  EXPECT_THAT(run({"sync"}).err, HasSubstr("`dirsyncd --config " + config_file().string() + " recover`"));

  std::vector<std::string> const recover{"recover", "--audit", path("night.jsonl")};
  auto const plan = ask(recover, 4);
  EXPECT_THAT(reasons(plan), IsSupersetOf({"recover", "store-lost"}));
  EXPECT_THAT(reasons(plan), Not(Contains("audit-unproven")));
  EXPECT_THAT(changes(plan, "vault"), IsSupersetOf({"adopt unix ", "adopt unix u06", "adopt windows u17"}));
  EXPECT_THAT(changes(plan, "vault"), Not(Contains("adopt unix local.operator")));
  EXPECT_THAT(changes(plan, "vault"), Not(Contains("adopt windows u12"))) << "they were out by then";
  EXPECT_THAT(changes(plan, "console"), Contains("adopt operators " + company.person("u06").mail()));
  EXPECT_FALSE(fs::exists(database())) << "nobody approved";
  EXPECT_EQ(run({"sync"}).exit, 2);
  ask_and_approve(recover);
  expect_what_came_since_is_told_and_taken_over();
  EXPECT_EQ(writes(), 0);
  auto const approvals = audit({"--action", "approve"});
  ASSERT_FALSE(approvals.empty());
  for (auto const& row : approvals) EXPECT_EQ(text_at(row, "detail"), "a drill");

  sync(3);  // whoever is gone is looked for once more
  sync(0);
  expect_targets({"u17", "u21"});
  leave("u23", "team-a");
  leave("u03", "pam-database");
  leave("u03", "iot-firmware");
  sync(0);
  expect_targets({"u17", "u21"});
  expect_chain_holds();
  auto const rows = audit({"--action", "store"});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(text_at(rows[0], "result"), "recovered");
  EXPECT_THAT(text_at(rows[0], "detail"), HasSubstr("night.jsonl"));
}

TEST_F(GivenACompanyWhoseStoreIsLost, WhenTheExportWasEditedThenToldAndItNeedsAPersonsWord) {
  std::ifstream stream{path("night.jsonl"), std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{stream}, {}};
  auto const at = text.find("u06");
  ASSERT_NE(at, text.npos);
  std::ofstream{path("night.jsonl"), std::ios::binary} << text.replace(at, 3, "u07");
  remove_store();
  EXPECT_THAT(reasons(ask({"recover", "--audit", path("night.jsonl")}, 4)), Contains("audit-broken"));
  fs::remove(path("night.jsonl.proof"));
  EXPECT_THAT(reasons(ask({"recover", "--audit", path("night.jsonl")}, 4)), Contains("audit-unproven"));
}

TEST_F(GivenACompanyWhoseStoreIsLost, WhenTheExportIsSignedWithAnotherKeyThenToldAndItNeedsAPersonsWord) {
  fs::remove(state() / "audit.key");
  sync(0);  // makes another one
  remove_store();
  auto const plan = ask({"recover", "--audit", path("night.jsonl")}, 4);
  EXPECT_THAT(reasons(plan), Contains("audit-foreign"));
  EXPECT_THAT(reasons(plan), Not(Contains("audit-broken")));
}

TEST_F(GivenACompanyWhoseStoreIsLost, WhenTheFileIsNoEvidenceThenRefused) {
  std::ofstream{path("other")} << "neither\n";
  auto const error = ask({"recover", "--audit", path("other")}, 2).at("error").as_object();
  EXPECT_THAT(text_at(error, "text"), HasSubstr("neither an export of the audit trail nor a store"));
  ask({"recover", "--audit", path("nothing")}, 2);
  std::ofstream{path("empty")} << "";
  auto const empty = ask({"recover", "--audit", path("empty")}, 2).at("error").as_object();
  EXPECT_THAT(text_at(empty, "text"), HasSubstr("has no rows"));
}

TEST_F(GivenACompanyWhoseStoreIsLost, WhenAPageIsDamagedThenNamedAndRecoveredFromACopy) {
  keep_copy();
  spoil_page();
  forget_calls();
  EXPECT_EQ(run({"sync"}).exit, 2);
  std::vector<std::string> const recover{"recover", "--audit", path("copy.db")};
  auto const plan = ask_and_approve(recover);
  EXPECT_THAT(reasons(plan), Contains("store-damaged"));
  EXPECT_TRUE(fs::exists(state() / "dirsyncd.db.damaged-1"));
  EXPECT_EQ(writes(), 0);
  leave("u06", "team-b");
  sync(0);
  expect_in_sync();
  sync(0);
  expect_chain_holds();
}

TEST_F(GivenACompanyWhoseStoreIsLost, WhenTheCopyItselfIsDamagedThenRefused) {
  spoil_page();
  fs::copy_file(database(), path("copy.db"));
  auto const error = ask({"recover", "--audit", path("copy.db")}, 2).at("error").as_object();
  EXPECT_THAT(text_at(error, "text"), HasSubstr(path("copy.db")));
  for (auto const& entry : fs::directory_iterator{state()})
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("recover-")));
}

TEST_F(GivenACompanyWhoseStoreIsLost, WhenAllOfItIsLostThenGroupsWithOurMarkAreRecovered) {
  fs::remove_all(state());
  forget_calls();
  auto const plan = ask_and_approve({"recover"});
  EXPECT_THAT(reasons(plan), Contains("marks-alone"));
  EXPECT_THAT(changes(plan, "vault"), IsSupersetOf({"adopt unix ", "adopt unix u06"}));
  leave("u06", "team-b");
  sync(0);
  expect_in_sync();
}

TEST_F(GivenACompanyWhoseStoreIsLost, WhenAnOlderCopyStandsInItsPlaceThenItIsUsedOnceItIsApproved) {
  keep_copy();
  join("u23", "team-a");
  sync(0);
  remove_store();
  fs::copy_file(path("copy.db"), database());
  EXPECT_EQ(run({"sync"}).exit, 2);
  auto const plan = ask({"recover"}, 4);
  EXPECT_THAT(reasons(plan), Contains("store-behind"));
  EXPECT_EQ(run({"sync"}).exit, 2);
  ask({"recover", "--approve", text_at(plan, "digest")}, 0);
  sync(0);
  expect_in_sync();
}

/// The Vault has a group By Hand that a rule feeds: with u01, whom the rule wants, and a local user.
class GivenACompanyWithAGroupByHand : public GivenACompany {
 protected:
  GivenACompanyWithAGroupByHand() { company.groups.push_back({"pam-By Hand", {"u01", "u02"}, {}}); }
};

TEST_F(GivenACompanyWithAGroupByHand, WhenAdoptedThenOursFromTheNextRunOn) {
  sync(6);  // not ours
  auto const plan = ask_and_approve({"adopt", "--group", "By Hand"});
  EXPECT_THAT(changes(plan, "vault"), testing::ElementsAre("adopt By Hand ", "adopt By Hand u01"));
  sync(0);
  auto members = vault_->memberships().at("By Hand");
  EXPECT_EQ(members, (std::set<std::string>{"local.operator", "u01", "u02"}));
  leave("u01", "pam-By Hand");
  sync(0);
  members = vault_->memberships().at("By Hand");
  EXPECT_EQ(members, (std::set<std::string>{"local.operator", "u02"}));
  auto const rows = audit({"--action", "adopt"});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(text_at(rows[0], "plan"), text_at(plan, "digest"));
  expect_chain_holds();
}

TEST_F(GivenACompanyWithAGroupByHand, WhenAskedForWhatCannotBeThenToldWhy) {
  ask({"adopt"}, 2);
  ask({"adopt", "--rule", "nobody"}, 2);
  auto const unknown = run({"adopt", "--group", "Vault Admins"});
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_THAT(unknown.err, HasSubstr("only groups that a rule feeds can be taken over"));
  EXPECT_EQ(run({"adopt", "--group", "By Hand", "--members", "some"}).exit, 2);
  auto const shown = run({"adopt", "--group", "By Hand"});
  EXPECT_EQ(shown.exit, 4);
  EXPECT_THAT(shown.out, HasSubstr(" adopt --group 'By Hand' --approve "));
}

}  // namespace
}  // namespace dirsync::test
