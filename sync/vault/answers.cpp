#include "sync/vault/answers.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>

#include "sync/model/text.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/result_class.hpp"

namespace json = boost::json;

namespace dirsync::vault {
namespace {

std::optional<json::value> parse(std::string_view body) {
  boost::system::error_code failed;
  auto value = json::parse(body, failed);
  if (failed) return std::nullopt;
  return value;
}

/// Names of properties compare without regard to case.
json::value const* property(json::object const& object, std::string_view name) {
  for (auto const& each : object)
    if (ascii_iequal(each.key(), name)) return &each.value();
  return nullptr;
}

std::string text_of(json::object const& object, std::string_view name) {
  auto const* const value = property(object, name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

/// Ids are numbers; some servers write them as text.
std::string id_of(json::object const& object, std::string_view name) {
  auto const* const value = property(object, name);
  if (value == nullptr) return {};
  if (value->is_string()) return std::string{value->get_string()};
  boost::system::error_code failed;
  auto const number = value->to_number<std::int64_t>(failed);
  return failed ? std::string{} : std::to_string(number);
}

/// PVWA wraps errors of the Vault: the true code, such as ITATS262E, is the first word of the message.
std::string passed_on_code(std::string const& message) {
  auto const word = message.substr(0, message.find_first_of(" :,."));
  auto const letters = std::min(word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), word.size());
  auto const digits = std::min(word.find_first_not_of("0123456789", letters), word.size()) - letters;
  auto const is_code = letters >= 4 && letters <= 6 && digits >= 3 && digits <= 5 &&
                       word.size() == letters + digits + 1 &&
                       std::string_view{"EIWS"}.find(word.back()) != std::string_view::npos;
  return is_code ? word : std::string{};
}

std::string code_of_details(json::object const& body) {
  auto const* details = property(body, "Details");
  if (details != nullptr && details->is_array() && !details->get_array().empty())
    details = &details->get_array().front();
  return details != nullptr && details->is_object() ? text_of(details->get_object(), "ErrorCode")
                                                    : std::string{};
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  auto const* at = text.data();
  auto const* const end = at + text.size();
  for (std::size_t i = 0; i < version.parts.size(); ++i) {
    auto const [next, failed] = std::from_chars(at, end, version.parts[i]);
    if (failed != std::errc{} || version.parts[i] < 0) return i == 0 ? std::nullopt : std::optional{version};
    at = next;
    if (at == end || *at != '.') break;
    ++at;
  }
  return version;
}

std::string to_text(Version const& version) {
  auto const& parts = version.parts;
  return std::to_string(parts[0]) + "." + std::to_string(parts[1]) + "." + std::to_string(parts[2]);
}

Refusal parse_refusal(std::string_view body) {
  auto const value = parse(body);
  if (!value || !value->is_object()) {
    Refusal nothing;
    nothing.empty = body.empty();
    return nothing;
  }
  auto const& object = value->get_object();
  Refusal refusal{true, false, text_of(object, "ErrorCode"), text_of(object, "ErrorMessage")};
  constexpr std::string_view kWrapper = "CAWS00001E";
  if (refusal.code == kWrapper)
    if (auto inner = passed_on_code(refusal.message); !inner.empty()) refusal.code = std::move(inner);
  if (refusal.code.empty()) refusal.code = code_of_details(object);
  if (refusal.code.empty()) refusal.code = text_of(object, "error");
  if (refusal.code.empty()) refusal.code = text_of(object, "code");
  if (refusal.message.empty()) refusal.message = text_of(object, "message");
  if (refusal.message.empty()) refusal.message = text_of(object, "error_description");
  refusal.message = printable(refusal.message);
  return refusal;
}

std::optional<std::string> parse_token(std::string_view body) {
  auto const value = parse(body);
  if (!value || !value->is_string() || value->get_string().empty()) return std::nullopt;
  return std::string{value->get_string()};
}

std::optional<PlatformToken> parse_platform_token(std::string_view body) {
  auto const value = parse(body);
  if (!value || !value->is_object()) return std::nullopt;
  PlatformToken token{text_of(value->get_object(), "access_token"), {}};
  if (token.token.empty()) return std::nullopt;
  constexpr std::chrono::seconds kShortestKnown{1800};  // for servers that do not say
  token.lifetime = kShortestKnown;
  if (auto const* const expires = property(value->get_object(), "expires_in")) {
    boost::system::error_code failed;
    auto const seconds = expires->to_number<std::int64_t>(failed);
    constexpr std::int64_t kLongest = 86'400;  // keeps sums of times from overflowing
    if (!failed && seconds > 0) token.lifetime = std::chrono::seconds{std::min(seconds, kLongest)};
  }
  return token;
}

std::optional<Version> parse_server_version(std::string_view body) {
  auto const value = parse(body);
  if (!value || !value->is_object()) return std::nullopt;
  return parse_version(text_of(value->get_object(), "ExternalVersion"));
}

std::string parse_created_id(std::string_view body) {
  auto const value = parse(body);
  if (!value || !value->is_object()) return {};
  auto id = id_of(value->get_object(), "id");
  return id == "0" ? std::string{} : id;
}

std::optional<TargetUser> parse_user_details(std::string_view body) {
  auto const value = parse(body);
  if (!value || !value->is_object()) return std::nullopt;
  auto const& object = value->get_object();
  TargetUser user;
  user.id = id_of(object, "id");
  user.name = text_of(object, "username");
  user.dn = text_of(object, "userDN");
  auto const source = text_of(object, "source");
  user.source = ascii_iequal(source, "LDAP")       ? UserSource::directory
                : ascii_iequal(source, "CyberArk") ? UserSource::local
                                                   : UserSource::unknown;
  if (user.id.empty() || user.name.empty()) return std::nullopt;
  return user;
}

std::optional<std::vector<std::string>> parse_directories(std::string_view body) {
  auto const value = parse(body);
  if (!value || !value->is_array()) return std::nullopt;
  std::vector<std::string> names;
  for (auto const& each : value->get_array()) {
    auto name = each.is_object() ? text_of(each.get_object(), "DomainName") : std::string{};
    if (name.empty()) return std::nullopt;
    names.push_back(std::move(name));
  }
  return names;
}

bool wants_domain_name(std::string_view body) {
  return ascii_lower(body).find("domainname") != std::string::npos;
}

Error error_of(http::Response const& response, std::string_view what, std::string_view right) {
  auto const refusal = parse_refusal(response.body);
  auto context = std::string{what} + ": status " + std::to_string(response.status);
  if (!refusal.code.empty()) context += " " + printable(refusal.code);
  if (!refusal.message.empty()) context += " (" + refusal.message + ")";
  auto const is_page = !refusal.json && !refusal.empty;
  constexpr std::string_view kNotForAdministrator = "PASWS291E";
  switch (result_class(response.status, refusal)) {
    case ResultClass::ok:
      return {VaultErrc::bad_answer, context + ", but the body is not one of this API; check url"};
    case ResultClass::unauthenticated:
      return {VaultErrc::session_lost,
              context +
                  "; send all calls of a session to one PVWA node, and let nobody else "
                  "log on as this user without concurrentSession"};
    case ResultClass::forbidden:
      if (is_page)
        return {VaultErrc::not_authorised,
                context + " from the web server or a gateway, not from PVWA; allow this call there"};
      if (refusal.code == kNotForAdministrator)
        return {VaultErrc::not_authorised,
                context + "; the built-in Administrator may not do this, give dirsyncd a user of its own"};
      return {VaultErrc::not_authorised,
              context + "; give the service user the right " + std::string{right} + " at the location \\"};
    case ResultClass::throttled:
    case ResultClass::transient:
      return {VaultErrc::overloaded, context + "; the next run tries again"};
    case ResultClass::routing:
      return {VaultErrc::bad_answer,
              context + " from the web server, not from PVWA; check that url ends with /PasswordVault"};
    case ResultClass::unsupported:
      return {VaultErrc::refused,
              context +
                  "; this PVWA does not have the call, or WebDAV Publishing of IIS keeps it "
                  "away: update PVWA, or remove WebDAV Publishing from IIS on its server"};
    case ResultClass::protocol:
      return {
          VaultErrc::refused,
          context + "; a proxy or gateway may have changed the request, look into its log and that of IIS"};
    case ResultClass::already:
    case ResultClass::absent:
    case ResultClass::invalid:
    case ResultClass::conflict:
      break;
  }
  return {VaultErrc::refused, context};
}

}  // namespace dirsync::vault
