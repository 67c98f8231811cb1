// why.
#include <boost/json.hpp>
#include <functional>

#include "daemon/cli/access_facts.hpp"
#include "daemon/cli/access_trace.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/decision.hpp"
#include "daemon/cli/looks.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/when.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

/// What happened to the membership, oldest first.
struct Happening {
  std::optional<Time> time;
  RunId run;
  std::string verb, result, actor, why;
};

std::vector<Happening> happenings(AccessFacts const& facts) {
  std::vector<Happening> all;
  auto const is_later = [&facts](std::optional<Time> time) { return facts.at && time && *time > *facts.at; };
  for (auto const& held : facts.history) {
    // One that goes on under another name, DN or rule has a beginning of its own.
    if (is_later(held.began)) break;
    auto const rule = held.rule.empty() ? std::string{} : "rule " + held.rule;
    auto const path = held.path.empty() ? std::string{} : (rule.empty() ? "" : ": ") + held.path;
    all.push_back({held.began, held.began_run, store::verb_text(held.beginning),
                   store::result_text(held.beginning), held.began_actor, rule + path});
    if (!held.lasts() && !is_later(held.ended))
      all.push_back({held.ended, held.ended_run, store::verb_text(held.end), store::result_text(held.end),
                     held.ended_actor, held.ended_why});
  }
  return all;
}

json::value time_value(std::optional<Time> time) {
  return time ? json::value(rfc3339(*time)) : json::value{};
}
json::value run_value(RunId run) { return run.value() == 0 ? json::value{} : json::value(run.value()); }
json::value text_value(std::string const& text) {
  return text.empty() ? json::value{} : json::value(json::string{as_utf8(text)});
}

/// "cn=a > cn=b > uid=x" as [["cn=a", "cn=b", "uid=x"]].
json::array paths_value(std::string const& path) {
  if (path.empty()) return {};
  static constexpr std::string_view kArrow = " > ";
  json::array dns;
  std::string_view rest = path;
  for (auto at = rest.find(kArrow); at != std::string_view::npos; at = rest.find(kArrow)) {
    dns.push_back(json::string{as_utf8(std::string{rest.substr(0, at)})});
    rest.remove_prefix(at + kArrow.size());
  }
  dns.push_back(json::string{as_utf8(std::string{rest})});
  return {json::value(std::move(dns))};
}

json::object document_of(AccessFacts const& facts, Decision const& decision,
                         std::vector<TraceStep> const& trace) {
  json::array history;
  for (auto const& one : happenings(facts))
    history.push_back({{"time", time_value(one.time)},
                       {"run", run_value(one.run)},
                       {"verb", text_value(one.verb)},
                       {"result", text_value(one.result)},
                       {"actor", text_value(one.actor)},
                       {"why", text_value(one.why)}});
  auto const& held = facts.held;
  auto const run = held ? held->began_run : facts.run ? facts.run->id : RunId{};
  auto const plan = held ? held->began_plan : facts.run ? facts.run->digest : std::string{};
  json::object document{{"user", as_utf8(facts.user)},
                        {"group", as_utf8(facts.group.name)},
                        {"target", text_value(facts.group.target)},
                        {"at", time_value(facts.at)},
                        {"member", decision.member},
                        {"decision", decision.code},
                        {"text", as_utf8(decision.text)},
                        {"rule", text_value(decision.rule)},
                        {"paths", paths_value(decision.path)},
                        {"run", run_value(run)},
                        {"plan", text_value(plan)},
                        {"since", held ? time_value(held->since) : json::value{}},
                        {"history", std::move(history)}};
  for (auto const& [step, text] : trace) {
    auto& steps = document["trace"];
    if (!steps.is_array()) steps = json::array{};
    steps.as_array().push_back(json::object{{"step", step}, {"text", as_utf8(text)}});
  }
  return document;
}

std::string why_view(AccessFacts const& facts, Decision const& decision,
                     std::vector<TraceStep> const& trace) {
  auto view = printable(decision.text, std::string::npos) + "\n";
  if (facts.held) {
    auto const& held = *facts.held;
    view += "since " + (held.since ? rfc3339(*held.since) : std::string{"a time that is not known"}) +
            (held.began_run.value() == 0 ? "" : ", run " + std::to_string(held.began_run.value())) +
            (held.began_plan.empty() ? "" : ", plan " + held.began_plan) + "\n";
  } else if (facts.run) {
    view += "as of run " + std::to_string(facts.run->id.value()) + ", which began at " +
            rfc3339(facts.run->start.time) + "\n";
  }
  std::vector<std::vector<std::string>> rows{{"TIME", "RUN", "VERB", "RESULT", "ACTOR", "WHY"}};
  for (auto const& one : happenings(facts))
    rows.push_back({one.time ? rfc3339(*one.time) : "not known",
                    one.run.value() == 0 ? "-" : std::to_string(one.run.value()),
                    one.verb.empty() ? "not known" : one.verb, one.result, one.actor, one.why});
  if (rows.size() > 1) view += table(rows);
  std::vector<std::vector<std::string>> steps;  // a line each, whatever a name holds
  for (auto const& [step, text] : trace) steps.push_back({step, text});
  return steps.empty() ? view : view + table(steps);
}

/// Nothing unless it was asked for.
Result<std::vector<TraceStep>> asked_trace(bool is_asked, store::Store& store, AccessFacts const& facts,
                                           Decision const& decision) {
  if (!is_asked) return std::vector<TraceStep>{};
  auto const trace = trace_facts(store, facts, decision);
  if (!trace) return trace.error();
  return trace_steps(facts, *trace, decision);
}

}  // namespace

Answer why_answer(config::Config const& config, store::Store& store, AccessQuestion const& question) {
  auto group = asked_group(question, config, store.intervals());
  if (!group) return refusal(group.error());
  if (!group->flaw.empty()) return refusal(kUsage, "usage", group->flaw);
  auto const facts = access_facts(question.user, *std::move(group), store, question.at);
  if (!facts) return refusal(facts.error());
  if (facts->targets.size() > 1)
    return refusal(kUsage, "usage",
                   flaw_of_several(question.group, join(facts->targets, ", ", std::identity{})));
  auto const decision = decide_why(*facts);
  auto const trace = asked_trace(question.trace, store, *facts, decision);
  if (!trace) return refusal(trace.error());
  return {.exit = decision.code.starts_with("unknown-") ? kUsage : kDone,
          .document = json::serialize(document_of(*facts, decision, *trace)),
          .text = why_view(*facts, decision, *trace)};
}

int show_why(Arguments const& arguments) {
  std::optional<Time> at;
  if (!read_when(arguments, "--at", arguments.at, at)) return kUsage;
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  AccessQuestion const question{.user = arguments.user,
                                .group = arguments.group,
                                .target = arguments.target,
                                .at = at,
                                .trace = arguments.trace};
  return show_answer(arguments, why_answer(*config, state->store, question), Palette::plain());
}

}  // namespace dirsync::cli
