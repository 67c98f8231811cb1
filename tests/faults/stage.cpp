#include "tests/faults/stage.hpp"

#include <array>
#include <fstream>

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::array kSides = {Side::vault, Side::console};
/// Who is disabled, who left a team and who joined one since the last run.
constexpr char kDisabled[] = "u02", kLeft[] = "u03", kJoined[] = "u23";

std::string key_of(Side side) { return side == Side::vault ? "vault" : "console"; }

json::array const& list_at(json::value const& object, std::string_view key) {
  return object.as_object().at(key).as_array();
}

std::string notice_key(json::value const& notice) {
  auto const& object = notice.as_object();
  return text_at(object, "code") + "|" + text_at(object, "group") + "|" + text_at(object, "principal");
}

std::string joined(std::set<std::string> const& words) {
  std::string text;
  for (auto const& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

Fault for_both(std::string name, std::string const& expected, std::function<void(Stage&)> begin,
               std::function<void(Stage&)> end) {
  return {std::move(name), expected, expected, std::move(begin), std::move(end)};
}

Fault only_on(Side side, std::string name, std::string const& expected, std::function<void(Stage&)> begin,
              std::function<void(Stage&)> end) {
  auto fault = for_both(std::move(name), "", std::move(begin), std::move(end));
  (side == Side::vault ? fault.vault : fault.console) = expected;
  return fault;
}

Fault unfound(Fault fault) {
  fault.vault = "3 run: dn-check, gone-dn, unconfirmed, unresolved";
  return fault;
}

Stage::Stage() {
  configuration.limits_keys = "";
  configuration.vault_keys = configuration.console_keys = "timeouts = { idle = \"2s\" }\n";
  configuration.directory_keys = "timeouts = { idle = \"2s\" }\n";
  slapd_options_.global_lines = {"moduleload syncprov"};
  slapd_options_.database_lines = {"overlay syncprov", "syncprov-checkpoint 1 1"};
}

void Stage::SetUp() {
  World::SetUp();
  prepare();
}

void Stage::prepare() {
  for (auto const* uid : {"u13", "u14", "u24"}) {
    disable(uid);
    disabled.insert(uid);
  }
  auto const first = sync(4);
  ASSERT_EQ(run({"sync", "--approve", text_at(first.as_object(), "digest")}).exit, 0);
  auto const quiet = sync(0);
  for (auto const side : kSides) {
    usual_notices_[side] = {};
    for (auto const& notice : list_at(quiet.at("targets").at(key_of(side)), "notices"))
      usual_notices_[side].insert(notice_key(notice));
    EXPECT_EQ(differences(held_by(side), justified(side)), "");
    target_states_[side] = json::serialize(simulator(side).get("state"));
  }
  fs::copy(state(), prepared(), fs::copy_options::recursive);
  good_slapd_ = slapd_options_;
  good_configuration_ = configuration;
  good_company_ = company;
}

void Stage::due() {
  auto const member = [this](std::string const& what, std::string const& cn, std::string const& uid) {
    return "dn: " + company.group(cn).dn() + "\nchangetype: modify\n" + what +
           ": member\nmember: " + company.person(uid).dn() + "\n\n";
  };
  auto const person = [this](std::string const& what) {
    return "dn: " + company.person(kDisabled).dn() + "\nchangetype: modify\n" + what +
           ": employeeType\nemployeeType: disabled\n\n";
  };
  if (is_due_) {
    modify_directory(person("delete") + member("add", "team-a", kLeft) + member("delete", "team-a", kJoined));
    company = good_company_;
    disabled.erase(kDisabled);
  } else {
    modify_directory(person("add") + member("delete", "team-a", kLeft) + member("add", "team-a", kJoined));
    auto& team = company.group("team-a").people;
    std::erase(team, kLeft);
    team.emplace_back(kJoined);
    disabled.insert(kDisabled);
  }
  is_due_ = !is_due_;
}

void Stage::restore() {
  for (auto const& dn : new_sources_) modify_directory("dn: " + dn + "\nchangetype: delete\n");
  new_sources_.clear();
  if (is_due_) due();
  fs::remove_all(state());
  fs::copy(prepared(), state(), fs::copy_options::recursive);
  for (auto const side : kSides) simulator(side).put_state(target_states_.at(side));
  forget_calls();
  renamed.clear();
  renamed_people.clear();
  by_hand.clear();
  unseen.clear();
  harm_.clear();
}

void Stage::lift() {
  if (slapd_differs_) slapd_->reconfigure(good_slapd_);
  slapd_differs_ = plaintext_ = false;
  for (auto const side : kSides) simulator(side).replace_faults("[]");
  for (auto const& [side, knob, value] : turned_) set_knob(side, knob, value);
  turned_.clear();
  replacements_.clear();
  configuration = good_configuration_;
  write_configuration();
  proxy_.reset();
  tcp_.reset();
}

void Stage::hide(std::string const& access_rule) {
  auto options = good_slapd_;
  options.access.insert(options.access.begin(), access_rule);
  slapd_with(options);
}

void Stage::slapd_with(Slapd::Options const& options) {
  slapd_differs_ = true;
  slapd_->reconfigure(options);
}

void Stage::bend(LdapProxy::Edit edit, Delivery delivery) {
  proxy_ = std::make_unique<LdapProxy>(slapd_->port(), std::move(edit), delivery);
  plaintext_ = true;
  configuration.ldap_uri = proxy_->uri();
  write_configuration();
}

void Stage::spoil_connection(TcpProxy::Fault fault, std::size_t after) {
  tcp_ = std::make_unique<TcpProxy>(slapd_->tls_port(), fault, after);
  configuration.ldap_uri = "ldaps://127.0.0.1:" + std::to_string(tcp_->port());
  write_configuration();
}

void Stage::change_configuration(std::function<void(Configuration&)> const& change) {
  change(configuration);
  write_configuration();
}

void Stage::replace_in_configuration(std::string const& what, std::string const& by) {
  replacements_.emplace_back(what, by);
  write_configuration();
}

void Stage::turn(Side side, std::string const& knob, std::string const& value, std::string const& usual) {
  turned_.emplace_back(side, knob, usual);
  set_knob(side, knob, value);
}

void Stage::set_knob(Side side, std::string const& knob, std::string const& value) {
  if (side == Side::vault)
    simulator(side).edit(R"({"op": "set", "knobs": {")" + knob + R"(": ")" + value + "\"}}");
  else
    simulator(side).edit(R"({"op": "set_knob", "name": ")" + knob + R"(", "value": ")" + value + "\"}");
}

void Stage::add_source(Side side, std::string const& name, std::vector<std::string> const& people) {
  Group const group{(side == Side::vault ? "pam-" : "iot-") + name, people, {}};
  auto record = "dn: " + group.dn() + "\nchangetype: add\nobjectClass: groupOfNames\ncn: " + group.cn + "\n";
  for (auto const& uid : people) record += "member: " + company.person(uid).dn() + "\n";
  modify_directory(record);
  company.groups.push_back(group);
  new_sources_.push_back(group.dn());
}

void Stage::edit_state(Side side, std::function<void(json::object&)> const& edit) {
  auto state = simulator(side).get("state");
  edit(state.as_object());
  simulator(side).put_state(json::serialize(state));
}

void Stage::write_configuration() {
  auto text = configuration.text();
  auto replacements = replacements_;
  if (plaintext_)
    replacements.emplace_back("tls = { ca_file = \"" + configuration.ldap_ca + "\" }",
                              "tls = { plaintext = true }");
  for (auto const& [what, by] : replacements) {
    auto const at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), by);
  }
  std::ofstream{config_file()} << text;
}

std::string Stage::name_of(Side side, std::string const& uid) const {
  return side == Side::vault ? uid : company.person(uid).mail();
}

std::string Stage::digest_held() {
  auto const held = document(run({"status", "--json"})).at("held").as_array();
  return held.empty() ? "" : text_at(held.front().as_object(), "digest");
}

Memberships Stage::held_by(Side side) {
  auto const ours = [side](auto const& names, std::string const& theirs) {
    auto const other = names.find({side, theirs});
    return other == names.end() ? theirs : other->second;
  };
  Memberships held;
  for (auto const& [group, members] : simulator(side).memberships()) {
    auto& of_group = held[ours(renamed, group)];
    for (auto const& member : members) of_group.insert(ours(renamed_people, member));
  }
  return held;
}

Memberships Stage::justified(Side side) const {
  auto const is_vault = side == Side::vault;
  return with(is_vault ? expected_in_vault(disabled) : expected_in_console(disabled),
              is_vault ? vault_before_ : console_before_);
}

Finished Stage::observed_run(std::function<Finished(Stage&)> const& act, bool under_fault) {
  std::map<Side, Memberships> before;
  for (auto const side : kSides) before[side] = held_by(side);
  auto finished = act ? act(*this) : run({"sync", "--json"});
  for (auto const side : kSides) {
    auto const after = held_by(side);
    harm_[side].judge_run(before[side], after, justified(side), by_hand[side]);
    auto const silent = finished.exit == 0 && said(side, finished).find(':') == std::string::npos;
    if (under_fault && silent)
      harm_[side].judge_rest(without(after, unseen[side]), justified(side), by_hand[side]);
  }
  return finished;
}

std::string Stage::said(Side side, Finished const& finished) const {
  auto text = std::to_string(finished.exit);
  boost::system::error_code failed;
  auto const value = json::parse(finished.out, failed);
  if (failed) return text;
  if (auto const* const error = value.as_object().if_contains("error"))
    return text + " " + text_at(error->as_object(), "code");
  auto const* const target = value.at("targets").as_object().if_contains(key_of(side));
  if (target == nullptr) return text + " absent";
  std::set<std::string> words;
  for (auto const& reason : list_at(*target, "reasons")) words.insert(text_at(reason.as_object(), "code"));
  for (auto const& change : list_at(*target, "changes")) {
    auto const outcome = text_at(change.as_object(), "outcome");
    if (outcome == "blocked")
      words.insert("blocked " + text_at(change.as_object(), "code"));
    else if (!outcome.empty() && outcome != "done" && outcome != "already")
      words.insert(outcome);
  }
  for (auto const& notice : list_at(*target, "notices"))
    if (!usual_notices_.at(side).contains(notice_key(notice)))
      words.insert(text_at(notice.as_object(), "code"));
  text += " " + text_at(target->as_object(), "verdict");
  return words.empty() ? text : text + ": " + joined(words);
}

void Stage::settle() {
  constexpr int kMostRuns = 6;
  auto const as_justified = [this](Side side) {
    return without(held_by(side), by_hand[side]) == without(justified(side), {});
  };
  for (int n = 0; n < kMostRuns; ++n) {
    auto const finished = observed_run({}, false);
    if (finished.exit == 0 && as_justified(Side::vault) && as_justified(Side::console)) return;
    if (finished.exit == 4 || finished.exit == 5) {
      auto const status = document(run({"status", "--json"}));
      for (auto const& held : list_at(status, "held"))
        EXPECT_EQ(run({"approve", text_at(held.as_object(), "digest")}).exit, 0);
    }
    if (n == kMostRuns - 1) {
      ADD_FAILURE() << "not settled, exit " << finished.exit << "\n" << finished.err << finished.out;
      for (auto const side : kSides)
        EXPECT_EQ(in_words(without(justified(side), held_by(side))), "") << "missing in " << title_of(side);
    }
  }
}

void Stage::play(Fault const& fault, std::vector<Row>& rows) {
  SCOPED_TRACE(fault.name);
  restore();
  due();
  fault.begin(*this);
  Finished finished;
  for (int n = 0; n < fault.runs; ++n) finished = observed_run(fault.act, true);
  std::map<Side, std::string> observed;
  for (auto const side : kSides) observed[side] = said(side, finished);
  lift();
  unseen.clear();
  if (fault.end) fault.end(*this);
  settle();
  for (auto const side : kSides) {
    auto const& expected = side == Side::vault ? fault.vault : fault.console;
    auto& harm = harm_[side];
    harm.judge_rest(held_by(side), justified(side), by_hand[side]);
    EXPECT_EQ(in_words(harm.removed), "") << "wrongly removed in " << title_of(side);
    EXPECT_EQ(in_words(harm.added), "") << "wrongly added in " << title_of(side);
    EXPECT_EQ(in_words(harm.forgotten), "") << "forgotten in " << title_of(side);
    if (expected.empty()) continue;
    EXPECT_EQ(observed[side], expected) << title_of(side) << "\n" << finished.err << finished.out;
    rows.push_back({fault.name, side, expected, observed[side], count(harm.removed), count(harm.added),
                    count(harm.forgotten)});
  }
}

void Stage::play_all(std::string const& section, std::vector<Fault> const& faults) {
  std::vector<Row> rows;
  auto const only = std::getenv("DIRSYNC_FAULT");
  for (auto const& fault : faults)
    if (only == nullptr || fault.name.find(only) != std::string::npos) play(fault, rows);
  if (only == nullptr) expect_section(section, rows);
}

}  // namespace dirsync::test
