#include "daemon/config/load.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "daemon/config/sections.hpp"
#include "sync/model/digest.hpp"

namespace dirsync::config {
namespace {

std::string digest_of(std::map<std::string, std::string> const& effective) {
  Sha256 digest;
  for (auto const& [key, value] : effective) digest.field(key).field(value);
  return digest.hex();
}

/// What decides which groups and people a directory has.
std::vector<std::string> keys_of_directory(std::string const& name) {
  std::vector<std::string> keys;
  for (auto const* const key :
       {"base", "flavour", "referrals", "referral_hosts", "bind.method", "bind.dn", "bind.principal",
        "users.base", "users.filter", "users.scope", "users.disabled", "users.account_states", "groups.base",
        "groups.filter", "groups.scope", "groups.classes", "groups.member_attributes"})
    keys.push_back("directory." + key_spelling(name) + "." + key);
  return keys;
}

std::map<std::string, std::string> values_of(std::vector<std::string> const& keys,
                                             std::map<std::string, std::string> const& effective) {
  std::map<std::string, std::string> values;
  for (auto const& key : keys)
    if (auto const found = effective.find(key); found != effective.end()) values.insert(*found);
  return values;
}

/// What decides which groups, people and target a rule means, beside itself. Whom people are joined with is
/// decided by all directories.
std::map<std::string, std::string> settings_around(Rule const& rule, Config const& config,
                                                   std::map<std::string, std::string> const& effective) {
  std::vector<std::string> keys;
  for (auto const& name : std::set{rule.directory, rule.people_directory()})
    std::ranges::copy(keys_of_directory(name), std::back_inserter(keys));
  for (auto const& [name, directory] : config.directories)
    keys.push_back("directory." + key_spelling(name) + ".users.join");
  auto const target = "target." + key_spelling(rule.target) + ".";
  for (auto const* const key :
       {"kind", "url", "urls", "organization", "org_domain", "domain", "protected_groups"})
    keys.push_back(target + key);
  for (auto const& [name, directory] : config.directories)
    keys.push_back(target + "domains." + key_spelling(name));
  return values_of(keys, effective);
}

/// Of the directories that may have members of the rule's groups beside its own.
std::map<std::string, std::map<std::string, std::string>> settings_elsewhere(
    Rule const& rule, Config const& config, std::map<std::string, std::string> const& effective) {
  std::map<std::string, std::map<std::string, std::string>> elsewhere;
  for (auto const& [name, directory] : config.directories)
    if (name != rule.directory && name != rule.people_directory())
      elsewhere.emplace(name, values_of(keys_of_directory(name), effective));
  return elsewhere;
}

Config read_config(Reading& reading, Table const& root, std::string const& file) {
  Config config;
  config.file = file;
  Section document{reading, root};
  config.service = read_service(document.section("service"));
  config.schedule = read_schedule(document.section("schedule"));
  config.limits = read_limits(document.section("limits"));
  for (auto const& [name, section] : document.named_sections("directory")) {
    config.directories.emplace(name, read_directory(section, name));
  }
  for (auto const& [name, section] : document.named_sections("target")) {
    config.targets.emplace(name, read_target(section, name, config));
  }
  for (auto const& section : document.repeated_sections("rule"))
    config.rules.push_back(read_rule(section, config));
  if (config.rules.empty() && !document.has("rule")) {
    reading.warn("there is no [[rule]]: nothing will be synchronised");
  }
  reading.report_unknown_keys(root);
  return config;
}

}  // namespace

Loaded parse(std::string_view text, std::string const& file, Environment const& environment,
             Secrets secrets) {
  auto const document = read_document(text, file);
  if (!document) return document.error();
  Reading reading{file, environment, secrets};
  auto config = read_config(reading, *document, file);
  if (reading.has_problems()) return reading.take_problems();
  for (auto& rule : config.rules) {
    rule.around = settings_around(rule, config, reading.effective());
    rule.elsewhere = settings_elsewhere(rule, config, reading.effective());
  }
  config.warnings = reading.take_warnings();
  config.effective = reading.effective();
  config.digest = digest_of(config.effective);
  return config;
}

Loaded load(std::string const& path, Environment const& environment, Secrets secrets) {
  auto const text = environment.file(path, Privacy::owner_writes);
  if (text) return parse(*text, path, environment, secrets);
  auto const insecure = text.error().code == ConfigErrc::insecure;
  ConfigProblem problem{.code = to_text(insecure ? ConfigErrc::insecure : ConfigErrc::unreadable),
                        .text = text.error().context,
                        .file = path,
                        .line = 0,
                        .column = 0,
                        .key = {}};
  return Problems{std::move(problem)};
}

std::set<std::string> keys_known_to(std::string_view text, Environment const& environment) {
  auto const document = read_document(text, {});
  if (!document) return {};
  Reading reading{{}, environment, Secrets::leave};
  read_config(reading, *document, {});
  return reading.patterns();
}

}  // namespace dirsync::config
