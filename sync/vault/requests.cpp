#include "sync/vault/requests.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "sync/model/text.hpp"
#include "sync/model/unseen_character.hpp"
#include "sync/rest/mark.hpp"
#include "sync/vault/result_class.hpp"

namespace json = boost::json;

namespace dirsync::vault {
namespace {

using http::Method;
using http::percent_encode;
using http::Request;
using rest::Path;
using rest::Segment;
using rest::Write;

constexpr std::string_view kUserGroups = "/API/UserGroups";
constexpr auto kServer = rest::PathServer::iis;

Request read(Path const& path) {
  auto request = rest::read_request(path);
  request.passes = [](http::Response const& answer, int attempt) {
    return passes_by_itself(answer.status, parse_refusal(answer.body), attempt);
  };
  return request;
}

/// IIS takes the last segment for a file when it holds a dot and no slash follows, so every path ends with
/// one.
Result<Path> group_path(std::string_view id) {
  return Path::of(kServer, {kUserGroups, "/", Segment{id}, "/"});
}
Result<Path> members_path(std::string_view id) {
  return Path::of(kServer, {kUserGroups, "/", Segment{id}, "/Members/"});
}

Result<Write> write(Method method, Result<Path> const& path, json::object const* body = nullptr) {
  if (!path) return path.error();
  return Write{method, *path, body != nullptr ? json::serialize(*body) : std::string{}};
}

char const* path_segment(AuthMethod method) {
  switch (method) {
    case AuthMethod::ldap:
      return "LDAP";
    case AuthMethod::radius:
      return "RADIUS";
    case AuthMethod::windows:
      return "Windows";
    default:
      return "CyberArk";
  }
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

}  // namespace

Request logon(Settings const& settings) {
  json::object const body{{"username", settings.user},
                          {"password", settings.password.reveal()},
                          // The plural spelling is ignored, and sessions then end one another.
                          {"concurrentSession", true}};
  auto const path = Path::fixed(std::string{"/API/Auth/"} + path_segment(settings.method) + "/Logon");
  auto request = rest::session_call(Method::post, path, json::serialize(body));
  request.repeat = http::Repeat::unless_judged;
  if (settings.method == AuthMethod::windows) request.login = http::Login{settings.user, settings.password};
  return request;
}

Request platform_token(Settings const& settings) {
  auto request =
      rest::session_call(Method::post, Path::fixed(""),
                         "grant_type=client_credentials&client_id=" + percent_encode(settings.user) +
                             "&client_secret=" + percent_encode(settings.password.reveal()));
  request.content_type = "application/x-www-form-urlencoded";
  request.repeat = http::Repeat::unless_judged;
  return request;
}

Request logoff() { return rest::log_off_request(Method::post, Path::fixed("/API/Auth/Logoff"), {}); }

Request server_version() { return read(Path::fixed("/WebServices/PIMServices.svc/Server")); }
Request server_version_elsewhere() { return read(Path::fixed("/API/Server")); }

Request list_users() { return read(Path::fixed("/API/Users?ExtendedDetails=true")); }
Request list_users_page(std::size_t offset, std::size_t size) {
  return read(Path::fixed("/API/Users?ExtendedDetails=true&pageOffset=" + std::to_string(offset) +
                          "&pageSize=" + std::to_string(size)));
}
Result<Request> user_details(std::string_view id) {
  auto const path = Path::of(kServer, {"/API/Users/", Segment{id}, "/"});
  if (!path) return path.error();
  return read(*path);
}

Request list_groups() { return read(Path::fixed(std::string{kUserGroups} + "?includeMembers=true")); }
Request list_groups_with_predefined() {
  return read(Path::fixed(std::string{kUserGroups} + "?includeMembers=true&includePredefinedUsers=true"));
}

Request search_groups(std::string_view name) {
  // The longest run free of characters that a query of this server cannot carry.
  constexpr std::string_view kUnfit = "+&%\"";
  std::string_view longest;
  for (std::size_t begin = 0; begin <= name.size();) {
    auto const end = std::min(name.find_first_of(kUnfit, begin), name.size());
    if (end - begin > longest.size()) longest = name.substr(begin, end - begin);
    begin = end + 1;
  }
  return read(
      Path::fixed(std::string{kUserGroups} + "?search=" + percent_encode(longest) + "&includeMembers=true"));
}

std::optional<Request> search_group_names(std::string_view name) {
  // Shorter ones find too much. Whatever else is in a name, a search finds this, whole or not.
  constexpr std::size_t kShortest = 3;
  constexpr std::string_view kFit = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string_view longest;
  for (auto begin = name.find_first_of(kFit); begin != name.npos;) {
    auto const end = std::min(name.find_first_not_of(kFit, begin), name.size());
    if (end - begin > longest.size()) longest = name.substr(begin, end - begin);
    begin = name.find_first_of(kFit, end);
  }
  if (longest.size() < kShortest) return std::nullopt;
  return read(Path::fixed(std::string{kUserGroups} + "?search=" + percent_encode(longest)));
}

Request page_at(std::string path) { return read(Path::fixed(std::move(path))); }
Result<Request> group_details(std::string_view id) {
  auto const path = group_path(id);
  if (!path) return path.error();
  return read(path->with_query("includeMembers=true"));
}
Result<Request> group_alone(std::string_view id) {
  auto const path = group_path(id);
  if (!path) return path.error();
  return read(*path);
}

Request list_directories() {
  auto request = read(Path::fixed("/API/Configuration/LDAP/Directories/"));
  constexpr std::chrono::seconds kTotal{20};  // a check that nothing depends on
  request.total = kTotal;
  return request;
}

Write create_group(std::string_view name, std::string_view location) {
  json::object const body{{"groupName", name}, {"description", rest::kMark}, {"location", location}};
  return {Method::post, Path::fixed(std::string{kUserGroups} + "/"), json::serialize(body)};
}
Result<Write> rename_group(std::string_view id, std::string_view name) {
  json::object const body{{"groupName", name}};
  return write(Method::put, group_path(id), &body);
}
Result<Write> delete_group(std::string_view id) { return write(Method::del, group_path(id)); }

Result<Write> add_member(std::string_view group_id, std::string_view name) {
  json::object const body{{"memberId", name}, {"memberType", "Vault"}};
  return write(Method::post, members_path(group_id), &body);
}
Result<Write> add_member_with_empty_domain(std::string_view group_id, std::string_view name) {
  json::object const body{{"memberId", name}, {"memberType", "Vault"}, {"domainName", ""}};
  return write(Method::post, members_path(group_id), &body);
}
Result<Write> add_domain_member(std::string_view group_id, std::string_view name, std::string_view domain) {
  json::object const body{{"memberId", name}, {"memberType", "Domain"}, {"domainName", domain}};
  return write(Method::post, members_path(group_id), &body);
}

Result<Write> remove_member(std::string_view group_id, std::string_view name) {
  return write(Method::del,
               Path::of(kServer, {kUserGroups, "/", Segment{group_id}, "/Members/", Segment{name}, "/"}));
}

std::string why_not_addressable(std::string_view member_name) {
  auto const why = rest::why_no_segment(member_name, kServer);
  return why.empty() ? why : "PVWA cannot address a member of this name: " + why;
}

std::string why_no_group_name(std::string_view name) {
  constexpr std::size_t kLongest = 128;
  constexpr std::string_view kUnfit = "+&%/\\:*?\"<>|";
  auto const characters =
      static_cast<std::size_t>(std::ranges::count_if(name, [](char c) { return (c & 0xC0) != 0x80; }));
  if (name.empty()) return "the group name is empty";
  if (characters > kLongest) return "the group name is longer than 128 characters";
  if (!is_utf8(name)) return "the group name is not UTF-8";
  if (auto const unseen = unseen_character_in(name); !unseen.empty())
    return "the group name holds " + unseen +
           ", which cannot be seen; correct the name or map it with group_name";
  if (auto const at = name.find_first_of(kUnfit); at != std::string_view::npos)
    return std::string{"the group name holds '"} + name[at] + "', which URLs of PVWA cannot carry";
  constexpr std::string_view kUnfitAtEnds = " .";
  if (kUnfitAtEnds.find(name.front()) != std::string_view::npos ||
      kUnfitAtEnds.find(name.back()) != std::string_view::npos)
    return "the group name begins or ends with a space or a dot";
  // As a member of another group it is called by its name.
  if (auto const why = rest::why_no_segment(name, kServer); !why.empty())
    return "no path of PVWA can carry the group name: " + why;
  return {};
}

std::optional<std::string> path_of_link(std::string_view link, std::span<std::string const> base_urls) {
  if (link.empty() || has_control(link) || http::has_dot_segment(link)) return std::nullopt;
  std::string encoded;
  for (char const c : link) encoded += c == ' ' ? std::string{"%20"} : std::string{c};
  auto const below = [&encoded](std::string_view base) -> std::optional<std::string> {
    if (encoded.size() <= base.size() || !ascii_iequal(encoded.substr(0, base.size()), base) ||
        encoded[base.size()] != '/')
      return std::nullopt;
    return encoded.substr(base.size());
  };
  auto const absolute = encoded.find("://") < encoded.find_first_of("/?#") + 1 && encoded.front() != '/';
  for (auto const& base : base_urls) {
    auto const authority = base.find("://");
    auto const path_begin = std::min(base.find('/', authority + 3), base.size());
    if (absolute) {
      if (auto path = below(base)) return path;
    } else if (encoded.starts_with("//")) {
      return std::nullopt;
    } else if (encoded.front() == '/') {
      if (auto path = below(base.substr(path_begin))) return path;
    }
  }
  if (absolute || encoded.front() == '/') return std::nullopt;
  return "/" + encoded;
}

}  // namespace dirsync::vault
