#pragma once
#include "sync/model/error.hpp"

namespace dirsync::notify {

enum class NotifyErrc {
  refused = 1,  // the receiver answered that these news are wrong as they are: 4xx, but 408 and 429
  not_taken,    // the receiver answered, with another status than 2xx and those
  not_started,  // sendmail could not be started
  failed,       // sendmail ended with another exit code than 0, by a signal, or nobody knows how
  timed_out,    // sendmail took too long, and was killed
};
boost::system::error_code make_error_code(NotifyErrc code);
char const* category_name(NotifyErrc);
char const* to_text(NotifyErrc code);
Failure failure_of(NotifyErrc code);

}  // namespace dirsync::notify

template <>
struct boost::system::is_error_code_enum<dirsync::notify::NotifyErrc> : std::true_type {};
