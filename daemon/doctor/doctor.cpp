#include "daemon/doctor/doctor.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <filesystem>
#include <future>

#include "daemon/doctor/directory.hpp"
#include "daemon/doctor/dry_run.hpp"
#include "daemon/doctor/feed_check.hpp"
#include "daemon/doctor/machine_look.hpp"
#include "daemon/doctor/plan_checks.hpp"
#include "daemon/doctor/reads.hpp"
#include "daemon/doctor/requests.hpp"
#include "daemon/doctor/sides.hpp"
#include "daemon/doctor/url_look.hpp"
#include "ldap/examine/examine.hpp"

namespace dirsync::doctor {
namespace asio = boost::asio;
namespace {

http::ClientSettings const& http_of(config::Target const& target) {
  return std::visit([](auto const& settings) -> http::ClientSettings const& { return settings.http; },
                    target.settings);
}

/// Of the place where a Vault's token comes from, if it is another one than the Vault.
std::optional<http::ClientSettings> token_settings(config::Target const& target) {
  auto const* const vault = std::get_if<vault::Settings>(&target.settings);
  if (vault == nullptr || vault->method != vault::AuthMethod::ispss) return std::nullopt;
  auto settings = vault->http;
  settings.urls = {vault->token_url};
  return settings;
}

std::string absolute_folder(std::string const& file) {
  std::error_code ignored;
  return std::filesystem::absolute(file, ignored).parent_path().string();
}

class Doctor {
 public:
  explicit Doctor(Request const& request) : request_(request) {}

  Checks run() {
    if (auto const config = load()) {
      look_at_machine(*config);
      look_at_sides(*config);
      look_at_reads(*config);
    }
    return std::move(checks_);
  }

 private:
  bool is_asked(std::string const& side) const { return request_.side.empty() || request_.side == side; }
  bool asks_for_all() const { return request_.side.empty(); }

  /// The configuration with its secrets; nothing, with the checks that say why.
  std::optional<config::Config> load() {
    CheckList checks;
    config::ProcessEnvironment const environment;
    auto const& file = request_.config_file;
    auto bare = config::load(file, environment, config::Secrets::leave);
    std::optional<config::Config> config;
    if (!bare) {
      judge_problems("configuration", bare.error(), checks);
      checks.skip_after("configuration", {"configuration-file", "secrets", "files", "state-folder", "store"});
    } else {
      judge_configuration(*bare, checks);
      auto const state = facts_of(bare->service.state_dir);
      state_owner_ = state.is_there ? state.owner : ::geteuid();
      judge_config_file(facts_of(file), facts_of(absolute_folder(file)), state_owner_, checks);
      auto whole = config::load(file, environment, config::Secrets::fetch);
      if (whole) {
        checks.ok("secrets",
                  "every secret that the configuration names can be fetched, and its file is read by "
                  "its owner alone");
        config = std::move(*whole);
      } else {
        judge_problems("secrets", whole.error(), checks);
        for (auto const& [name, directory] : bare->directories) skip_side(name);
        for (auto const& [name, target] : bare->targets) skip_side(name);
      }
    }
    auto first = checks.take();
    append(first, std::move(checks_));
    checks_ = std::move(first);
    return config;
  }

  void skip_side(std::string const& name) {
    if (!is_asked(name)) return;
    CheckList checks{name};
    checks.skip_after("secrets", {"names", "connection", "tls", "log-on", "read"});
    append(checks_, checks.take());
  }

  void look_at_machine(config::Config const& config) {
    CheckList checks;
    if (auto const folder = enter_state_folder(config.service.state_dir, checks)) {
      store_ = look_at_state(*folder, checks);
    } else {
      checks.skip("disk-space", "there is no state folder");
      checks.skip("store", "there is no state folder");
    }
    look_at_named_files(config, checks);
    if (asks_for_all()) look_at_unit(checks);
    append(checks_, checks.take());
  }

  void look_at_sides(config::Config const& config) {
    std::map<std::string, std::future<ldap::Examination>> looks;
    for (auto const& [name, directory] : config.directories) {
      if (!is_asked(name)) {
        left_out_.insert(name);
        continue;
      }
      looks.emplace(name, std::async(std::launch::async, [&directory = directory, &name = name, &config] {
                      return ldap::examine(directory.ldap, request_for(config, name));
                    }));
    }
    auto const urls = ask_targets(config);
    for (auto& [name, look] : looks) judge_directory_side(config, name, look.get());
    for (auto const& [name, found] : urls) {
      CheckList checks{name};
      if (!judge_urls(found, http_of(config.targets.at(name)).tls, std::chrono::system_clock::now(),
                      checks)) {
        left_out_.insert(name);
        checks.skip_after("the way to it", target_ids());
      }
      if (auto const token = token_urls_.find(name); token != token_urls_.end())
        for (auto const& url : token->second)
          judge_token_url(url, http_of(config.targets.at(name)).tls, checks);
      append(checks_, checks.take());
    }
  }

  std::map<std::string, std::vector<UrlFinding>> ask_targets(config::Config const& config) {
    std::map<std::string, std::vector<UrlFinding>> findings;
    asio::io_context io{1};
    std::exception_ptr failure;
    for (auto const& [name, target] : config.targets) {
      if (!is_asked(name)) {
        left_out_.insert(name);
        continue;
      }
      asio::co_spawn(
          io, look_at_urls(http_of(target)),
          [&failure, &found = findings[name]](std::exception_ptr thrown, std::vector<UrlFinding> answer) {
            if (thrown) failure = thrown;
            found = std::move(answer);
          });
    }
    for (auto const& [name, target] : config.targets)
      if (auto const settings = token_settings(target); settings && is_asked(name))
        asio::co_spawn(io, look_at_urls(*settings),
                       [&failure, &found = token_urls_[name]](std::exception_ptr thrown,
                                                              std::vector<UrlFinding> answer) {
                         if (thrown) failure = thrown;
                         found = std::move(answer);
                       });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return findings;
  }

  void judge_directory_side(config::Config const& config, std::string const& name,
                            ldap::Examination const& found) {
    auto const& settings = config.directories.at(name).ldap;
    auto const password_file =
        secret_file(config, "directory." + config::key_spelling(name) + ".bind.password");
    CheckList checks{name};
    if (judge_servers(found, settings, password_file, std::chrono::system_clock::now(), checks)) {
      judge_directory(found, {settings, found.server, password_file}, checks);
      judge_how_it_is_followed(config, settings, found.flavour, checks);
    } else {
      left_out_.insert(name);
      checks.skip_after("log-on", directory_ids());
      checks.skip_after("log-on", {"feed", "read", "unresolved", "damaged"});
    }
    append(checks_, checks.take());
  }

  static void judge_how_it_is_followed(config::Config const& config, ldap::Settings const& settings,
                                       ldap::Flavour flavour, CheckList& checks) {
    if (config.schedule.watch)
      judge_feed(look_at_feed(settings), flavour, checks);
    else
      checks.ok("feed",
                "its changes are not followed, as schedule.watch = false says: the schedule finds them");
  }

  void look_at_reads(config::Config const& config) {
    auto const run = dry_run(config, store_ ? &*store_ : nullptr, left_out_);
    if (run.error) {
      CheckList checks;
      checks.fail("plan", *run.error, "see the other checks");
      append(checks_, checks.take());
    }
    for (auto const& [name, read] : run.directories) {
      CheckList checks{name};
      judge_directory_read(read, checks);
      append(checks_, checks.take());
    }
    for (auto const& [name, read] : run.targets) {
      CheckList checks{name};
      judge_target_read(read, checks);
      judge_mappings_of(config, run, name, read, checks);
      append(checks_, checks.take());
    }
    if (!run.error) judge_plans(config, run);
  }

  static void judge_mappings_of(config::Config const& config, DryRun const& run, std::string const& name,
                                TargetRead const& read, CheckList& checks) {
    if (!std::holds_alternative<vault::Settings>(config.targets.at(name).settings)) return;
    if (read.error) return checks.skip("mappings", "the read failed");
    auto const why = run.no_mappings.find(name);
    auto const answers = run.mappings.find(name);
    judge_mappings(answers == run.mappings.end() ? std::map<std::string, MappingAnswer>{} : answers->second,
                   why == run.no_mappings.end() ? nullptr : why->second, checks);
  }

  void judge_plans(config::Config const& config, DryRun const& run) {
    for (auto const& [name, target] : config.targets) {
      if (!is_asked(name)) continue;
      CheckList checks{name};
      if (!asks_for_all())
        checks.skip("plan", "only one side was asked for");
      else if (auto const missing = unread_side(config, run, name); !missing.empty())
        checks.skip("plan", missing + " was not read");
      else
        judge_plan(run.plan, name, checks);
      append(checks_, checks.take());
    }
  }

  /// A side of the target's that has no whole read; empty: all have.
  static std::string unread_side(config::Config const& config, DryRun const& run, std::string const& target) {
    auto const read = run.targets.find(target);
    if (read == run.targets.end() || read->second.error) return target;
    for (auto const& rule : config.rules) {
      if (rule.target != target) continue;
      for (auto const& name : {rule.directory, rule.people_directory()}) {
        auto const found = run.directories.find(name);
        if (found == run.directories.end() || found->second.error) return name;
      }
    }
    return {};
  }

  Request const& request_;
  Checks checks_;
  uid_t state_owner_ = 0;
  std::optional<store::Store> store_;
  std::set<std::string> left_out_;
  std::map<std::string, std::vector<UrlFinding>> token_urls_;  // by target
};

}  // namespace

Checks examine(Request const& request) { return Doctor{request}.run(); }

}  // namespace dirsync::doctor
