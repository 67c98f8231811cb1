#include "sync/console/api/errors.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <initializer_list>
#include <string>

#include "sync/model/text.hpp"
#include "sync/rest/json.hpp"
#include "sync/rest/write_fate.hpp"

namespace dirsync::console {
namespace {
constexpr std::size_t kLongestWords = 200;

/// A JSON body, whole or cut. It may be an object of the console's, and a user's holds tokens.
bool looks_like_json(std::string_view body) {
  auto const first = body.find_first_not_of(" \t\r\n");
  return first != body.npos && (body[first] == '{' || body[first] == '[');
}

std::string words_of_json(boost::json::value const& body) {
  if (auto const* object = body.if_object()) {
    for (auto const* key : {"message", "error", "errorMessage"})
      if (auto text = rest::text_at(*object, key); text && !text->empty()) return *text;
  } else if (auto const* array = body.if_array()) {
    std::string joined;
    for (auto const& entry : *array) {
      auto const* text = entry.if_string();
      if (!text) return {};
      joined += (joined.empty() ? "" : "; ") + std::string{*text};
    }
    return joined;
  }
  return {};
}

bool is_html(http::Response const& response) {
  return ascii_lower(response.header("content-type")).find("html") != std::string::npos;
}

/// Of an object that it does not know the console says "No records found".
bool is_unknown_call(http::Response const& response) {
  return says_not_found(response) && ascii_iequal(words_of(response), "Not Found");
}

ConsoleErrc code_for(http::Response const& response) {
  if (refuses_version(response)) return ConsoleErrc::unsupported;
  if (is_conflict(response)) return ConsoleErrc::conflict;
  switch (response.status) {
    case 401:
      return ConsoleErrc::unauthorized;
    case 403:
      return ConsoleErrc::denied;
    case 404:
      return is_unknown_call(response) ? ConsoleErrc::not_offered : ConsoleErrc::not_found;
    case 405:
    case 501:
      if (!is_html(response)) return ConsoleErrc::not_offered;
      break;
    case 429:
      return ConsoleErrc::throttled;
    default:
      break;
  }
  if (response.status >= 500) return ConsoleErrc::server_failed;
  return response.status >= 400 ? ConsoleErrc::rejected : ConsoleErrc::malformed;
}

char const* remedy(ConsoleErrc code) {
  switch (code) {
    case ConsoleErrc::unauthorized:
      return "check the service user's account in the console";
    case ConsoleErrc::denied:
      return "give the service user the role Identity and Access Administrator in this organization";
    case ConsoleErrc::not_found:
    case ConsoleErrc::not_offered:
      return "check url, profile and organization";
    case ConsoleErrc::unsupported:
      return "set api_version of this target to a version that the console supports, or to \"auto\"";
    case ConsoleErrc::conflict:
      return "somebody else is changing the same object; run again";
    case ConsoleErrc::throttled:
      return "lower pace.requests_per_second";
    case ConsoleErrc::server_failed:
      return "look into the console's own log and run again";
    default:
      return "compare with the console's own log";
  }
}
}  // namespace

boost::system::error_code make_error_code(ConsoleErrc code) { return code_of(code); }
char const* category_name(ConsoleErrc) { return "console"; }

char const* to_text(ConsoleErrc code) {
  switch (code) {
    case ConsoleErrc::bad_settings:
      return "settings do not fit";
    case ConsoleErrc::login_refused:
      return "login refused";
    case ConsoleErrc::no_session:
      return "no session";
    case ConsoleErrc::unauthorized:
      return "session refused";
    case ConsoleErrc::denied:
      return "permission denied";
    case ConsoleErrc::not_found:
      return "not found";
    case ConsoleErrc::not_offered:
      return "call not offered";
    case ConsoleErrc::conflict:
      return "changed by somebody else";
    case ConsoleErrc::rejected:
      return "request rejected";
    case ConsoleErrc::throttled:
      return "too many requests";
    case ConsoleErrc::server_failed:
      return "console failed";
    case ConsoleErrc::malformed:
      return "answer not understood";
    case ConsoleErrc::incomplete:
      return "read not complete";
    case ConsoleErrc::ambiguous:
      return "name does not fit exactly one";
    case ConsoleErrc::unsupported:
      return "API version not supported";
    case ConsoleErrc::against_rule:
      return "refused, nothing was sent";
  }
  return "unknown";
}

Failure failure_of(ConsoleErrc code) {
  switch (code) {
    case ConsoleErrc::no_session:
    case ConsoleErrc::conflict:
    case ConsoleErrc::throttled:
    case ConsoleErrc::server_failed:
    case ConsoleErrc::malformed:  // a proxy's or a restarting gateway's page
    case ConsoleErrc::incomplete:
      return Failure::transient;
    default:
      return Failure::permanent;
  }
}

std::string words_of(http::Response const& response) {
  // As gRPC encodes a status message: %XX for bytes outside printable ASCII.
  auto words = http::percent_decode(response.header("grpc-message"));
  if (words.empty() && !is_html(response))
    if (auto const body = rest::parse_json(response.body)) words = words_of_json(*body);
  if (words.empty() && !looks_like_json(response.body)) words = response.body;
  return printable(words, kLongestWords);
}

bool refuses_version(http::Response const& response) {
  if (response.status == 406) return true;
  if (response.status != 400 && response.status != 404) return false;
  auto const words = ascii_lower(words_of(response));
  return words.find("api-version") != words.npos || words.find("api version") != words.npos;
}

bool says_not_found(http::Response const& response) {
  if (response.status != 404 || is_html(response) || refuses_version(response)) return false;
  return !response.header("grpc-message").empty() || !response.header("grpc-status").empty() ||
         ascii_lower(response.header("content-type")).find("json") != std::string::npos;
}

bool is_conflict(http::Response const& response) {
  if (response.status == 409 || response.status == 412) return true;
  if (response.status != 400 || refuses_version(response)) return false;
  auto const words = ascii_lower(words_of(response));
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"version", "stale", "concurrent", "modified"},
      [&words](std::string_view word) { return words.find(word) != std::string::npos; });
}

Error refusal(std::string_view doing, http::Response const& response) {
  auto const code = code_for(response);
  auto const words = words_of(response);
  return Error{code, std::string{doing} + ": the console answered " + std::to_string(response.status) +
                         (words.empty() ? "" : ": " + words) + "; " + remedy(code)};
}

bool ends_writing(Error const& error) {
  for (auto const code : {ConsoleErrc::login_refused, ConsoleErrc::no_session, ConsoleErrc::unauthorized,
                          ConsoleErrc::throttled})
    if (error.code == code) return true;
  return rest::ends_writing(error);
}

}  // namespace dirsync::console
