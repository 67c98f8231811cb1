#include "sync/rest/write_fate.hpp"

#include <algorithm>

namespace dirsync::rest {
namespace {
using http::HttpErrc;

WriteFate fate_of(Error const& error) {
  if (error.code.category() != make_error_code(HttpErrc::cut).category()) return WriteFate::refused;
  switch (static_cast<HttpErrc>(error.code.value())) {
    case HttpErrc::connect_failed:
    case HttpErrc::tls_failed:
    case HttpErrc::proxy_failed:
    case HttpErrc::bad_setup:
    case HttpErrc::bad_path:
    case HttpErrc::retry_after_too_long:  // only a 429 makes a write wait
      return WriteFate::refused;
    case HttpErrc::timed_out:
    case HttpErrc::cut:
    case HttpErrc::too_large:
    case HttpErrc::bad_redirect:  // what answers so may have passed the call on first
    case HttpErrc::cancelled:
    case HttpErrc::body_refused:
      return WriteFate::unknown;
  }
  return WriteFate::unknown;
}

WriteFate fate_of(int status) {
  constexpr int kRequestTimeout = 408, kNotImplemented = 501;
  if (status >= 200 && status < 300) return WriteFate::arrived;
  if (status >= 400 && status < 500 && status != kRequestTimeout) return WriteFate::refused;
  return status == kNotImplemented ? WriteFate::refused : WriteFate::unknown;
}

}  // namespace

char const* to_text(WriteFate fate) {
  switch (fate) {
    case WriteFate::arrived:
      return "arrived";
    case WriteFate::refused:
      return "refused";
    case WriteFate::unknown:
      return "unknown";
  }
  return "?";
}

WriteFate write_fate(Result<http::Response> const& result, std::optional<WriteFate> told) {
  return result ? write_fate(*result, told) : fate_of(result.error());
}

WriteFate write_fate(http::Response const& answer, std::optional<WriteFate> told) {
  return told ? *told : fate_of(answer.status);
}

Error not_sent(Error error, boost::system::error_code no_session) {
  if (fate_of(error) == WriteFate::unknown) error.code = no_session;
  return error;
}

bool ends_writing(Error const& error) {
  constexpr HttpErrc kEnds[] = {HttpErrc::connect_failed,       HttpErrc::tls_failed, HttpErrc::proxy_failed,
                                HttpErrc::retry_after_too_long, HttpErrc::bad_setup,  HttpErrc::cancelled};
  return std::ranges::any_of(kEnds, [&error](HttpErrc code) { return error.code == make_error_code(code); });
}

}  // namespace dirsync::rest
