// Larger directories, each as one kind in the field has them: what comes out is what plain recursion over the
// generated members gives, and every value that comes to nothing is told.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "tests/system/shapes/shape.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;

struct LargeWorld {
  char const* name;
  Shape (*make)();
};

void PrintTo(LargeWorld const& world, std::ostream* out) { *out << world.name; }

/// A number of times is told by as many keys.
void add_key(std::set<std::string>& keys, std::string const& key) {
  auto numbered_key = key;
  for (int n = 2; !keys.insert(numbered_key).second; ++n) numbered_key = key + " #" + std::to_string(n);
}

json::object const& vault_of(json::value const& plan) { return plan.at("targets").at("vault").as_object(); }

/// Of one verb, by target group: whom it concerns.
Memberships changes_in(json::value const& plan, std::string_view verb) {
  Memberships changes;
  for (auto const& change : vault_of(plan).at("changes").as_array()) {
    if (text_at(change.as_object(), "verb") != verb) continue;
    auto& members = changes[text_at(change.as_object(), "group")];
    if (auto const who = text_at(change.as_object(), "principal"); !who.empty()) add_key(members, who);
  }
  return changes;
}

/// As Shape::told() has them.
Memberships notices_in(json::value const& plan) {
  Memberships found;
  for (auto const& value : vault_of(plan).at("notices").as_array()) {
    auto const& notice = value.as_object();
    auto const code = text_at(notice, "code"), group = text_at(notice, "group"),
               text = text_at(notice, "text");
    add_key(found[code], code == "unresolved" ? group + ": " + text.substr(0, text.find(' '))
                                              : group + "|" + text_at(notice, "principal"));
  }
  return found;
}

/// As Shape::holds has them.
Memberships reasons_in(json::value const& plan) {
  Memberships found;
  for (auto const& value : plan.at("reasons").as_array()) {
    auto const& reason = value.as_object();
    auto const group = text_at(reason, "group");
    add_key(found[text_at(reason, "code")], group.empty() ? text_at(reason, "rule") : group);
  }
  return found;
}

Memberships both(Memberships one, Memberships const& other) {
  for (auto const& [key, values] : other) one[key].insert(values.begin(), values.end());
  return one;
}

/// Who is in a group of `these` and not in that of `those`.
Memberships beyond(Memberships const& these, Memberships const& those) {
  Memberships more;
  for (auto const& [group, members] : these)
    for (auto const& member : members)
      if (auto const other = those.find(group); other == those.end() || !other->second.contains(member))
        more[group].insert(member);
  return more;
}

class GivenALargeWorld : public World, public testing::WithParamInterface<LargeWorld> {
 protected:
  void SetUp() override {
    shape_ = GetParam().make();
    slapd_options_.global_lines = shape_.schema;
    if (!shape_.root_dse.empty()) {
      auto const file = folder_.path() / "root.ldif";
      std::ofstream{file} << "dn:\n" << shape_.root_dse;
      slapd_options_.global_lines.push_back("rootDSE " + file.string());
    }
    World::SetUp();
    slapd_->restore(shape_.ldif());
    vault_->put_state(shape_.vault_state());
    by_hand_ = vault_->memberships();
    forget_calls();
    std::ofstream{config_file()} << text();
  }

  /// The World's own text has a rule for the console, whose groups are not here.
  std::string text() const {
    auto const password = [](std::string const& file) { return "password = { file = \"" + file + "\" }"; };
    auto text = "[service]\nstate_dir = \"" + configuration.state_dir + "\"\n";
    for (auto const& directory : shape_.directories)
      text += "[directory." + directory.name + "]\nuris = [\"" + configuration.ldap_uri + "\"]\nbase = \"" +
              directory.base + "\"\nbind = { dn = \"" + kReaderDn + "\", " +
              password(configuration.ldap_password_file) + " }\ntls = { ca_file = \"" +
              configuration.ldap_ca + "\" }\nretry = { attempts = 1 }\n" + directory.keys;
    return text + "[target.vault]\nkind = \"cyberark-vault\"\nurl = \"" + configuration.vault_url +
           "\"\nauth = { user = \"svc-dirsync\", " + password(configuration.vault_password_file) +
           " }\ntls = { ca_file = \"" + configuration.vault_ca +
           "\" }\npace = { concurrency = 4, requests_per_second = 5000 }\ndomain = \"example.com\"\n"
           "[limits]\nconfirm = { apart = \"0s\" }\nadditions = \"off\"\nremovals = \"off\"\n"
           "removals_per_group = \"off\"\nempty_group = \"allow\"\n" +
           shape_.rules;
  }

  json::value plan() { return document(run({"plan", "--json"})); }
  /// Of what should be there and is not.
  int lasting_exit() const { return shape_.lasting.empty() ? 0 : 6; }
  void expect_vault(Memberships const& wanted) const {
    EXPECT_EQ(differences(vault_->memberships(), both(wanted, by_hand_)), "");
  }
  void expect_told(json::value const& plan) const {
    EXPECT_EQ(differences(notices_in(plan), shape_.told()), "");
  }
  /// What was read is what was made: nothing is lost on the way without a word.
  void expect_summary(json::value const& plan) const {
    auto const number = [&plan](char const* key) {
      return plan.at("summary").at(key).to_number<std::size_t>();
    };
    std::size_t nobody = 0, disabled = 0;
    for (auto const& group : shape_.groups)
      nobody += static_cast<std::size_t>(
          std::ranges::count(group.members, Shape::Member::Is::nobody, &Shape::Member::is));
    for (auto const& person : shape_.people) disabled += person.is_disabled ? 1 : 0;
    EXPECT_EQ(number("groups"), shape_.groups.size());
    EXPECT_EQ(number("people"), shape_.people.size());
    EXPECT_EQ(number("disabled"), disabled);
    EXPECT_EQ(number("unresolved"), nobody);
    std::size_t sources = 0, refused = 0, selected = 0, without_name = 0;
    for (auto const& group : shape_.groups) {
      sources += group.target.empty() ? 0 : 1;
      refused += shape_.refused.contains(group.target) ? 1 : 0;
    }
    for (auto const& rule : plan.at("summary").at("rules").as_object()) {
      selected += rule.value().at("groups").to_number<std::size_t>();
      without_name += rule.value().at("refused").to_number<std::size_t>();
    }
    EXPECT_EQ(selected, sources);
    EXPECT_EQ(without_name, refused);
  }
  void approve_and_sync() {
    auto const held = sync(4);
    EXPECT_EQ(writes(), 0);
    ASSERT_EQ(run({"approve", text_at(held.as_object(), "digest")}).exit, 0);
    sync(lasting_exit());
  }

  /// Takes a person out of a group, in the directory too. False: nobody would lose anything, or the class
  /// does not let that value go.
  bool take_out(std::size_t group, std::size_t member) {
    auto& members = shape_.groups[group].members;
    auto const left = members[member];
    if (left.is != Shape::Member::Is::person || left.value.empty() || members.size() < 2) return false;
    auto const before = shape_.expected();
    members.erase(members.begin() + static_cast<std::ptrdiff_t>(member));
    if (shape_.expected() == before) {
      members.insert(members.begin() + static_cast<std::ptrdiff_t>(member), left);
      return false;
    }
    modify_directory("dn: " + shape_.groups[group].dn +
                     "\nchangetype: modify\ndelete: " + shape_.groups[group].attribute + "\n" +
                     shape_.groups[group].attribute + ": " + left.value + "\n");
    return true;
  }
  /// The same for somebody who comes.
  bool take_in(std::size_t group, std::size_t person) {
    auto const before = shape_.expected();
    auto members = shape_.groups[group].members;
    shape_.put_person(group, person);
    if (!shape_.people[person].in_vault || shape_.expected() == before) {
      shape_.groups[group].members = std::move(members);
      return false;
    }
    auto const& entry = shape_.groups[group];
    modify_directory("dn: " + entry.dn + "\nchangetype: modify\nadd: " + entry.attribute + "\n" +
                     entry.attribute + ": " + entry.members.back().value + "\n");
    return true;
  }
  /// Two leave and two come, anywhere; deep in the tree as well as not.
  void move_some_people() {
    ShapeDice dice{77};
    auto const try_some = [this, &dice](auto const& move) {
      for (int moved = 0, tries = 0; moved < 2 && tries < 2000; ++tries) {
        auto const group = dice.below(shape_.groups.size());
        if (!shape_.refused.contains(shape_.groups[group].target)) moved += move(group) ? 1 : 0;
      }
    };
    try_some([this, &dice](std::size_t group) {
      auto const count = shape_.groups[group].members.size();
      return count > 0 && take_out(group, dice.below(count));
    });
    try_some([this, &dice](std::size_t group) { return take_in(group, dice.below(shape_.people.size())); });
  }

  Shape shape_;
  Memberships by_hand_;
};

TEST_P(GivenALargeWorld, WhenPlannedThenAsANaiveFlattenSaysAndEveryDifferenceIsTold) {
  auto const planned = plan();
  EXPECT_EQ(
      differences(both(changes_in(planned, "create-group"), changes_in(planned, "add")), shape_.expected()),
      "");
  EXPECT_TRUE(changes_in(planned, "remove").empty());
  // Newcomers come in through a mapping, and the service user may not see which ones the Vault has.
  shape_.notices["unchecked-mapping"] = {"|example.com"};
  expect_told(planned);
  expect_summary(planned);
  auto reasons = both(shape_.holds, shape_.lasting);
  for (auto const& rule : planned.at("summary").at("rules").as_object())
    reasons["first-plan"].insert(std::string{rule.key()});
  EXPECT_EQ(differences(reasons_in(planned), reasons), "");
  EXPECT_EQ(writes(), 0);
}

TEST_P(GivenALargeWorld, WhenApprovedThenTheVaultIsEqualAndLaterRunsTouchOnlyWhatChanged) {
  ASSERT_NO_FATAL_FAILURE(approve_and_sync());
  expect_vault(shape_.expected());
  forget_calls();
  auto const again = sync(lasting_exit());
  EXPECT_EQ(text_at(again.as_object(), "verdict"), shape_.lasting.empty() ? "in-sync" : "wait");
  EXPECT_EQ(writes(), 0);
  expect_told(again);
  EXPECT_EQ(differences(reasons_in(again), shape_.lasting), "");

  auto const before = shape_.expected();
  move_some_people();
  auto const after = shape_.expected();
  auto const changed = sync(lasting_exit());
  EXPECT_EQ(differences(changes_in(changed, "add"), beyond(after, before)), "");
  EXPECT_EQ(differences(changes_in(changed, "remove"), beyond(before, after)), "");
  EXPECT_FALSE(beyond(before, after).empty() || beyond(after, before).empty()) << "nobody moved";
  EXPECT_EQ(static_cast<std::size_t>(writes()), vault_of(changed).at("changes").as_array().size());
  expect_vault(after);
  expect_chain_holds();
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, GivenALargeWorld,
    testing::Values(LargeWorld{"AdForest", [] { return ad_forest(1); }},
                    LargeWorld{"GrouperTree", [] { return grouper_tree(2); }},
                    LargeWorld{"FreeIpaTree", [] { return freeipa_tree(3); }},
                    LargeWorld{"NisHost", [] { return nis_host(4); }},
                    LargeWorld{"SharedNamesUnited", [] { return shared_names(5, "unite"); }},
                    LargeWorld{"SharedNamesHeld", [] { return shared_names(6, "hold"); }}),
    [](auto const& tested) { return std::string{tested.param.name}; });

}  // namespace
}  // namespace dirsync::test
