#include "tests/simulators/faults.hpp"

#include <algorithm>
#include <array>

#include "sync/model/text.hpp"

namespace dirsync::sim {
namespace {
constexpr std::array<std::string_view, 18> kKeys = {
    "name", "method", "path",      "route",    "write",   "nth",  "count", "effect",       "status",
    "body", "drop",   "cut_after", "delay_ms", "slow_ms", "gzip", "do",    "content_type", "headers"};

std::string_view guess_type(std::string_view body) {
  return body.starts_with('{') || body.starts_with('[') || body.starts_with('"')
             ? "application/json; charset=utf-8"
             : "text/html";
}
}  // namespace

void Fault::apply_to(Response& response) const {
  if (status || body) {
    response.status = status.value_or(response.status);
    response.body = body.value_or("");
    response.headers.clear();
    if (!response.body.empty() && !find_field(headers, "Content-Type"))
      response.headers.emplace_back("Content-Type", guess_type(response.body));
  }
  response.headers.insert(response.headers.end(), headers.begin(), headers.end());
  response.drop = drop;
  response.cut_after = cut_after;
  response.delay = delay;
  response.per_piece = per_piece;
  response.gzip = response.gzip || gzip;
}

std::optional<std::string> FaultTable::parse(json::value const& value, Rule& rule) {
  auto const* object = value.if_object();
  if (object == nullptr) return "a rule is an object";
  for (auto const& [key, unused] : *object)
    if (std::ranges::find(kKeys, std::string_view{key}) == kKeys.end())
      return "unknown key " + std::string{key};
  rule.method = text_of(*object, "method");
  rule.path = ascii_lower(text_of(*object, "path"));
  rule.route = text_of(*object, "route");
  if (auto const* const write = object->if_contains("write")) {
    if (!write->is_bool()) return "write is true or false";
    rule.write = write->get_bool();
  }
  rule.first = number_of(*object, "nth", 1);
  rule.count = number_of(*object, "count", 1);
  if (rule.first < 1 || rule.count < 0) return "nth counts from 1, count from 0";

  auto& fault = rule.fault;
  fault.name = text_of(*object, "name");
  if (object->contains("status")) {
    fault.status = static_cast<int>(number_of(*object, "status"));
    if (*fault.status < 200 || *fault.status > 599) return "status is a number from 200 to 599";
  }
  if (auto const* body = object->if_contains("body"))
    fault.body =
        body->is_string() ? std::string{std::string_view{body->get_string()}} : json::serialize(*body);
  if (auto const* headers = object->if_contains("headers")) {
    if (!headers->is_object()) return "headers is an object";
    for (auto const& [name, text] : headers->get_object()) {
      if (!text.is_string()) return "a header is a string";
      fault.headers.emplace_back(name, std::string_view{text.get_string()});
    }
  }
  if (object->contains("content_type"))
    fault.headers.emplace_back("Content-Type", text_of(*object, "content_type"));
  // An answer other than the true one usually stands for a call that was refused.
  auto const effect = text_of(*object, "effect", fault.status ? "prevented" : "happens");
  if (effect != "happens" && effect != "prevented") return "effect is happens or prevented";
  fault.effect = effect == "happens" ? Fault::Effect::happens : Fault::Effect::prevented;
  fault.drop = flag_of(*object, "drop");
  if (object->contains("cut_after"))
    fault.cut_after = static_cast<std::size_t>(number_of(*object, "cut_after"));
  fault.delay = std::chrono::milliseconds{number_of(*object, "delay_ms")};
  fault.per_piece = std::chrono::milliseconds{number_of(*object, "slow_ms")};
  fault.gzip = flag_of(*object, "gzip");
  if (auto const* edits = object->if_contains("do"))
    fault.edits = edits->is_array() ? edits->get_array() : json::array{*edits};
  if (fault.effect == Fault::Effect::prevented && !fault.status && !fault.drop)
    return "a prevented call needs a status or a drop";
  return std::nullopt;
}

std::optional<std::string> FaultTable::replace(json::value const& rules) {
  auto const* array = rules.if_array();
  if (array == nullptr) return "the rules are a list";
  std::vector<Rule> parsed;
  for (auto const& value : *array) {
    if (auto wrong = parse(value, parsed.emplace_back()))
      return "rule " + std::to_string(parsed.size()) + ": " + *wrong;
    auto& name = parsed.back().fault.name;
    if (name.empty()) name = "rule " + std::to_string(parsed.size());
  }
  rules_ = std::move(parsed);
  return std::nullopt;
}

std::optional<Fault> FaultTable::next(Request const& request, std::string_view route, bool write) {
  std::optional<Fault> due;
  auto const target = ascii_lower(request.target);
  for (auto& rule : rules_) {
    if (!rule.method.empty() && rule.method != request.method) continue;
    if (!rule.route.empty() && rule.route != route) continue;
    if (rule.write && *rule.write != write) continue;
    if (target.find(rule.path) == std::string::npos) continue;
    ++rule.seen;
    auto const is_due = rule.seen >= rule.first && (rule.count == 0 || rule.seen < rule.first + rule.count);
    if (is_due && !due) due = rule.fault;
  }
  return due;
}

}  // namespace dirsync::sim
