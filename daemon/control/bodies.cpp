#include "daemon/control/bodies.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <initializer_list>
#include <utility>
#include <variant>

#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::control {
namespace json = boost::json;
using cli::RunAsk;
namespace {

constexpr std::array<std::pair<std::string_view, std::string RunAsk::*>, 6> kTexts{
    {{"rule", &RunAsk::rule},
     {"group", &RunAsk::group},
     {"user", &RunAsk::user},
     {"approve", &RunAsk::approve},
     {"reason", &RunAsk::reason},
     {"expect", &RunAsk::expect}}};
constexpr std::array<std::pair<std::string_view, bool RunAsk::*>, 4> kFlags{
    {{"dry_run", &RunAsk::dry_run},
     {"accept_band", &RunAsk::accept_band},
     {"detailed_exitcode", &RunAsk::detailed_exitcode},
     {"ask", &RunAsk::asks}}};

Error bad_body(std::string const& why) { return {BodyErrc::malformed, why + "; see docs/service.md"}; }

Result<json::object> object_of(std::string_view body) {
  if (body.empty()) return json::object{};
  auto const value = parse_json(body);
  if (!value || !value->is_object()) return bad_body("the body is no JSON object");
  return value->get_object();
}

Result<void> put(RunAsk& ask, std::string_view name, json::value const& value) {
  for (auto const& [known, member] : kTexts) {
    if (known != name) continue;
    if (!value.is_string()) return bad_body(std::string{name} + " must be a text");
    ask.*member = std::string{value.get_string()};
    return {};
  }
  for (auto const& [known, member] : kFlags) {
    if (known != name) continue;
    if (!value.is_bool()) return bad_body(std::string{name} + " must be true or false");
    ask.*member = value.get_bool();
    return {};
  }
  if (name == "undo") {
    if (!value.is_int64() || value.get_int64() < 1) return bad_body("undo must be the number of a run");
    ask.undo = value.get_int64();
    return {};
  }
  return bad_body("nothing is known of \"" + printable(name) + "\"");
}

/// What a body may name, and where it goes.
struct BodyField {
  std::string_view name;
  std::variant<std::string*, bool*> to;
};

Result<void> take_field(BodyField const& field, json::value const& value) {
  if (auto* const* const text = std::get_if<std::string*>(&field.to)) {
    if (!value.is_string()) return bad_body(std::string{field.name} + " must be a text");
    **text = std::string{value.get_string()};
    return {};
  }
  if (!value.is_bool()) return bad_body(std::string{field.name} + " must be true or false");
  *std::get<bool*>(field.to) = value.get_bool();
  return {};
}

Result<void> take_fields(std::string_view body, std::initializer_list<BodyField> fields) {
  auto const object = object_of(body);
  if (!object) return object.error();
  for (auto const& [name, value] : *object) {
    auto const known = std::ranges::find(fields, std::string_view{name}, &BodyField::name);
    if (known == fields.end()) return bad_body("nothing is known of \"" + printable(name) + "\"");
    if (auto const taken = take_field(*known, value); !taken) return taken.error();
  }
  return {};
}

}  // namespace

boost::system::error_code make_error_code(BodyErrc code) { return code_of(code); }
char const* category_name(BodyErrc) { return "malformed"; }
char const* to_text(BodyErrc) { return "the request cannot be understood"; }
Failure failure_of(BodyErrc) { return Failure::permanent; }

Result<RunAsk> run_ask_in(std::string_view body) {
  auto const object = object_of(body);
  if (!object) return object.error();
  RunAsk ask;
  for (auto const& [name, value] : *object)
    if (auto const known = put(ask, name, value); !known) return known.error();
  return ask;
}

Result<RunAsk> run_ask_in(std::map<std::string, std::string> const& query) {
  RunAsk ask{.rule = {}, .group = {}, .user = {}, .approve = {}, .dry_run = true, .expect = {}};
  for (auto const& [name, value] : query) {
    auto const is_text = name == "rule" || name == "group" || name == "user";
    if (!is_text && name != "detailed_exitcode")
      return bad_body("nothing is known of \"" + printable(name) + "\"");
    if (!is_utf8(value)) return bad_body(name + " is no text in UTF-8");
    auto const is_flag = value == "true" || value == "false";
    if (!is_text && !is_flag) return bad_body(name + " must be true or false");
    auto const meant = is_text ? json::value(value) : json::value(value == "true");
    if (auto const known = put(ask, name, meant); !known) return known.error();
  }
  return ask;
}

Result<cli::DecisionWish> decision_in(std::string_view body, bool approves) {
  cli::DecisionWish wish{.digest = {}, .approves = approves};
  auto const taken = take_fields(body, {{"digest", &wish.digest}, {"reason", &wish.reason}});
  if (!taken) return taken.error();
  if (wish.digest.empty()) return bad_body("digest must be there, and a text");
  return wish;
}

Result<cli::FreezeWish> freeze_in(std::string_view body) {
  cli::FreezeWish wish;
  auto const taken = take_fields(body, {{"target", &wish.target},
                                        {"reason", &wish.reason},
                                        {"until", &wish.until},
                                        {"removals", &wish.removals_alone}});
  if (!taken) return taken.error();
  return wish;
}

Result<std::string> thaw_in(std::string_view body) {
  std::string target;
  auto const taken = take_fields(body, {{"target", &target}});
  if (!taken) return taken.error();
  return target;
}

Result<store::RetryWish> retry_in(std::string_view body) {
  store::RetryWish wish;
  auto const taken =
      take_fields(body, {{"target", &wish.target}, {"group", &wish.group}, {"user", &wish.user}});
  if (!taken) return taken.error();
  return wish;
}

std::string body_of(RunAsk const& ask) {
  json::object body;
  for (auto const& [name, member] : kTexts)
    if (!(ask.*member).empty()) body[name] = ask.*member;
  for (auto const& [name, member] : kFlags)
    if (ask.*member) body[name] = true;
  if (ask.undo != 0) body["undo"] = ask.undo;
  return json::serialize(body);
}

}  // namespace dirsync::control
