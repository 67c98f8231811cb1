#include "sync/plan/document.hpp"

#include <boost/json.hpp>

#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {
namespace json = boost::json;

// A directory may hold bytes that are no text; a JSON document may not.
json::string text_value(std::string const& text) {
  return json::string{is_utf8(text) ? text : printable(text, text.size())};
}

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

json::object change_value(Change const& change) {
  json::object object{{"n", change.n},
                      {"verb", to_text(change.verb)},
                      {"group", text_value(change.group)},
                      {"principal", text_value(change.principal)},
                      {"dn", text_value(change.dn)},
                      {"id", change.id.value()},
                      {"rule", change.rule},
                      {"path", text_value(change.path)},
                      {"why", text_value(change.why)}};
  if (change.outcome != Outcome::planned) object["outcome"] = to_text(change.outcome);
  put_unless_empty(object, "detail", change.detail);
  return object;
}

json::array notices_value(std::vector<Notice> const& notices) {
  json::array array;
  for (auto const& notice : notices) {
    json::object object{{"code", notice.code}};
    put_unless_empty(object, "group", notice.group);
    put_unless_empty(object, "principal", notice.principal);
    object["text"] = text_value(notice.text);
    array.push_back(std::move(object));
  }
  return array;
}
}  // namespace

json::object plan_document(Plan const& plan, std::optional<RunId> run) {
  json::object targets;
  for (auto const& [name, target] : plan.targets) {
    json::array changes;
    for (auto const& change : plan.changes)
      if (change.target == name) changes.push_back(change_value(change));
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
                        {"targets", std::move(targets)}};
  if (run) document["run"] = run->value();
  return document;
}

std::string plan_json(Plan const& plan, std::optional<RunId> run) {
  return json::serialize(plan_document(plan, run));
}

}  // namespace dirsync::plan
