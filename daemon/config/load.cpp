#include "daemon/config/load.hpp"

#include <set>
#include <vector>

#include "daemon/config/sections.hpp"
#include "sync/model/digest.hpp"

namespace dirsync::config {
namespace {

/// Of every effective key below one of `paths`.
std::string digest_of(std::map<std::string, std::string> const& effective,
                      std::vector<std::string> const& paths) {
  Sha256 digest;
  for (auto const& path : paths) {
    for (auto it = effective.lower_bound(path); it != effective.end() && it->first.starts_with(path); ++it) {
      digest.field(it->first).field(it->second);
    }
  }
  return digest.hex();
}

/// What decides which groups and people a rule gets, and what becomes of them. Whom people are joined with is
/// decided by all directories.
std::string digest_of(Rule const& rule, Config const& config,
                      std::map<std::string, std::string> const& effective) {
  std::vector<std::string> paths{"rule." + key_spelling(rule.name) + "."};
  for (auto const& name : std::set{rule.directory, rule.people_directory()}) {
    auto const directory = "directory." + key_spelling(name) + ".";
    for (auto const* const key : {"base", "flavour", "referral", "users.", "groups."})
      paths.push_back(directory + key);
  }
  for (auto const& [name, directory] : config.directories)
    paths.push_back("directory." + key_spelling(name) + ".users.join");
  return digest_of(effective, paths);
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
  for (auto& rule : config.rules) rule.digest = digest_of(rule, config, reading.effective());
  config.warnings = reading.take_warnings();
  config.effective = reading.effective();
  config.digest = digest_of(config.effective, {""});
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
