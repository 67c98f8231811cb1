#pragma once
// Small answers of the PVWA REST API, as pure functions. Lists: sync/vault/lists.hpp.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/http/client.hpp"
#include "sync/model/error.hpp"
#include "sync/model/observed.hpp"
#include "sync/rest/version.hpp"

namespace dirsync::vault {

/// What a refusal says. Decisions use `code`; `message` is localised, for people only.
struct Refusal {
  bool json = false;    // false: a page of IIS or a gateway, or nothing
  bool empty = false;   // no body at all
  std::string code;     // the Vault's own code when PVWA only passes it on
  std::string message;  // printable
};
Refusal parse_refusal(std::string_view body);

/// The bare JSON string that a logon gives. Nothing for any other body.
std::optional<std::string> parse_token(std::string_view body);
struct PlatformToken {
  std::string token;
  std::chrono::seconds lifetime{};
};
std::optional<PlatformToken> parse_platform_token(std::string_view body);

std::optional<rest::Version> parse_server_version(std::string_view body);

/// Id of a group from the answer to its creation; empty when the server does not say.
std::string parse_created_id(std::string_view body);

/// One user from "Get user details".
std::optional<TargetUser> parse_user_details(std::string_view body);

/// Domain names from "Get directories". Nothing when the body is no such list.
std::optional<std::vector<std::string>> parse_directories(std::string_view body);

/// True when a refusal of "Add member to group" names the property domainName as missing.
bool wants_domain_name(std::string_view body);

/// Whether other calls have reached PVWA at this URL before.
enum class Url { unproven, proven };
/// The error of an answer that is not a success. `what`: the call in words; `right`: needed for it.
Error error_of(http::Response const& response, std::string_view what, std::string_view right,
               Url url = Url::unproven);

}  // namespace dirsync::vault
