#include <algorithm>
#include <charconv>

#include "sync/http/client.hpp"
#include "sync/model/text.hpp"

namespace dirsync::http {

boost::system::error_code make_error_code(HttpErrc code) { return code_of(code); }
char const* category_name(HttpErrc) { return "http"; }

char const* to_text(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::del:
      return "DELETE";
  }
  return "?";
}

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
    case HttpErrc::bad_path:
      return "no request can have this path";
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
         error.code == HttpErrc::proxy_failed || error.code == HttpErrc::bad_setup ||
         error.code == HttpErrc::bad_path;
}

std::string_view Response::header(std::string_view name) const {
  for (auto const& each : headers)
    if (ascii_iequal(each.name, name)) return each.value;
  return {};
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned byte = 0;
    auto const* const digits = text.data() + at + 1;
    if (text[at] == '%' && at + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      decoded += static_cast<char>(byte);
      at += 2;
    } else {
      decoded += text[at];
    }
  }
  return decoded;
}

namespace {
bool is_dot_segment(std::string_view segment) {
  auto const name = segment.substr(0, segment.find(';'));
  return name == "." || name == "..";
}
}  // namespace

bool has_dot_segment(std::string_view path) {
  auto text = std::string{path.substr(0, path.find('?'))};
  for (;;) {
    for (std::size_t begin = 0; begin <= text.size();) {
      auto const end = std::min(text.find_first_of("/\\", begin), text.size());
      if (is_dot_segment(std::string_view{text}.substr(begin, end - begin))) return true;
      begin = end + 1;
    }
    auto decoded = percent_decode(text);
    if (decoded == text) return false;
    text = std::move(decoded);
  }
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
