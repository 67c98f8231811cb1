#include "daemon/cli/access_trace.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "sync/model/join.hpp"
#include "sync/model/json.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

bool tells_of_change(AuditRow const& row) {
  return (row.phase == "change" || row.phase == "recovered") && !row.principal.empty();
}

std::string in_quotes(std::string_view text) { return "\"" + std::string{text} + "\""; }

std::string known(AccessFacts const& facts) {
  std::vector<std::string> all;
  for (auto const& name : facts.names) {
    auto text = name.principal.empty() ? name.dn : name.principal;
    if (!name.target.empty()) text += " in " + name.target;
    if (!name.principal_id.empty()) text += " (id " + name.principal_id + ")";
    if (!name.principal.empty() && !name.dn.empty()) text += ", entry " + name.dn;
    if (!name.id.value().empty()) text += ", immutable id " + name.id.value();
    if (std::ranges::find(all, text) == all.end()) all.push_back(std::move(text));
  }
  if (all.empty()) return "no entry of a directory and no membership bears the name " + in_quotes(facts.user);
  return in_quotes(facts.user) + " is " + join(all, "; ", std::identity{});
}

/// How the rule says which groups it takes.
std::string selection_text(json::object const& rule) {
  if (auto const filter = text_at(rule, "groups"); !filter.empty()) return "groups = " + in_quotes(filter);
  if (auto const below = text_at(rule, "members_of"); !below.empty())
    return "members_of = " + in_quotes(below);
  std::vector<std::string> dns;
  for (auto const& dn : array_at(rule, "dn"))
    if (dn.is_string()) dns.push_back(in_quotes(std::string{dn.get_string()}));
  return dns.empty() ? std::string{} : "dn = [" + join(dns, ", ", std::identity{}) + "]";
}

/// "cn=a > cn=b > uid=x" as its parts.
std::vector<std::string> parts_of_path(std::string const& path) {
  static constexpr std::string_view kArrow = " > ";
  std::vector<std::string> parts;
  std::string_view rest = path;
  for (auto at = rest.find(kArrow); at != std::string_view::npos; at = rest.find(kArrow)) {
    parts.emplace_back(rest.substr(0, at));
    rest.remove_prefix(at + kArrow.size());
  }
  if (!rest.empty()) parts.emplace_back(rest);
  return parts;
}

std::string selected(AccessFacts const& facts, TraceFacts const& trace, Decision const& decision) {
  if (decision.rule.empty())
    return "no rule is known to give this membership" +
           std::string{facts.at ? ", at that time" : ", as of the last run"};
  auto const parts = parts_of_path(decision.path);
  auto const& rule = trace.rule;
  auto text = "rule " + decision.rule;
  if (rule.empty()) text += ", whose settings are not kept,";
  if (auto const selection = selection_text(rule); !selection.empty())
    text += ", " + selection + " in directory " + text_at(rule, "directory") + ",";
  text += parts.empty() ? " selects a group that is not known" : " selects " + parts.front();
  if (auto const name = text_at(rule, "group_name"); !name.empty())
    text += "; " + in_quotes(name) + " names it " + facts.group.name;
  return text;
}

std::string nested(Decision const& decision) {
  auto const parts = parts_of_path(decision.path);
  if (parts.empty()) return "through which groups is not known";
  if (parts.size() <= 2) return "that group names them itself";
  std::vector<std::string> const between(parts.begin() + 1, parts.end() - 1);
  return "through " + join(between, ", then ", std::identity{});
}

std::string excluded(AccessFacts const& facts, TraceFacts const& trace, Decision const& decision) {
  if (decision.code == "disabled") return "their account is disabled, expired or locked";
  auto const filter = text_at(trace.rule, "exclude_people");
  if (decision.code == "excluded")
    return "exclude_people" + (filter.empty() ? std::string{} : " = " + in_quotes(filter)) +
           " leaves them out";
  if (facts.at) return "who was left out at that time is not kept";
  if (filter.empty()) return "nothing leaves them out";
  return "exclude_people = " + in_quotes(filter) + " does not leave them out";
}

std::string matched(AccessFacts const& facts, TraceFacts const& trace, Decision const& decision) {
  static constexpr std::string_view kNobody[] = {"waiting", "ambiguous", "unknown-user"};
  if (std::ranges::find(kNobody, decision.code) != std::end(kNobody)) return decision.text;
  auto const template_text = text_at(trace.rule, "member_name");
  auto const how =
      template_text.empty() ? std::string{} : ", for which the rule has " + in_quotes(template_text);
  auto const where = facts.group.target.empty() ? std::string{"the target"} : facts.group.target;
  if (facts.held) {
    auto const& held = *facts.held;
    return held.principal + " of " + where +
           (held.principal_id.empty() ? std::string{} : ", id " + held.principal_id) + how;
  }
  if (!trace.changes.empty()) return trace.changes.back().principal + " of " + where + how;
  return "nobody needed to be looked for in " + where;
}

std::string judged(AccessFacts const& facts, TraceFacts const& trace, Decision const& decision) {
  std::vector<std::string> told;
  for (auto const& row : trace.decisions)
    told.push_back(rfc3339(row.time) + ": plan " + row.plan + " " + row.result + " by " + row.actor);
  if (decision.code != "granted")
    for (auto const& reason : array_at(facts.plan, "reasons")) {
      auto const& fields = object_in(reason);
      told.push_back("the last plan: " + text_at(fields, "code") + ", " + text_at(fields, "text"));
    }
  auto const verdict = text_at(facts.plan, "verdict");
  if (told.empty())
    return decision.code == "granted" ? "within the limits: nobody had to decide"
           : verdict.empty()          ? "no plan of a run is kept"
                                      : "no limit stood in the way; verdict of the last plan: " + verdict;
  return join(told, "; ", std::identity{});
}

void add_changes(AccessFacts const& facts, TraceFacts const& trace, std::vector<TraceStep>& steps) {
  for (auto const& row : trace.changes) {
    if (facts.at && row.time > *facts.at) break;
    steps.push_back({"sent", rfc3339(row.time) + ": " + row.verb + " of " + row.principal + ", run " +
                                 std::to_string(row.run.value()) +
                                 (row.plan.empty() ? std::string{} : ", plan " + row.plan) + ", by " +
                                 row.actor});
    steps.push_back({"answered", row.result + (row.detail.empty() ? std::string{} : ": " + row.detail)});
  }
  if (trace.pruned)
    steps.push_back({"sent", "what rows 1 to " + std::to_string(trace.pruned->rows()) +
                                 " of the audit trail told is not there: they were pruned"});
}

}  // namespace

Result<TraceFacts> trace_facts(store::Store& store, AccessFacts const& facts, Decision const& decision) {
  TraceFacts trace;
  if (!decision.rule.empty()) {
    auto const memory = store.rule_memory(decision.rule);
    if (!memory) return memory.error();
    auto const settings = *memory ? parse_json((*memory)->settings).value_or(json::value{}) : json::value{};
    trace.rule = object_at(object_in(settings), "rule");
  }
  std::vector<AuditRow> decisions;
  AuditFilter filter;
  auto const read = store.audit(filter, [&facts, &trace, &decisions](AuditRow const& row) {
    if (row.phase == "approve") decisions.push_back(row);
    auto const is_there = row.target == facts.group.target && facts.is_group(row.group);
    if (is_there && tells_of_change(row) && facts.is_meant(row.principal, row.dn, row.id))
      trace.changes.push_back(row);
    return true;
  });
  if (!read) return read.error();
  for (auto& row : decisions)
    if (std::ranges::find(trace.changes, row.plan, &AuditRow::plan) != trace.changes.end() ||
        row.plan == text_at(facts.plan, "digest"))
      trace.decisions.push_back(std::move(row));
  auto pruned = store.pruned();
  if (!pruned) return pruned.error();
  trace.pruned = *std::move(pruned);
  return trace;
}

std::vector<TraceStep> trace_steps(AccessFacts const& facts, TraceFacts const& trace,
                                   Decision const& decision) {
  std::vector<TraceStep> steps{{"known", known(facts)}};
  steps.push_back({"selected", selected(facts, trace, decision)});
  if (!decision.rule.empty()) steps.push_back({"nested", nested(decision)});
  steps.push_back({"excluded", excluded(facts, trace, decision)});
  steps.push_back({"matched", matched(facts, trace, decision)});
  steps.push_back({"judged", judged(facts, trace, decision)});
  add_changes(facts, trace, steps);
  return steps;
}

}  // namespace dirsync::cli
