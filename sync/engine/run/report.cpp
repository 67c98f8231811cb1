#include <algorithm>
#include <boost/json.hpp>

#include "sync/engine/report.hpp"
#include "sync/model/json.hpp"
#include "sync/plan/document.hpp"

namespace dirsync::engine {
namespace json = boost::json;
namespace {

json::array band_value(std::vector<BandFigure> const& figures) {
  json::array values;
  for (auto const& figure : figures)
    values.push_back({{"what", figure.what},
                      {"before", figure.before ? json::value(*figure.before) : json::value{}},
                      {"after", figure.after},
                      {"percent", figure.percent}});
  return values;
}

json::value change_numbers_value(ChangeNumbers const& numbers) {
  if (numbers.source.empty()) return nullptr;
  json::object values;
  for (auto const& [origin, value] : numbers.values) values[origin] = value;
  return {{"source", numbers.source}, {"values", std::move(values)}};
}

json::object figures_value(Certificate const& certificate) {
  auto const* const failing = certificate.failing();
  return {{"server", certificate.server},
          {"complete", certificate.complete()},
          {"failing", failing != nullptr ? json::value(failing->name) : json::value{}},
          {"searches", certificate.searches},
          {"pages", certificate.pages},
          {"entries", certificate.entries},
          {"values", certificate.values},
          {"band", band_value(certificate.band)},
          {"change_numbers", change_numbers_value(certificate.change_numbers)}};
}

json::array clauses_value(Certificate const& certificate, bool with_figures) {
  json::array clauses;
  for (auto const& clause : certificate.clauses)
    clauses.push_back({{"name", clause.name},
                       {"holds", clause.holds},
                       {"detail", with_figures || !clause.holds ? clause.detail : ""}});
  return clauses;
}

/// Takes the notices out of a plan's document, each with the name of its target.
std::vector<std::string> take_notices(json::object& plan) {
  std::vector<std::string> notices;
  for (auto& [name, target] : plan.at("targets").as_object()) {
    auto& of_target = target.as_object().at("notices").as_array();
    for (auto& value : of_target) {
      value.as_object()["target"] = name;
      notices.push_back(json::serialize(value));
    }
    of_target.clear();
  }
  return notices;
}

void put_back_notices(json::object& targets, std::vector<std::string> const& notices) {
  for (auto const& text : notices) {
    auto const notice = parse_json(text);
    auto fields = notice ? object_in(*notice) : json::object{};
    auto* const target = targets.if_contains(text_at(fields, "target"));
    fields.erase("target");
    if (target == nullptr || !target->is_object()) continue;
    auto& of_target = target->as_object()["notices"];
    if (!of_target.is_array()) of_target = json::array{};
    of_target.as_array().push_back(std::move(fields));
  }
}

json::object parsed(std::string const& text) {
  auto const value = parse_json(text);
  return value ? object_in(*value) : json::object{};
}

}  // namespace

void keep_report(Report const& report, RunRecord& record) {
  json::object certificates, clauses, took;
  for (auto const& [side, certificate] : report.certificates) {
    certificates[side] = figures_value(certificate);
    clauses[side] = clauses_value(certificate, report.applied);
  }
  for (auto const& [side, time] : report.took) took[side] = time.count();
  auto plan = plan::plan_document(report.plan, std::nullopt, report.outcomes);
  record.notices = take_notices(plan);
  record.shared_json =
      json::serialize(json::object{{"plan", std::move(plan)}, {"clauses", std::move(clauses)}});
  record.report_json = json::serialize(json::object{{"certificates", std::move(certificates)},
                                                    {"read_ms", std::move(took)},
                                                    {"total_ms", report.total.count()},
                                                    {"sent", report.applied},
                                                    {"stopped", report.stopped},
                                                    {"gave_way", report.gave_way}});
}

json::value kept_report(RunRecord const& record) {
  auto const own = parse_json(record.report_json);
  if (!own || !own->is_object()) return nullptr;
  auto report = own->get_object();
  if (record.shared_json.empty()) return report;  // of an older version: one document with all
  auto const shared = parsed(record.shared_json);
  auto plan = object_at(shared, "plan");
  plan["run"] = record.id.value();
  if (auto* const targets = plan.if_contains("targets"); targets != nullptr && targets->is_object())
    put_back_notices(targets->get_object(), record.notices);
  report["plan"] = std::move(plan);
  auto* const certificates = report.if_contains("certificates");
  if (certificates == nullptr || !certificates->is_object()) return report;
  for (auto const& [side, clauses] : object_at(shared, "clauses"))
    if (auto* const certificate = certificates->get_object().if_contains(side);
        certificate != nullptr && certificate->is_object())
      certificate->get_object()["clauses"] = clauses;
  return report;
}

Exit exit_of(Report const& report) {
  auto const& plan = report.plan;
  auto const any = [&report](auto... wanted) {
    return std::ranges::any_of(report.outcomes, [wanted...](Settled const& settled) {
      return ((settled.outcome == wanted) || ...);
    });
  };
  auto const settled = by_change(plan, report.outcomes);
  auto pending = false, held = false, waiting = false, blocked = false;
  for (std::size_t at = 0; at < settled.size(); ++at) {
    auto const& change = plan.changes[at];
    waiting = waiting || change.unconfirmed;
    blocked = blocked || change.blocked;
    if (settled[at] != nullptr || !is_to_send(change)) continue;
    pending = true;
    held = held || (plan.held && change.part == Part::rest);
  }
  auto const refused = std::ranges::any_of(
      plan.targets, [](auto const& target) { return target.second.verdict == Verdict::refuse; });
  if (refused || report.ended_early) return Exit::unread;
  if (report.approval_stale || held || !plan.freezes.empty()) return Exit::held;
  auto const fails = std::ranges::any_of(plan.reasons, &Reason::fails);
  if (blocked || fails || report.unverified > 0 || any(Outcome::failed, Outcome::unknown, Outcome::skipped))
    return Exit::failed;
  return pending || waiting ? Exit::pending : Exit::done;
}

}  // namespace dirsync::engine
