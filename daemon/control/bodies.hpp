#pragma once
// What requests carry, as values. Names that are not known are mistakes: one that is misspelt must not lead
// to another run than the one that was meant.
#include <map>
#include <string>
#include <string_view>

#include "daemon/cli/run_ask.hpp"
#include "daemon/cli/wishes.hpp"
#include "sync/model/error.hpp"

namespace dirsync::control {

enum class BodyErrc { malformed = 1 };
boost::system::error_code make_error_code(BodyErrc code);
char const* category_name(BodyErrc);
char const* to_text(BodyErrc code);
Failure failure_of(BodyErrc code);

/// The body of POST /v1/sync: {rule, group, user, dry_run, accept_band, approve, reason, expect,
/// ask, detailed_exitcode, undo}, each optional; an empty body is {}. Errors: BodyErrc.
Result<cli::RunAsk> run_ask_in(std::string_view body);
/// The query of GET /v1/plan: rule, group, user, detailed_exitcode ("true" or "false"). Errors: BodyErrc.
Result<cli::RunAsk> run_ask_in(std::map<std::string, std::string> const& query);
/// The body of POST /v1/approve and /v1/reject: {digest, reason}, the latter optional. Errors: BodyErrc.
Result<cli::DecisionWish> decision_in(std::string_view body, bool approves);
/// The body of POST /v1/freeze: {reason, target, removals, until}, all but the first optional. Errors:
/// BodyErrc.
Result<cli::FreezeWish> freeze_in(std::string_view body);
/// The body of POST /v1/thaw: {target}, optional; empty: all. Errors: BodyErrc.
Result<std::string> thaw_in(std::string_view body);
/// The body of POST /v1/retry: {target, group, user}, each optional. Errors: BodyErrc.
Result<store::RetryWish> retry_in(std::string_view body);
/// The other way.
std::string body_of(cli::RunAsk const& ask);

}  // namespace dirsync::control

template <>
struct boost::system::is_error_code_enum<dirsync::control::BodyErrc> : std::true_type {};
