#pragma once
// Where the real console's behaviour is unknown or differs between releases, a knob chooses it.
#include <string>
#include <string_view>

#include "sync/model/error.hpp"

namespace dirsync::sim::console {

/// README-console.md explains each knob; the names there are the names here.
struct Knobs {
  std::string totals_as = "string";
  std::string times_as = "number";
  std::string token_times_as = "string";
  bool show_is_default = false;
  std::string group_roles_form = "names";
  std::string user_refs_form = "objects";
  bool users_list_with_groups = false;
  std::string empty_arrays = "shown";
  std::string org_field = "orgId";
  bool user_tokens_in_body = false;
  std::string error_body = "array";

  std::string console_groups = "on";
  std::string group_members = "on";
  bool foreign_memberships = false;
  bool me = true;
  std::string ignore_paging;
  int max_page_size = 100;
  std::string default_query_type = "SHOW_CURRENT";
  bool require_query_type = false;
  std::string short_search = "400";

  bool check_accept = true;
  bool require_api_version = false;
  int bad_version_status = 406;
  std::string api_versions = "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.17,1.0";
  std::string current_api_version = "0.17";

  int bad_login_status = 401;
  bool rotate_refresh = false;
  int access_token_seconds = 7200;
  int refresh_token_seconds = 14 * 24 * 3600;
  int token_bytes = 600;

  int stale_status = 409;
  bool require_update_version = true;
  bool allow_duplicate_names = false;
  std::string refused_in_group_names = "<>%$(){}";
  int delete_nonempty_status = 200;
  bool username_must_be_email = true;
  bool case_sensitive_names = false;
  std::string user_name_change = "ignore";
  std::string absent_array = "empty";
  std::string empty_groups = "apply";
  bool roles_required_on_user = false;
  int stale_reads_ms = 0;

  /// Errors: invalid_argument with the knob and what it accepts.
  Result<void> set(std::string_view name, std::string_view value);
  /// `doc-2.0.2`, `infer-2021`, or empty for the defaults. Errors: invalid_argument.
  static Result<Knobs> named(std::string_view set_name);
};

}  // namespace dirsync::sim::console
