#include "sync/http/client.hpp"
#include "sync/model/text.hpp"

namespace dirsync::http {

boost::system::error_code make_error_code(HttpErrc code) { return code_of(code); }
char const* category_name(HttpErrc) { return "http"; }

char const* to_text(HttpErrc code) {
  switch (code) {
    case HttpErrc::connect_failed:
      return "the server could not be reached";
    case HttpErrc::tls_failed:
      return "no trusted TLS connection";
    case HttpErrc::proxy_failed:
      return "the proxy refused";
    case HttpErrc::timed_out:
      return "no complete answer in time";
    case HttpErrc::cut:
      return "the connection ended before the answer did";
    case HttpErrc::too_large:
      return "the answer is larger than allowed";
    case HttpErrc::bad_redirect:
      return "redirects are not followed";
    case HttpErrc::retry_after_too_long:
      return "the server asks to wait longer than allowed";
    case HttpErrc::cancelled:
      return "cancelled";
    case HttpErrc::bad_setup:
      return "the HTTP settings cannot be used";
    case HttpErrc::body_refused:
      return "the receiver refused the answer";
  }
  return "unknown";
}

Failure failure_of(HttpErrc code) {
  switch (code) {
    case HttpErrc::connect_failed:
    case HttpErrc::timed_out:
    case HttpErrc::cut:
      return Failure::transient;
    default:
      return Failure::permanent;
  }
}

bool certainly_not_sent(Error const& error) {
  return error.code == HttpErrc::connect_failed || error.code == HttpErrc::tls_failed ||
         error.code == HttpErrc::proxy_failed || error.code == HttpErrc::bad_setup;
}

std::string_view Response::header(std::string_view name) const {
  for (auto const& each : headers)
    if (ascii_iequal(each.name, name)) return each.value;
  return {};
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (char const c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      auto const byte = static_cast<unsigned char>(c);
      encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
    }
  }
  return encoded;
}

}  // namespace dirsync::http
