#include "daemon/cli/report/html_text.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

std::string hexadecimal(unsigned number, std::size_t digits) {
  char text[2 * sizeof number];
  auto const end = std::to_chars(text, text + sizeof text, number, 16).ptr;
  std::string const shown{text, end};
  return std::string(digits - std::min(digits, shown.size()), '0') + upper_case(shown);
}

std::string marked(std::string const& text) { return "<i>" + text + "</i>"; }

bool is_seen(UChar32 c) {
  switch (u_charType(c)) {
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_UNASSIGNED:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  auto const size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    auto const start = static_cast<std::size_t>(at);
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    if (c < 0) {
      for (auto const byte : text.substr(start, static_cast<std::size_t>(at) - start))
        html += marked("0x" + hexadecimal(static_cast<unsigned char>(byte), 2));
    } else if (c == '<') {
      html += "&lt;";
    } else if (c == '>') {
      html += "&gt;";
    } else if (c == '&') {
      html += "&amp;";
    } else if (c == '"') {
      html += "&quot;";
    } else if (c == '\'') {
      html += "&#39;";
    } else if (!is_seen(c)) {
      html += marked("U+" + hexadecimal(static_cast<unsigned>(c), 4));
    } else {
      html += text.substr(start, static_cast<std::size_t>(at) - start);
    }
  }
  return html;
}

}  // namespace dirsync::cli
