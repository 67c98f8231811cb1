#include "daemon/control/bodies.hpp"

#include <array>
#include <boost/json.hpp>
#include <utility>

#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::control {
namespace json = boost::json;
using cli::RunAsk;
namespace {

constexpr std::array<std::pair<std::string_view, std::string RunAsk::*>, 5> kTexts{
    {{"rule", &RunAsk::rule},
     {"group", &RunAsk::group},
     {"user", &RunAsk::user},
     {"approve", &RunAsk::approve},
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
    auto const is_flag = value == "true" || value == "false";
    if (!is_text && !is_flag) return bad_body(name + " must be true or false");
    auto const meant = is_text ? json::value(value) : json::value(value == "true");
    if (auto const known = put(ask, name, meant); !known) return known.error();
  }
  return ask;
}

Result<std::string> digest_in(std::string_view body) {
  auto const object = object_of(body);
  if (!object) return object.error();
  for (auto const& [name, value] : *object)
    if (name != "digest") return bad_body("nothing is known of \"" + printable(name) + "\"");
  auto const* const digest = object->if_contains("digest");
  if (digest == nullptr || !digest->is_string()) return bad_body("digest must be there, and a text");
  return std::string{digest->get_string()};
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
