#pragma once
#include "sync/http/client.hpp"
#include "sync/model/error.hpp"

namespace dirsync::console {

enum class ConsoleErrc {
  bad_settings = 1,
  login_refused,  // final until the back-off of the session ends
  no_session,     // neither a login nor a refresh could be completed: the call was not sent
  unauthorized,   // 401 with a token that is new
  denied,         // 403
  not_found,      // 404
  not_offered,    // 405, 501: this release lacks the call
  conflict,       // somebody else wrote the same object
  rejected,       // any other 4xx
  throttled,      // 429 to the end
  server_failed,  // 5xx
  malformed,      // an answer that is not what the API describes
  incomplete,     // a list that could not be proven complete
  ambiguous,      // a name that fits none or several
  unsupported,    // API version
  against_rule,   // refused by dirsyncd itself; nothing was sent
};
boost::system::error_code make_error_code(ConsoleErrc code);
char const* category_name(ConsoleErrc);
char const* to_text(ConsoleErrc code);
Failure failure_of(ConsoleErrc code);

/// What the console itself says of a failure: `grpc-message`, else fields or texts of a JSON body, else its
/// first 200 printable characters. One line. Of JSON only those fields and texts: the rest may hold tokens.
std::string words_of(http::Response const& response);

/// True when the console itself says so; a gateway's or proxy's 404 page is no answer to the question.
bool says_not_found(http::Response const& response);

/// True when the server does not speak the API version of the call, which says nothing of the object asked
/// for: 406, or 400 and 404 with a text that names the version. The status is not documented.
bool refuses_version(http::Response const& response);

/// True when a write was refused because the object has changed since it was read.
/// The status for it is not documented: 409, 412, or 400 with a telling text.
bool is_conflict(http::Response const& response);

/// The Error for a status that is not 2xx: "`doing`: the console answered ...; what to do".
Error refusal(std::string_view doing, http::Response const& response);

/// True when no further write makes sense on this console in this run.
bool ends_writing(Error const& error);

}  // namespace dirsync::console

template <>
struct boost::system::is_error_code_enum<dirsync::console::ConsoleErrc> : std::true_type {};
