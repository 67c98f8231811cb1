#include "daemon/config/load.hpp"

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

/// What decides which groups, people and target a rule means, beside itself. Whom people are joined with is
/// decided by all directories.
std::map<std::string, std::string> settings_around(Rule const& rule, Config const& config,
                                                   std::map<std::string, std::string> const& effective) {
  std::vector<std::string> keys;
  for (auto const& name : std::set{rule.directory, rule.people_directory()})
    for (auto const* const key :
         {"base", "flavour", "referrals", "referral_hosts", "bind.method", "bind.dn", "bind.principal",
          "users.base", "users.filter", "users.scope", "users.disabled", "users.account_states",
          "groups.base", "groups.filter", "groups.scope", "groups.classes", "groups.member_attributes"})
      keys.push_back("directory." + key_spelling(name) + "." + key);
  for (auto const& [name, directory] : config.directories)
    keys.push_back("directory." + key_spelling(name) + ".users.join");
  auto const target = "target." + key_spelling(rule.target) + ".";
  for (auto const* const key :
       {"kind", "url", "urls", "organization", "org_domain", "domain", "protected_groups"})
    keys.push_back(target + key);
  for (auto const& [name, directory] : config.directories)
    keys.push_back(target + "domains." + key_spelling(name));
  std::map<std::string, std::string> around;
  for (auto const& key : keys)
    if (auto const found = effective.find(key); found != effective.end()) around.insert(*found);
  return around;
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
  for (auto& rule : config.rules) rule.around = settings_around(rule, config, reading.effective());
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
