#include "daemon/config/problem.hpp"

#include <algorithm>

#include "sync/model/assert.hpp"

namespace dirsync::config {

boost::system::error_code make_error_code(ConfigErrc code) { return code_of(code); }
char const* category_name(ConfigErrc) { return "config"; }
char const* to_text(ConfigErrc code) {
  switch (code) {
    case ConfigErrc::unreadable:
      return "unreadable";
    case ConfigErrc::insecure:
      return "insecure";
    case ConfigErrc::syntax:
      return "syntax";
    case ConfigErrc::duplicate:
      return "duplicate";
    case ConfigErrc::unknown_key:
      return "unknown-key";
    case ConfigErrc::missing:
      return "missing";
    case ConfigErrc::wrong_type:
      return "wrong-type";
    case ConfigErrc::out_of_range:
      return "out-of-range";
    case ConfigErrc::malformed:
      return "malformed";
    case ConfigErrc::conflict:
      return "conflict";
    case ConfigErrc::literal_secret:
      return "literal-secret";
    case ConfigErrc::unknown_name:
      return "unknown-name";
    case ConfigErrc::loosens:
      return "loosens";
    case ConfigErrc::protected_group:
      return "protected-group";
    case ConfigErrc::unsupported:
      return "unsupported";
  }
  return "unknown";
}
Failure failure_of(ConfigErrc) { return Failure::permanent; }

bool may_pass(Problems const& problems) {
  return std::ranges::all_of(
      problems, [](ConfigProblem const& problem) { return problem.code == to_text(ConfigErrc::unreadable); });
}

std::string text(ConfigProblem const& problem) {
  auto where = problem.file;
  if (problem.line > 0) where += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  return where + ": " + problem.text;
}

void throw_exception_from_error(Problems const& problems, boost::source_location const& where) {
  auto const what = "unchecked problem: " + (problems.empty() ? std::string{} : text(problems.front()));
  assertion_failed(what.c_str(), where.file_name(), static_cast<int>(where.line()));
}

}  // namespace dirsync::config
