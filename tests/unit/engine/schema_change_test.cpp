// A directory whose schema is another one than at the last run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

/// ann and ben in ops; their server's schema is what the test says.
class DirectoryWithASchema final : public Directory {
 public:
  std::string rule_of_title = "caseIgnoreMatch";
  bool hides_schema = false;
  std::vector<std::string> members{"uid=ann,ou=people,dc=x", "uid=ben,ou=people,dc=x"};

  boost::asio::awaitable<Result<Snapshot>> read(DirectoryQuery query) override {
    SnapshotBuilder builder{"corp"};
    for (std::string const uid : {"ann", "ben"}) {
      SnapshotBuilder::Attribute const attributes[] = {{"uid", {uid}}, {"title", {"Engineer"}}};
      builder.add_person(EntryId{"p-" + uid}, "uid=" + uid + ",ou=people,dc=x", attributes);
    }
    SnapshotBuilder::Attribute const names[] = {{"cn", {"ops"}}};
    auto const group = builder.add_group(EntryId{"g-ops"}, "cn=ops,ou=groups,dc=x", names);
    for (auto const& member : members) builder.add_member_dn(group, member);
    for (auto const& rule : query.rules) builder.select(rule.rule, EntryId{"g-ops"});
    builder.set_schema(schema());
    co_return std::move(builder).build({});
  }
  boost::asio::awaitable<Result<std::vector<Presence>>> look_for(std::vector<EntryProbe> probes) override {
    co_return std::vector<Presence>(probes.size(), Presence::unknown);
  }

 private:
  std::shared_ptr<Schema const> schema() const {
    auto const text = [](std::string oid, std::string name, std::string equality) {
      TypeDefinition type;
      type.oid = std::move(oid);
      type.names = {std::move(name)};
      type.equality = std::move(equality);
      type.syntax = "1.3.6.1.4.1.1466.115.121.1.15";
      return type;
    };
    std::vector<TypeDefinition> types{
        text("2.5.4.3", "cn", "caseIgnoreMatch"), text("2.5.4.11", "ou", "caseIgnoreMatch"),
        text("2.5.4.12", "title", rule_of_title), text("0.9.2342.19200300.100.1.1", "uid", "caseIgnoreMatch"),
        text("0.9.2342.19200300.100.1.25", "dc", "caseIgnoreIA5Match")};
    auto made = std::make_shared<Schema>(std::move(types), std::vector<ClassDefinition>{});
    if (hides_schema) made->set_remark("it is hidden");
    return made;
  }
};

struct GivenADecidingAttribute : testing::Test {
  Plant plant;
  DirectoryWithASchema corp;

  void SetUp() override {
    plant.setup.rules = {plant.rule("vault")};
    plant.setup.directories.front().directory = &corp;
    plant.rule("vault").exclude_people = fake::filter("(title=engineer)");
    for (auto const* uid : {"ann", "ben"}) plant.vault.world.ldap_user(uid);
    EXPECT_EQ(plant.run().exit, Exit::done);
    ASSERT_EQ(members(), std::set<std::string>{});
  }
  std::set<std::string> members() const { return plant.vault.world.members("ops"); }
};

TEST_F(GivenADecidingAttribute, WhenItsEqualityRuleChangesThenWhatFollowsIsHeldAsAChangedSetting) {
  corp.rule_of_title = "caseExactMatch";  // nobody is excluded any more
  auto const report = plant.run();
  EXPECT_EQ(report.plan.verdict, Verdict::hold);
  EXPECT_THAT(report.plan.reasons,
              Contains(AllOf(Field(&Reason::code, "configuration-changed"),
                             Field(&Reason::text, HasSubstr("directory.corp.schema.title")))));
  EXPECT_EQ(members(), std::set<std::string>{});
}

TEST_F(GivenADecidingAttribute, WhenTheSchemaIsHiddenForARunThenThatAloneHoldsNothing) {
  corp.hides_schema = true;
  EXPECT_EQ(plant.run().exit, Exit::done);
  corp.hides_schema = false;
  corp.members.pop_back();
  EXPECT_EQ(plant.run().exit, Exit::done);
}

}  // namespace
}  // namespace dirsync::engine
