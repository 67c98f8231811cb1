#include "sync/vault/answers.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "sync/model/text.hpp"
#include "sync/rest/json.hpp"
#include "sync/vault/errors.hpp"
#include "sync/vault/result_class.hpp"

namespace json = boost::json;

namespace dirsync::vault {
using rest::member;
using rest::parse_json;
using rest::parse_object;
using rest::text_or_empty;

namespace {

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
  auto const* details = member(body, "Details");
  if (details != nullptr && details->is_array() && !details->get_array().empty())
    details = &details->get_array().front();
  return details != nullptr && details->is_object() ? text_or_empty(details->get_object(), "ErrorCode")
                                                    : std::string{};
}

}  // namespace

Refusal parse_refusal(std::string_view body) {
  Refusal refusal;
  auto const object = parse_object(body);
  refusal.empty = body.empty();
  if (!object) return refusal;
  refusal.json = true;
  refusal.code = text_or_empty(*object, "ErrorCode");
  refusal.message = text_or_empty(*object, "ErrorMessage");
  constexpr std::string_view kWrapper = "CAWS00001E";
  if (refusal.code == kWrapper)
    if (auto inner = passed_on_code(refusal.message); !inner.empty()) refusal.code = std::move(inner);
  if (refusal.code.empty()) refusal.code = code_of_details(*object);
  if (refusal.code.empty()) refusal.code = text_or_empty(*object, "error");
  if (refusal.code.empty()) refusal.code = text_or_empty(*object, "code");
  if (refusal.message.empty()) refusal.message = text_or_empty(*object, "message");
  if (refusal.message.empty()) refusal.message = text_or_empty(*object, "error_description");
  refusal.message = printable(refusal.message);
  return refusal;
}

std::optional<std::string> parse_token(std::string_view body) {
  auto const value = parse_json(body);
  if (!value || !value->is_string() || value->get_string().empty()) return std::nullopt;
  return std::string{value->get_string()};
}

std::optional<PlatformToken> parse_platform_token(std::string_view body) {
  auto const object = parse_object(body);
  if (!object) return std::nullopt;
  PlatformToken token{text_or_empty(*object, "access_token"), {}};
  if (token.token.empty()) return std::nullopt;
  constexpr std::chrono::seconds kShortestKnown{1800};  // for servers that do not say
  constexpr std::int64_t kLongest = 86'400;             // keeps sums of times from overflowing
  auto const seconds = rest::number_at(*object, "expires_in").value_or(0);
  token.lifetime = seconds > 0 ? std::chrono::seconds{std::min(seconds, kLongest)} : kShortestKnown;
  return token;
}

std::optional<rest::Version> parse_server_version(std::string_view body) {
  auto const object = parse_object(body);
  return object ? rest::Version::parse_beginning(text_or_empty(*object, "ExternalVersion")) : std::nullopt;
}

std::string parse_created_id(std::string_view body) {
  auto const object = parse_object(body);
  auto id = object ? text_or_empty(*object, "id") : std::string{};
  return id == "0" ? std::string{} : id;
}

std::optional<TargetUser> parse_user_details(std::string_view body) {
  auto const object = parse_object(body);
  if (!object) return std::nullopt;
  TargetUser user;
  user.id = text_or_empty(*object, "id");
  user.name = text_or_empty(*object, "username");
  user.dn = text_or_empty(*object, "userDN");
  auto const source = text_or_empty(*object, "source");
  user.source = ascii_iequal(source, "LDAP")       ? UserSource::directory
                : ascii_iequal(source, "CyberArk") ? UserSource::local
                                                   : UserSource::unknown;
  if (user.id.empty() || user.name.empty()) return std::nullopt;
  return user;
}

std::optional<std::vector<std::string>> parse_directories(std::string_view body) {
  auto const value = parse_json(body);
  if (!value || !value->is_array()) return std::nullopt;
  std::vector<std::string> names;
  for (auto const& each : value->get_array()) {
    auto name = each.is_object() ? text_or_empty(each.get_object(), "DomainName") : std::string{};
    if (name.empty()) return std::nullopt;
    names.push_back(std::move(name));
  }
  return names;
}

bool wants_domain_name(std::string_view body) {
  return ascii_lower(body).find("domainname") != std::string::npos;
}

Error error_of(http::Response const& response, std::string_view what, std::string_view right, Url url) {
  auto const refusal = parse_refusal(response.body);
  auto context = std::string{what} + ": status " + std::to_string(response.status);
  if (!refusal.code.empty()) context += " " + printable(refusal.code);
  auto const result = result_class(response.status, refusal);
  // A success is data: who asked for it hides no secret in it, so it is not quoted.
  if (!refusal.message.empty() && result != ResultClass::ok) context += " (" + refusal.message + ")";
  auto const is_page = !refusal.json && !refusal.empty;
  constexpr std::string_view kNotForAdministrator = "PASWS291E";
  switch (result) {
    case ResultClass::ok:
      return {VaultErrc::bad_answer, context + ", but the body is not one of this API; check url"};
    case ResultClass::unauthenticated:
      return {VaultErrc::session_lost,
              context +
                  "; send all calls of a session to one PVWA node, "
                  "and let nobody else log on as this user without concurrentSession"};
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
      if (url == Url::proven)
        return {
            VaultErrc::bad_answer,
            context +
                " from the web server, not from PVWA, which answers other calls at this url: IIS or a "
                "gateway "
                "does not let this path through; look into their logs for the rule, or make the change by "
                "hand in the PrivateArk client"};
      return {VaultErrc::bad_answer,
              context + " from the web server, not from PVWA; check that url ends with /PasswordVault"};
    case ResultClass::unsupported:
      return {VaultErrc::refused,
              context +
                  "; this PVWA does not have the call, or WebDAV Publishing of IIS keeps it away: "
                  "update PVWA, or remove WebDAV Publishing from IIS on its server"};
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
