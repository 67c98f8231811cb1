#include "daemon/notify/errors.hpp"

namespace dirsync::notify {

boost::system::error_code make_error_code(NotifyErrc code) { return code_of(code); }
char const* category_name(NotifyErrc) { return "notify"; }

char const* to_text(NotifyErrc code) {
  switch (code) {
    case NotifyErrc::refused:
      return "the receiver refused the news";
    case NotifyErrc::not_taken:
      return "the receiver did not take the news";
    case NotifyErrc::not_started:
      return "the program could not be started";
    case NotifyErrc::failed:
      return "the program failed";
    case NotifyErrc::timed_out:
      return "the program took too long and was killed";
  }
  return "unknown";
}

/// What a receiver does not take now it may take once somebody mended it; the news are worth that.
Failure failure_of(NotifyErrc code) {
  return code == NotifyErrc::refused ? Failure::permanent : Failure::transient;
}

}  // namespace dirsync::notify
