// One rich scenario, from two directories to two targets, as people and programs see it.
// DIRSYNC_UPDATE_GOLDEN=1 writes the file anew; review it as code.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sync/plan/document.hpp"
#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

struct GivenRichScenario : testing::Test {
  fake::Scene scene;

  void SetUp() override {
    scene.limits = Limits{};
    for (auto& rule : scene.rules) rule.limits = Limits{};
    shape_groups_of_ours();
    shape_foreigners();
    shape_new_groups();
    shape_console();
  }
  void shape_groups_of_ours() {
    scene.in_sync("ops", {"ann", "bob", "cid", "dan"});
    scene.corp().disable("ann");
    scene.corp().leave("ops", "bob");
    scene.corp().drop_person("cid");
    scene.corp().group("inner", {"eve"});
    scene.corp().person("eve");
    scene.corp().join("ops", "@inner");
    scene.vault().world.ldap_user("eve");
    scene.in_sync("old", {"fay"});
    scene.corp().drop_group("old");
    scene.in_sync("before", {"gus"});
    scene.corp().groups.at("before").attributes["cn"] = "after";
  }
  void shape_foreigners() {
    auto& vault = scene.vault().world;
    vault.user("local", "", UserSource::local);
    vault.add("ops", "local");
    vault.group("theirs", {"local"});
    scene.corp().group("theirs", {"dan"});
    vault.group("guarded").protected_because = "on the built-in list";
    scene.corp().group("guarded", {"dan"});
  }
  void shape_new_groups() {
    scene.corp().person("hal");
    scene.corp().group("web", {"dan", "hal"});
    scene.corp().group("Refused");
  }
  void shape_console() {
    scene.console().world.user("dan", "", UserSource::unknown);
    scene.rule("console").selection = NamedGroups{{"cn=web,ou=groups,dc=x", "cn=missing,ou=groups,dc=x"}};
    scene.rule("console").roles = {"Device Administrator"};
  }

  static void describe(std::ostream& out, std::vector<Reason> const& reasons) {
    for (auto const& reason : reasons) out << "  because " << reason.code << ": " << reason.text << '\n';
  }
  static std::string described(Plan const& plan) {
    std::ostringstream out;
    out << "verdict " << to_text(plan.verdict) << '\n' << "digest " << plan.digest.value() << '\n';
    describe(out, plan.reasons);
    for (auto const& [name, target] : plan.targets) {
      out << "\ntarget " << name << " (" << target.kind << "): " << to_text(target.verdict) << '\n';
      describe(out, target.reasons);
      for (auto const& notice : target.notices)
        out << "  notice " << notice.code << " [" << notice.group << "] [" << notice.principal
            << "]: " << notice.text << '\n';
    }
    out << '\n';
    for (auto const& change : plan.changes)
      out << change.n << ' ' << change.target << ' ' << to_text(change.verb) << ' ' << change.group << ' '
          << change.principal << " (" << (change.unconfirmed ? "unconfirmed" : "planned") << ")\n    why  "
          << change.why << "\n    path " << change.path << '\n';
    out << '\n' << plan_json(plan, RunId{7}) << '\n';
    return out.str();
  }
};

TEST_F(GivenRichScenario, WhenPlannedThenAsWrittenDown) {
  auto const found = described(scene.plan()->plan());
  std::string const path = DIRSYNC_SOURCE_DIR "/tests/golden/rich.plan";
  if (std::getenv("DIRSYNC_UPDATE_GOLDEN") != nullptr) std::ofstream{path} << found;
  std::ifstream file{path};
  std::ostringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(found, expected.str());
}

}  // namespace
}  // namespace dirsync::plan
