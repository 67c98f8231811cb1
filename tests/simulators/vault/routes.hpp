#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/vault/calls.hpp"

namespace dirsync::sim::vault {

enum class Needs {
  nothing,
  session,
  session_gen1,  // the first generation of the service answers otherwise when the token is missing
  audit,         // Audit users
  update,        // Add/Update users
  vault_admin,   // membership in Vault Admins
  vault_admin_and_audit,
  vault_admin_and_mapping,  // Manage directory mapping
};

struct RouteSpec {
  /// "{}" in the pattern is a parameter. Patterns are below the application unless they begin with a slash.
  std::string_view name, method, pattern;
  Handler handler;
  Needs needs;
  std::string_view knob;   // must be on; empty: none
  bool hides_path = true;  // when the knob is off: 404, else 405
  bool write = false;
};

std::span<RouteSpec const> routes();

/// Parameters of the path, decoded; nothing when it does not match.
std::optional<std::vector<std::string>> match(RouteSpec const& route, std::string_view path);

/// What the web server refuses before the service sees the path.
/// Whether a segment has what IIS refuses, or a name that Windows keeps or shortens.
bool is_kept_by_windows(std::string_view path);

std::optional<Reply> web_server_refusal(std::string_view path);

}  // namespace dirsync::sim::vault
