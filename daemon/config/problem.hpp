#pragma once
#include <boost/assert/source_location.hpp>
#include <string>
#include <vector>

#include "sync/model/error.hpp"

namespace dirsync::config {

enum class ConfigErrc {
  unreadable = 1,  // the file, or one that it names
  insecure,        // wrong file mode, clear text, unverified TLS without consent
  syntax,          // not TOML
  duplicate,       // a key, table or rule name that exists already
  unknown_key,
  missing,  // a key without default
  wrong_type,
  out_of_range,
  malformed,  // a filter, DN, template, address or duration that does not parse
  conflict,   // keys that exclude each other
  literal_secret,
  unknown_name,     // a rule's directory or target that is not defined
  loosens,          // narrower limits that allow more
  protected_group,  // a rule that would write to a built-in group
  unsupported,      // valid, but not in this version
};
boost::system::error_code make_error_code(ConfigErrc code);
char const* category_name(ConfigErrc);
char const* to_text(ConfigErrc code);  // "unknown-key": stable, part of the JSON output
Failure failure_of(ConfigErrc code);

/// One mistake in a configuration, as people and `config check --json` see it.
struct ConfigProblem {
  std::string code;  // to_text(ConfigErrc)
  std::string text;  // what is wrong and what to write instead; never a secret
  std::string file;
  int line = 0, column = 0;  // from 1; 0: the file as a whole
  std::string key;           // "directory.corp.tls.verify"; empty: the file as a whole
  friend bool operator==(ConfigProblem const&, ConfigProblem const&) = default;
};
using Problems = std::vector<ConfigProblem>;  // in file order, never empty

/// True when nothing is wrong but that files or variables cannot be read: they may be on their way.
bool may_pass(Problems const& problems);

/// "FILE:LINE:COLUMN: text"
std::string text(ConfigProblem const& problem);

[[noreturn]] void throw_exception_from_error(Problems const& problems, boost::source_location const& where);

}  // namespace dirsync::config

template <>
struct boost::system::is_error_code_enum<dirsync::config::ConfigErrc> : std::true_type {};
