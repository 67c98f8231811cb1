#include "daemon/cli/access_trace.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "daemon/cli/due_change.hpp"
#include "sync/engine/report.hpp"
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

/// Each in quotes.
std::vector<std::string> texts_of(json::array const& values) {
  std::vector<std::string> texts;
  for (auto const& value : values)
    if (value.is_string()) texts.push_back(in_quotes(std::string{value.get_string()}));
  return texts;
}

/// How the rule says which groups it takes.
std::string selection_text(json::object const& rule) {
  if (auto const filter = text_at(rule, "groups"); !filter.empty()) return "groups = " + in_quotes(filter);
  if (auto const below = text_at(rule, "members_of"); !below.empty())
    return "members_of = " + in_quotes(below);
  auto const dns = texts_of(array_at(rule, "dn"));
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

/// The one that gives the membership, else the one that feeds the group.
std::string const& rule_of(AccessFacts const& facts, Decision const& decision) {
  return decision.rule.empty() ? facts.rule : decision.rule;
}

std::string selected(AccessFacts const& facts, TraceFacts const& trace, Decision const& decision) {
  auto const& name_of_rule = rule_of(facts, decision);
  if (name_of_rule.empty())
    return "no rule is known to give this membership" +
           std::string{facts.at ? ", at that time" : ", as of the last run"};
  auto const parts = parts_of_path(decision.path);
  auto const& rule = trace.rule;
  auto text = "rule " + name_of_rule;
  if (rule.empty()) text += ", whose settings are not kept,";
  if (auto const selection = selection_text(rule); !selection.empty())
    text += ", " + selection + " in directory " + text_at(rule, "directory") + ",";
  text += !parts.empty()                    ? " selects " + parts.front()
          : decision.code == "not-selected" ? " selects no group that is known to name them for it"
                                            : " selects a group that is not known";
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
  auto text =
      filter.empty() ? std::string{} : "exclude_people = " + in_quotes(filter) + " does not leave them out";
  if (auto const groups = texts_of(array_at(trace.rule, "exclude")); !groups.empty())
    text += (text.empty() ? "the rule does not enter " : "; the rule does not enter ") +
            join(groups, ", ", std::identity{});
  return text.empty() ? "nothing leaves them out" : text;
}

/// As the plan of the run says it that made the membership, or that is to make it; empty: not known.
std::string match_of(AccessFacts const& facts, json::object const& plan) {
  for (auto const& value : array_at(object_at(object_at(plan, "targets"), facts.group.target), "changes")) {
    auto const& change = object_in(value);
    if (text_at(change, "verb") == to_text(Verb::add) && facts.is_group(text_at(change, "group")) &&
        facts.is_meant(text_at(change, "principal"), text_at(change, "dn"), text_at(change, "id")))
      return text_at(change, "matched");
  }
  return {};
}

/// By what the target's user is known to be that person.
std::string how_matched(AccessFacts const& facts, TraceFacts const& trace) {
  auto const match = match_of(facts, facts.held ? trace.began : facts.plan);
  auto const is = [&match](MatchedBy by) { return match == to_text(by); };
  auto const member_name = text_at(trace.rule, "member_name");
  auto const by_name = "by its name, which is what " +
                       (member_name.empty() ? std::string{"member_name"} : in_quotes(member_name)) +
                       " makes of their entry";
  if (is(MatchedBy::user_dn)) return "found by its DN there, which is that of their entry";
  if (is(MatchedBy::grant))
    return "found as the one whom dirsyncd had granted a membership to for them before";
  if (is(MatchedBy::name)) return "found " + by_name;
  if (is(MatchedBy::name_with_former_dn))
    return "found " + by_name + ", and by its DN there, which was that of their entry before";
  if (is(MatchedBy::new_user)) return "whom the target makes, as it had no user of theirs";
  if (facts.held && facts.held->beginning == store::HeldInterval::Beginning::adopted)
    return "who was in the group already and was taken over; how they were found is not kept";
  return "how they were found is not kept";
}

std::string matched(AccessFacts const& facts, TraceFacts const& trace, Decision const& decision) {
  static constexpr std::string_view kNobody[] = {"waiting", "ambiguous", "unknown-user"};
  if (std::ranges::find(kNobody, decision.code) != std::end(kNobody)) return decision.text;
  auto const how = ", " + how_matched(facts, trace);
  auto const where = facts.group.target.empty() ? std::string{"the target"} : facts.group.target;
  if (facts.held) {
    auto const& held = *facts.held;
    return held.principal + " of " + where +
           (held.principal_id.empty() ? std::string{} : ", id " + held.principal_id) + how;
  }
  if (auto const* const addition = due_change(facts, "add"); addition != nullptr)
    return text_at(*addition, "principal") + " of " + where + how;
  if (!trace.changes.empty()) return trace.changes.back().principal + " of " + where + ", as of that change";
  return "nobody needed to be looked for in " + where;
}

std::string judged(AccessFacts const& facts, TraceFacts const& trace, Decision const& decision) {
  std::vector<std::string> told;
  for (auto const& row : trace.decisions)
    told.push_back(rfc3339(row.time) + ": plan " + row.plan + " " + row.result + " by " + row.actor);
  auto const is_granted = decision.code == "granted";
  for (auto const& reason : array_at(is_granted ? trace.began : facts.plan, "reasons")) {
    auto const& fields = object_in(reason);
    auto const code = text_at(fields, "code");
    // Of other changes, when this one was made.
    if (is_granted && (code == "unconfirmed" || code == "frozen")) continue;
    told.push_back((is_granted ? "that plan: " : "the last plan: ") + code + ", " + text_at(fields, "text"));
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
  if (auto const& rule = rule_of(facts, decision); !rule.empty()) {
    auto const memory = store.rule_memory(rule);
    if (!memory) return memory.error();
    auto const settings = *memory ? parse_json((*memory)->settings).value_or(json::value{}) : json::value{};
    trace.rule = object_at(object_in(settings), "rule");
  }
  if (facts.held && facts.held->began_run.value() != 0) {
    auto const run = store.find_run(facts.held->began_run);
    if (!run) return run.error();
    if (*run) trace.began = object_at(object_in(engine::kept_report(**run)), "plan");
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
