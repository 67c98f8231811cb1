#pragma once
// Where `dirsyncd init` has its answers from: options, and a person where one is there.
#include <optional>
#include <string>

#include "daemon/cli/arguments.hpp"
#include "daemon/init/answers.hpp"
#include "ldap/settings.hpp"
#include "ldap/survey/survey.hpp"
#include "sync/model/error.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::cli {

/// The answers, and what does not go into the configuration.
struct InitState {
  init::Answers answers;
  std::string base, users_base, groups_base;  // empty: to be proposed
  Secret bind_password;
  /// File that is to hold the password that somebody typed; empty: none, it was in a file already or stays
  /// with the person.
  std::string password_file;
  bool has_all_secrets = true;  // whoever reads the configuration finds them
};

/// Options that are needed and missing, "--uri, --bind-dn"; empty: none is. Without a person to ask.
std::string missing_options(InitArguments const& options);

/// What is needed to look at the directory. `asks`: a person is there. Errors: InitErrc.
Result<InitState> answers_for_the_look(InitArguments const& options, std::string const& output, bool asks);

/// What is left once the directory was seen: bases, groups, targets. True: the bases are others than those
/// that were looked at, so look again. Errors: InitErrc.
Result<bool> ask_for_the_rest(InitArguments const& options, ldap::Survey const& seen, InitState& state);
/// The same by the options alone.
void take_the_rest(InitArguments const& options, InitState& state);

/// For the look.
ldap::Settings settings_of(InitState const& state);

enum class InitErrc {
  input_ended = 1,  // the person ended the dialogue
  bad_option,
};
boost::system::error_code make_error_code(InitErrc code);
char const* category_name(InitErrc);
char const* to_text(InitErrc code);
Failure failure_of(InitErrc code);

}  // namespace dirsync::cli

template <>
struct boost::system::is_error_code_enum<dirsync::cli::InitErrc> : std::true_type {};
