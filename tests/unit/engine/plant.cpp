#include "tests/unit/engine/plant.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>

#include "sync/plan/kept/settings.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;

Plant::Plant() {
  corp.world.name = "corp";
  setup.limits = fake::no_limits();
  setup.rules = {fake::rule("vault", "vault"), fake::rule("console", "console")};
  setup.directories.push_back({.name = "corp",
                               .directory = &corp,
                               .normalized_base = fake::kBase,
                               .policy = {.disabled = fake::filter("(employeeType=disabled)")}});
  auto const add_target = [this](std::string name, Target& target) {
    setup.targets.push_back(
        {.name = std::move(name), .target = &target, .limits = fake::no_limits(), .domains = {}});
  };
  add_target("vault", vault);
  add_target("console", console);
  setup.journal = &journal;
  setup.clock = &clock;
  setup.monitor = &monitor;
  setup.configuration_digest = "configuration";
  setup.limits.confirm.apart = std::chrono::seconds{0};  // the clock stands still
  request.apply = true;
  request.actor = "tester";
}

Rule& Plant::rule(std::string const& name) { return *std::ranges::find(setup.rules, name, &Rule::name); }

void Plant::hold_first_plans() {
  for (auto& rule : setup.rules) rule.limits.first_plan = Limits::FirstPlan::hold;
}

void Plant::accept_settings() {
  for (auto const& rule : setup.rules)
    ASSERT_TRUE(journal.remember_rule(rule.name, {plan::settings_text(rule)}));
}

void Plant::people(std::vector<std::string> const& uids) {
  for (auto const& uid : uids) {
    corp.world.person(uid);
    vault.world.ldap_user(uid);
    console.world.user(uid, "", UserSource::unknown);
  }
}

Result<Report> Plant::run_once() {
  std::optional<Result<Report>> result;
  auto const finished = [&result](std::exception_ptr failure, Result<Report> report) {
    if (failure) std::rethrow_exception(failure);
    result.emplace(std::move(report));
  };
  asio::co_spawn(io, engine::run(setup, request, stop.get_token()),
                 asio::bind_cancellation_slot(cancel.slot(), finished));
  io.restart();
  io.run();
  return std::move(*result);
}

Report Plant::run() {
  auto report = run_once();
  EXPECT_TRUE(report.has_value()) << (report ? "" : text(report.error()));
  return report ? std::move(*report) : Report{};
}

Report Plant::plan_only() {
  auto const before = request.apply;
  request.apply = false;
  auto report = run();
  request.apply = before;
  return report;
}

void Plant::forget_calls() {
  vault.forget_calls();
  console.forget_calls();
}

std::vector<std::string> Plant::audit(std::string const& phase) const {
  std::vector<std::string> rows;
  for (auto const& row : journal.audit) {
    if (row.phase != phase) continue;
    std::string words;
    for (auto const* part : {&row.target, &row.verb, &row.group, &row.principal, &row.result})
      if (!part->empty()) words += (words.empty() ? "" : " ") + *part;
    rows.push_back(std::move(words));
  }
  return rows;
}

std::vector<std::string> outcomes(Report const& report) {
  std::vector<std::string> words;
  auto const settled = by_change(report.plan, report.outcomes);
  for (std::size_t at = 0; at < settled.size(); ++at) {
    auto const& planned = report.plan.changes[at];
    auto const& change = settled[at] != nullptr ? settled[at]->change : planned;
    auto const outcome = outcome_text(planned, settled[at]);
    words.push_back(change.target + " " + fake::in_words(change) + ": " +
                    (outcome.empty() ? "planned" : outcome));
  }
  return words;
}

}  // namespace dirsync::engine
