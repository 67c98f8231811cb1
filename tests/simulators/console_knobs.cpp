#include "tests/simulators/console_knobs.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <charconv>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace dirsync::sim::console {
namespace {

struct Choice {
  std::string Knobs::*field;
  std::vector<std::string_view> values;  // empty: any text
};
struct Number {
  int Knobs::*field;
  std::vector<int> values;  // empty: any from 0
};
using Switch = bool Knobs::*;

struct Knob {
  std::string_view name;
  std::variant<Switch, Number, Choice> kind;
};

std::span<Knob const> table() {
  static std::vector<std::string_view> const number_or_string{"number", "string"};
  static std::vector<std::string_view> const path_state{"on", "off", "405", "501"};
  static Knob const knobs[] = {
      {"totals_as", Choice{&Knobs::totals_as, number_or_string}},
      {"times_as", Choice{&Knobs::times_as, number_or_string}},
      {"token_times_as", Choice{&Knobs::token_times_as, number_or_string}},
      {"show_is_default", &Knobs::show_is_default},
      {"group_roles_form", Choice{&Knobs::group_roles_form, {"names", "objects"}}},
      {"user_refs_form", Choice{&Knobs::user_refs_form, {"objects", "ids", "no_ids"}}},
      {"users_list_with_groups", &Knobs::users_list_with_groups},
      {"empty_arrays", Choice{&Knobs::empty_arrays, {"shown", "absent", "null"}}},
      {"org_field", Choice{&Knobs::org_field, {"orgId", "tenantId"}}},
      {"user_tokens_in_body", &Knobs::user_tokens_in_body},
      {"error_body", Choice{&Knobs::error_body, {"array", "object", "text", "html", "empty"}}},
      {"console_groups", Choice{&Knobs::console_groups, path_state}},
      {"group_members", Choice{&Knobs::group_members, path_state}},
      {"foreign_memberships", &Knobs::foreign_memberships},
      {"me", &Knobs::me},
      {"ignore_paging", Choice{&Knobs::ignore_paging, {}}},
      {"max_page_size", Number{&Knobs::max_page_size, {}}},
      {"default_query_type", Choice{&Knobs::default_query_type,
                                    {"SHOW_CURRENT", "SHOW_ANCESTORS", "SHOW_DESCENDANTS", "SHOW_ALL"}}},
      {"require_query_type", &Knobs::require_query_type},
      {"short_search", Choice{&Knobs::short_search, {"400", "all", "none"}}},
      {"check_accept", &Knobs::check_accept},
      {"require_api_version", &Knobs::require_api_version},
      {"bad_version_status", Number{&Knobs::bad_version_status, {400, 404, 406}}},
      {"api_versions", Choice{&Knobs::api_versions, {}}},
      {"current_api_version", Choice{&Knobs::current_api_version, {}}},
      {"bad_login_status", Number{&Knobs::bad_login_status, {401, 404}}},
      {"rotate_refresh", &Knobs::rotate_refresh},
      {"access_token_seconds", Number{&Knobs::access_token_seconds, {}}},
      {"refresh_token_seconds", Number{&Knobs::refresh_token_seconds, {}}},
      {"token_bytes", Number{&Knobs::token_bytes, {}}},
      {"stale_status", Number{&Knobs::stale_status, {400, 409, 412, 500}}},
      {"require_update_version", &Knobs::require_update_version},
      {"allow_duplicate_names", &Knobs::allow_duplicate_names},
      {"refused_in_group_names", Choice{&Knobs::refused_in_group_names, {}}},
      {"delete_nonempty_status", Number{&Knobs::delete_nonempty_status, {200, 400, 409}}},
      {"username_must_be_email", &Knobs::username_must_be_email},
      {"case_sensitive_names", &Knobs::case_sensitive_names},
      {"user_name_change", Choice{&Knobs::user_name_change, {"ignore", "apply", "400"}}},
      {"absent_array", Choice{&Knobs::absent_array, {"empty", "keep"}}},
      {"empty_groups", Choice{&Knobs::empty_groups, {"apply", "ignore", "400"}}},
      {"roles_required_on_user", &Knobs::roles_required_on_user},
      {"stale_reads_ms", Number{&Knobs::stale_reads_ms, {}}},
  };
  return knobs;
}

template <class Values>
std::string listed(Values const& values, auto const& text_of) {
  std::string text;
  for (auto const& value : values) text += (text.empty() ? "one of " : ", ") + std::string{text_of(value)};
  return text;
}

// Each sets the field and returns nothing, or returns what it would have accepted.
std::string assign(Knobs& knobs, Switch field, std::string_view value) {
  if (value != "true" && value != "false") return "true or false";
  knobs.*field = value == "true";
  return {};
}
std::string assign(Knobs& knobs, Number const& number, std::string_view value) {
  int parsed = 0;
  auto const* const end = value.data() + value.size();
  auto const [stop, error] = std::from_chars(value.data(), end, parsed);
  if (error != std::errc{} || stop != end || parsed < 0) return "a number from 0";
  if (!number.values.empty() && std::ranges::find(number.values, parsed) == number.values.end())
    return listed(number.values, [](int one) { return std::to_string(one); });
  knobs.*number.field = parsed;
  return {};
}
std::string assign(Knobs& knobs, Choice const& choice, std::string_view value) {
  if (!choice.values.empty() && std::ranges::find(choice.values, value) == choice.values.end())
    return listed(choice.values, [](std::string_view one) { return one; });
  knobs.*choice.field = value;
  return {};
}

Error wrong(std::string text) {
  return {make_error_code(boost::system::errc::invalid_argument), std::move(text)};
}

}  // namespace

Result<void> Knobs::set(std::string_view name, std::string_view value) {
  auto const knob = std::ranges::find(table(), name, &Knob::name);
  if (knob == table().end())
    return wrong("there is no knob " + std::string{name} + "; see README-console.md");
  auto const accepted =
      std::visit([this, value](auto const& kind) { return assign(*this, kind, value); }, knob->kind);
  if (accepted.empty()) return {};
  return wrong("knob " + std::string{name} + ": " + std::string{value} + " is not " + accepted);
}

Result<Knobs> Knobs::named(std::string_view set_name) {
  Knobs knobs;
  if (set_name == "doc-2.0.2") {
    knobs.times_as = "string";
    knobs.show_is_default = true;
    knobs.org_field = "tenantId";
  } else if (set_name == "infer-2021") {
    knobs.totals_as = knobs.token_times_as = "number";
    knobs.group_roles_form = "objects";
    knobs.check_accept = false;
  } else if (!set_name.empty()) {
    return wrong("there is no set " + std::string{set_name} + "; use doc-2.0.2 or infer-2021");
  }
  return knobs;
}

}  // namespace dirsync::sim::console
