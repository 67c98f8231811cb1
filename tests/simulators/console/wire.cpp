#include "tests/simulators/console/wire.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "sync/model/text.hpp"
#include "tests/simulators/common.hpp"

namespace dirsync::sim::console {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    auto const end = text.find(at);
    auto part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.emplace_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// gRPC, "Status codes and their use", for what the gateway turns into this HTTP status.
int grpc_status(int http_status) {
  switch (http_status) {
    case 400:
      return 3;
    case 401:
      return 16;
    case 403:
      return 7;
    case 404:
      return 5;
    case 409:
      return 10;
    case 412:
      return 9;
    case 405:
    case 501:
      return 12;
    default:
      return 13;
  }
}

// gRPC over HTTP/2, "Status-Message": everything outside printable ASCII, and the percent sign.
std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (auto const c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      encoded.push_back(c);
      continue;
    }
    char escape[4];
    std::snprintf(escape, sizeof escape, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    encoded += escape;
  }
  return encoded;
}

}  // namespace

std::optional<Refusal> check_accept(Knobs const& knobs, Request const& request) {
  if (!enabled(knobs, "check_accept")) return std::nullopt;
  auto const accept = request.header("Accept");
  std::string version;
  auto takes_json = accept.empty();
  for (auto const& range : split(accept, ',')) {
    auto const parts = split(range, ';');
    if (!ascii_iequal(parts.front(), "application/json") && parts.front() != "*/*") continue;
    takes_json = true;
    for (auto const& part : parts)
      if (part.starts_with("api-version=")) version = part.substr(part.find('=') + 1);
  }
  if (!takes_json) return Refusal{406, "Accept must allow application/json"};
  if (version.empty()) {
    if (enabled(knobs, "require_api_version"))
      return Refusal{status(knobs, "bad_version_status"), "api-version is required"};
    return std::nullopt;
  }
  auto const supported = split(knobs.text("api_versions"), ',');
  if (contains(supported, version)) return std::nullopt;
  return Refusal{status(knobs, "bad_version_status"), "Unsupported api-version"};
}

Checked<json::object> read_body(Request const& request) {
  auto const type = split(request.header("Content-Type"), ';').front();
  if (!ascii_iequal(type, "application/json")) return Refusal{415, "Content-Type must be application/json"};
  auto body = parse_json(request.body);
  if (!body || !body->is_object()) return Refusal{400, "Invalid JSON"};
  return std::move(body->get_object());
}

Response success(json::value const& body) {
  if (body.is_null()) return {};
  return json_response(200, body);
}

Response refused(Knobs const& knobs, Refusal const& refusal) {
  Response response;
  if (knobs.is("error_body", "array")) {
    response = json_response(refusal.status, json::array{refusal.text});
  } else if (knobs.is("error_body", "object")) {
    response = json_response(refusal.status,
                             json::object{{"error", refusal.text}, {"code", grpc_status(refusal.status)}});
  } else if (knobs.is("error_body", "html")) {
    response = html_response(refusal.status, refusal.text);
  } else if (knobs.is("error_body", "text")) {
    response.headers = {{"Content-Type", "text/plain"}};
    response.body = refusal.text;
  }
  response.status = refusal.status;
  response.headers.emplace_back("grpc-status", std::to_string(grpc_status(refusal.status)));
  response.headers.emplace_back("grpc-message", percent_encode(refusal.text));
  return response;
}

}  // namespace dirsync::sim::console
