#include "tests/simulators/console/knobs.hpp"

#include <boost/system/errc.hpp>
#include <span>
#include <string>
#include <utility>

namespace dirsync::sim::console {
namespace {

constexpr Knob kTable[] = {
    // How answers are written.
    {"totals_as", "string|number", "string"},
    {"times_as", "number|string", "number"},
    {"token_times_as", "string|number", "string"},
    {"show_is_default", "false|true", "false"},
    {"group_roles_form", "names|objects", "names"},
    {"user_refs_form", "objects|ids|no_ids", "objects"},
    {"users_list_with_groups", "false|true", "false"},
    {"empty_arrays", "shown|absent|null", "shown"},
    {"left_out_of_users", "text", ""},
    {"org_field", "orgId|tenantId", "orgId"},
    {"user_tokens_in_body", "false|true", "false"},
    {"error_body", "array|object|text|html|empty", "array"},
    // Which paths there are, and what lists show.
    {"console_groups", "on|off|405|501", "on"},
    {"group_members", "on|off|405|501", "on"},
    {"foreign_memberships", "false|true", "false"},
    {"me", "true|false", "true"},
    {"ignore_paging", "text", ""},
    {"max_page_size", "number", "100"},
    {"default_query_type", "SHOW_CURRENT|SHOW_ANCESTORS|SHOW_DESCENDANTS|SHOW_ALL", "SHOW_CURRENT"},
    {"require_query_type", "false|true", "false"},
    {"short_search", "400|all|none", "400"},
    {"stale_reads_ms", "number", "0"},
    // Versions and sessions.
    {"check_accept", "true|false", "true"},
    {"require_api_version", "false|true", "false"},
    {"bad_version_status", "406|400|404", "406"},
    {"api_versions", "text", "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.17,1.0"},
    {"current_api_version", "text", "0.17"},
    {"bad_login_status", "401|404", "401"},
    {"rotate_refresh", "false|true", "false"},
    {"access_token_seconds", "number", "7200"},
    {"refresh_token_seconds", "number", "1209600"},
    {"token_bytes", "number", "600"},
    // Writes.
    {"stale_status", "409|400|412|500", "409"},
    {"require_update_version", "true|false", "true"},
    {"allow_duplicate_names", "false|true", "false"},
    {"refused_in_group_names", "text", "<>%$(){}"},
    {"delete_nonempty_status", "200|400|409", "200"},
    {"username_must_be_email", "true|false", "true"},
    {"case_sensitive_names", "false|true", "false"},
    {"user_name_change", "ignore|apply|400", "ignore"},
    {"absent_array", "empty|keep", "empty"},
    {"empty_groups", "apply|ignore|400", "apply"},
    {"roles_required_on_user", "false|true", "false"},
};

using Setting = std::pair<std::string_view, std::string_view>;

constexpr Setting kDoc202[] = {
    {"times_as", "string"}, {"show_is_default", "true"}, {"org_field", "tenantId"}};
constexpr Setting kInfer2021[] = {{"totals_as", "number"},
                                  {"token_times_as", "number"},
                                  {"group_roles_form", "objects"},
                                  {"check_accept", "false"}};

}  // namespace

Result<Knobs> knobs_of_set(std::string_view set_name) {
  std::span<Setting const> settings;
  if (set_name == "doc-2.0.2")
    settings = kDoc202;
  else if (set_name == "infer-2021")
    settings = kInfer2021;
  else if (!set_name.empty())
    return wrong("no set " + std::string{set_name} + "; use doc-2.0.2 or infer-2021");
  Knobs knobs{kTable};
  for (auto const& [name, value] : settings) knobs.set(name, value);
  return knobs;
}

Error wrong(std::string text) {
  return {make_error_code(boost::system::errc::invalid_argument), std::move(text)};
}

}  // namespace dirsync::sim::console
