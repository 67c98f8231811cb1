#include "sync/plan/document.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "sync/model/text.hpp"
#include "sync/model/time.hpp"

namespace dirsync::plan {
namespace {
namespace json = boost::json;

json::string text_value(std::string const& text) { return json::string{as_utf8(text)}; }

void put_unless_empty(json::object& object, char const* key, std::string const& value) {
  if (!value.empty()) object[key] = text_value(value);
}

json::array reasons_value(std::vector<Reason> const& reasons) {
  json::array array;
  for (auto const& reason : reasons) {
    json::object object{{"code", reason.code}, {"text", text_value(reason.text)}};
    put_unless_empty(object, "target", reason.target);
    put_unless_empty(object, "rule", reason.rule);
    put_unless_empty(object, "group", reason.group);
    if (reason.count) object["count"] = *reason.count;
    if (reason.allowed) object["allowed"] = *reason.allowed;
    array.push_back(std::move(object));
  }
  return array;
}

json::object change_fields(Change const& change) {
  return {{"verb", to_text(change.verb)},
          {"group", text_value(change.group)},
          {"principal", text_value(change.principal)},
          {"dn", text_value(change.dn)},
          {"id", change.id.value()},
          {"rule", change.rule},
          {"path", text_value(change.path)},
          {"why", text_value(change.why)}};
}

json::object change_value(Change const& planned, Settled const* settled) {
  auto const& change = settled != nullptr ? settled->change : planned;
  json::object object{{"n", change.n}};
  for (auto const& [key, value] : change_fields(change)) object[key] = value;
  object["part"] = to_text(change.part);
  put_unless_empty(object, "matched", to_text(planned.matched));
  put_unless_empty(object, "outcome", outcome_text(change, settled));
  if (settled == nullptr && change.blocked) object["code"] = change.blocked->code;
  put_unless_empty(object, "detail", detail_text(change, settled));
  if (change.frozen) object["frozen"] = true;
  if (planned.only_new) object["only"] = "new";
  return object;
}

/// Each change as the run made it: no step of this plan.
json::array left_value(std::vector<LeftChange> const& left) {
  json::array array;
  for (auto const& one : left)
    array.push_back(json::object{
        {"change", change_fields(one.change)}, {"code", one.code}, {"because", text_value(one.because)}});
  return array;
}

json::object only_old_value(Change const& change) {
  auto object = change_value(change, nullptr);
  object["only"] = "old";
  return object;
}

json::object rehearsal_value(Plan const& plan) {
  json::object rules;
  for (auto const& [name, rule] : plan.rehearsal->rules) {
    rules[name] = {{"state", to_text(rule.state)}, {"keys", json::value_from(rule.keys)}};
    put_unless_empty(rules[name].as_object(), "text", rule.remark);
  }
  return {{"rules", std::move(rules)},
          {"only_new", std::ranges::count(plan.changes, true, &Change::only_new)},
          {"only_old", plan.rehearsal->only_old.size()}};
}

json::array notices_value(std::vector<Notice> const& notices) {
  json::array array;
  for (auto const& notice : notices) {
    json::object object{{"code", notice.code}};
    put_unless_empty(object, "group", notice.group);
    put_unless_empty(object, "principal", notice.principal);
    put_unless_empty(object, "dn", notice.dn);
    object["text"] = text_value(notice.text);
    array.push_back(std::move(object));
  }
  return array;
}

json::object summary_value(Summary const& summary) {
  DirectorySummary all;
  json::object directories, rules;
  auto const figures = [](DirectorySummary const& of) {
    return json::object{{"groups", of.groups},
                        {"people", of.people},
                        {"disabled", of.disabled},
                        {"values", of.values},
                        {"unresolved", of.unresolved}};
  };
  for (auto const& [name, of] : summary.directories) {
    directories[name] = figures(of);
    all.add(of);
  }
  for (auto const& [name, of] : summary.rules)
    rules[name] = {{"directory", of.directory}, {"target", of.target},      {"groups", of.groups},
                   {"names", of.names},         {"refused", of.refused},    {"people", of.people},
                   {"waiting", of.waiting},     {"ambiguous", of.ambiguous}};
  auto value = figures(all);
  value["directories"] = std::move(directories);
  value["rules"] = std::move(rules);
  return value;
}

}  // namespace

json::object plan_document(Plan const& plan, std::optional<RunId> run, std::span<Settled const> outcomes) {
  auto const settled = by_change(plan, outcomes);
  json::object targets;
  for (auto const& [name, target] : plan.targets) {
    json::array changes;
    for (std::size_t at = 0; at < plan.changes.size(); ++at)
      if (plan.changes[at].target == name) changes.push_back(change_value(plan.changes[at], settled[at]));
    if (plan.rehearsal)
      for (auto const& change : plan.rehearsal->only_old)
        if (change.target == name) changes.push_back(only_old_value(change));
    targets[name] = {{"kind", target.kind},
                     {"verdict", to_text(target.verdict)},
                     {"reasons", reasons_value(target.reasons)},
                     {"changes", std::move(changes)},
                     {"notices", notices_value(target.notices)}};
  }
  json::object document{{"run", nullptr},
                        {"digest", plan.digest.value()},
                        {"verdict", to_text(plan.verdict)},
                        {"reasons", reasons_value(plan.reasons)},
                        {"summary", summary_value(plan.summary)},
                        {"targets", std::move(targets)}};
  if (!plan.freezes.empty()) {
    json::array freezes;
    for (auto const& freeze : plan.freezes) freezes.push_back(freeze_value(freeze));
    document["frozen"] = std::move(freezes);
  }
  if (plan.approvals > 1) document["approvals_needed"] = plan.approvals;
  if (plan.approved)
    document["approved"] = {{"by", text_value(plan.approved->by)}, {"at", rfc3339(plan.approved->at)}};
  if (!plan.command.empty()) document["command"] = text_value(plan.command);
  if (plan.undoes) {
    document["undoes"] = plan.undoes->value();
    document["left"] = left_value(plan.left);
  }
  if (plan.rehearsal) document["rehearsal"] = rehearsal_value(plan);
  if (run) document["run"] = run->value();
  return document;
}

json::object freeze_value(Freeze const& freeze) {
  return {{"target", freeze.target.empty() ? json::value{} : json::value(freeze.target)},
          {"removals", freeze.removals_alone},
          {"reason", text_value(freeze.reason)},
          {"by", text_value(freeze.actor)},
          {"since", rfc3339(freeze.since)},
          {"until", freeze.until ? json::value(rfc3339(*freeze.until)) : json::value{}}};
}

std::string plan_json(Plan const& plan, std::optional<RunId> run, std::span<Settled const> outcomes) {
  return json::serialize(plan_document(plan, run, outcomes));
}

}  // namespace dirsync::plan
