#include "daemon/cli/rehearsal.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "daemon/cli/context.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "sync/engine/report.hpp"
#include "sync/model/join.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/desired/needed_attributes.hpp"
#include "sync/plan/kept/settings.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

/// Rules that the run had.
std::set<std::string> rules_of(RunRecord const& run) {
  auto const report = engine::kept_report(run);
  std::set<std::string> names;
  for (auto const& [name, of] :
       object_at(object_at(object_at(object_in(report), "plan"), "summary"), "rules"))
    names.emplace(name);
  return names;
}

/// Keys in which the rule is not as it was kept.
std::vector<std::string> other_keys(Rule const& rule, std::string const& kept) {
  auto keys = plan::changed_settings(kept, rule);
  for (auto const& [directory, changed] : plan::changed_elsewhere(kept, rule))
    keys.insert(keys.end(), changed.begin(), changed.end());
  return keys;
}

/// What the plan of a rule needs of a directory and no store keeps.
std::string lacking(Rule const& rule, std::string const& directory, config::Config const& config) {
  auto needed = plan::needed_attributes(rule, directory);
  auto const found = config.directories.find(directory);
  if (found != config.directories.end() && found->second.policy.disabled) {
    auto const& deciding = found->second.policy.disabled->attributes();
    needed.of_people.insert(deciding.begin(), deciding.end());
  }
  auto const of = [](char const* whose, std::set<std::string> const& attributes) {
    return attributes.empty() ? std::string{} : std::string{" of "} + whose + ": " + join(attributes, ", ");
  };
  auto const groups = of("groups", needed.of_groups), people = of("people", needed.of_people);
  return "of directory " + directory + " the attributes" + groups +
         (groups.empty() || people.empty() ? "" : ";") + people +
         (groups.empty() && people.empty() ? " that its filters look at" : "");
}

/// One sentence for each rule that differs.
std::vector<std::string> all_lacking(OtherSettings const& others, config::Config const& config) {
  std::vector<std::string> sentences;
  for (auto const& rule : config.rules) {
    if (!others.rules.contains(rule.name)) continue;
    std::string sentence = "rule " + rule.name + " needs";
    for (auto const& directory : std::set{rule.directory, rule.people_directory()})
      sentence += " " + lacking(rule, directory, config) + ",";
    sentences.push_back(sentence + " and of target " + rule.target +
                        " its users, its groups and their members as they are");
  }
  for (auto const& [name, memory] : others.gone)
    sentences.push_back("rule " + name +
                        ", which is gone, needs the same to tell what becomes of its groups");
  return sentences;
}

json::object document_of(OtherSettings const& others) {
  json::object rules;
  for (auto const& [name, rule] : others.rules)
    rules[name] = {{"state", to_text(rule.state)}, {"keys", json::value_from(rule.keys)}};
  json::object document;
  document["rehearsal"] = json::object{{"rules", std::move(rules)}};
  return document;
}

int refuse_offline(Arguments const& arguments, OtherSettings const& others, config::Config const& config) {
  static constexpr char kText[] =
      "the store keeps of the last reads only ids, DNs and members of directories, and of targets the "
      "memberships that are ours; what would change cannot be told from that. Leave --offline out";
  auto const sentences = all_lacking(others, config);
  if (arguments.json) {
    auto document = document_of(others);
    document["error"] = {{"code", "offline"}, {"text", kText}};
    document["lacks"] = json::value_from(sentences);
    show_json(document);
  } else {
    for (auto const& [name, rule] : others.rules)
      show(stdout, "rule " + printable(name) + "  " + to_text(rule.state) +
                       (rule.keys.empty() ? "" : ": " + printable(join(rule.keys, ", "), std::string::npos)) +
                       "\n");
    for (auto const& sentence : sentences) show(stdout, printable(sentence, std::string::npos) + "\n");
  }
  show(stderr, std::string{"dirsyncd: "} + kText + "\n");
  return kUnread;
}

}  // namespace

Result<std::optional<OtherSettings>> other_settings(config::Config const& config, store::Store& store) {
  using Others = std::optional<OtherSettings>;
  auto const kept = store.rule_memories();
  if (!kept) return kept.error();
  if (kept->empty()) return Others{};
  auto const last = store.last_run(std::nullopt);
  if (!last) return last.error();
  if (*last && (*last)->start.configuration_digest == config.digest) return Others{};
  auto const in_last = *last ? rules_of(**last) : std::set<std::string>{};
  OtherSettings others;
  for (auto const& rule : config.rules) {
    auto const memory = kept->find(rule.name);
    if (memory == kept->end()) {
      // One whose first plan still waits is no new rule.
      if (!in_last.contains(rule.name)) others.rules[rule.name].state = RehearsedRule::State::added;
      continue;
    }
    if (auto keys = other_keys(rule, memory->second.settings); !keys.empty())
      others.rules[rule.name] = {
          .state = RehearsedRule::State::changed, .keys = std::move(keys), .remark = {}};
  }
  for (auto const& [name, memory] : *kept) {
    auto const is_here = std::ranges::find(config.rules, name, &Rule::name) != config.rules.end();
    if (is_here || !in_last.contains(name)) continue;
    others.rules[name].state = RehearsedRule::State::gone;
    others.gone.emplace(name, memory);
  }
  return others.rules.empty() ? Others{} : Others{std::move(others)};
}

int rehearse_offline(Arguments const& arguments, config::Config const& config) {
  auto state = open_state(config, StateUse::read);
  if (!state) return refuse_state(arguments, state.error());
  auto const others = other_settings(config, state->store);
  if (!others) return refuse_state(arguments, others.error());
  if (*others) return refuse_offline(arguments, **others, config);
  if (arguments.json)
    show_json(document_of(OtherSettings{}));
  else
    show(stdout, "The settings of the rules are those in force: nothing changes by this configuration.\n");
  return kDone;
}

}  // namespace dirsync::cli
