#pragma once
// The calls of the PVWA REST API that are used, as pure functions. Paths are below the base URL.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sync/http/client.hpp"
#include "sync/model/error.hpp"
#include "sync/rest/requests.hpp"
#include "sync/vault/settings.hpp"

namespace dirsync::vault {

/// "CyberArk Authentication: Logon". One session among several of the same user.
http::Request logon(Settings const& settings);
/// OAuth2 client credentials of Identity Security Platform Shared Services; for the token URL's own client.
http::Request platform_token(Settings const& settings);
http::Request logoff();

/// "Server". The newer place is asked when the older one is not found.
http::Request server_version();
http::Request server_version_elsewhere();

/// "Get users".
http::Request list_users();
http::Request list_users_page(std::size_t offset, std::size_t size);
/// "Get user details". This and what follows with an id or a name: Errors: HttpErrc::bad_path where no path
/// can carry it.
Result<http::Request> user_details(std::string_view id);

/// "Get groups". No filter: Directory groups are needed to recognise nested ones.
http::Request list_groups();
/// The same on Privilege Cloud, with the groups that it may hide otherwise.
http::Request list_groups_with_predefined();
http::Request search_groups(std::string_view name);
/// The groups whose names may be `name` in whatever case, and more, without their members. Nothing: a search
/// for it would not be told from one for everything.
std::optional<http::Request> search_group_names(std::string_view name);
/// A page at a path that path_of_link() gave.
http::Request page_at(std::string path);
/// "Get group details".
Result<http::Request> group_details(std::string_view id);
/// The same without the members, as far as the server leaves them out.
Result<http::Request> group_alone(std::string_view id);

/// "Get directories": those through which the Vault provisions people. Self-hosted only, for Vault Admins
/// only.
http::Request list_directories();

/// "Create group", "Update group", "Delete group". A group that we create bears rest::kMark.
rest::Write create_group(std::string_view name, std::string_view location);
Result<rest::Write> rename_group(std::string_view id, std::string_view name);
Result<rest::Write> delete_group(std::string_view id);

/// "Add member to group": somebody whom the Vault knows, by exact user name.
Result<rest::Write> add_member(std::string_view group_id, std::string_view name);
/// The same with an empty domain, for servers that want the property always.
Result<rest::Write> add_member_with_empty_domain(std::string_view group_id, std::string_view name);
/// Looked up in the directory and provisioned through its mapping.
Result<rest::Write> add_domain_member(std::string_view group_id, std::string_view name,
                                      std::string_view domain);
/// "Remove member from group". Errors: HttpErrc::bad_path when a path cannot carry the name; see
/// why_not_addressable().
Result<rest::Write> remove_member(std::string_view group_id, std::string_view name);

/// Why nobody can be provisioned where users come from Identity.
inline constexpr char kNoProvisioning[] = "Privilege Cloud takes nobody in through a directory mapping";

/// Empty when the name can stand in a path of this server, so that a request can take such a member out
/// again. Nobody else is ever added.
std::string why_not_addressable(std::string_view member_name);
/// Empty when a group of this name can be created.
std::string why_no_group_name(std::string_view name);

/// Where a `nextLink` leads, below the base URL. Nothing when it leads to another server or place.
std::optional<std::string> path_of_link(std::string_view link, std::span<std::string const> base_urls);

}  // namespace dirsync::vault
