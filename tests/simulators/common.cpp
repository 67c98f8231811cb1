#include "tests/simulators/common.hpp"

#include <algorithm>

#include "sync/model/text.hpp"

namespace dirsync::sim {
namespace {
int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode_query_text(std::string_view text) {
  std::string spaced{text};
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced).value_or(spaced);
}
}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded.push_back(text[at]);
      continue;
    }
    if (at + 2 >= text.size()) return std::nullopt;
    auto const high = hex_digit(text[at + 1]);
    auto const low = hex_digit(text[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    at += 2;
  }
  return decoded;
}

bool leads_elsewhere(std::string_view path) {
  auto const parts = segments(path);
  return std::ranges::any_of(parts, [](std::string part) {
    for (;;) {
      auto const is_folder = part == "." || part == ".." || part.starts_with(".;") || part.starts_with("..;");
      auto const splits = std::ranges::any_of(
          part, [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '/' || c == '\\'; });
      if (is_folder || splits) return true;
      auto decoded = percent_decode(part);
      if (!decoded || *decoded == part) return false;
      part = *std::move(decoded);
    }
  });
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (kUnreserved.find(c) != std::string_view::npos)
      encoded += c;
    else
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return encoded;
}

Fields parse_query(std::string_view query) {
  Fields fields;
  while (!query.empty()) {
    auto const end = query.find('&');
    auto const pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (pair.empty()) continue;
    auto const equals = pair.find('=');
    auto const value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    fields.emplace_back(decode_query_text(pair.substr(0, equals)), decode_query_text(value));
  }
  return fields;
}

std::optional<std::string> find_field(Fields const& fields, std::string_view name) {
  for (auto const& [key, value] : fields)
    if (ascii_iequal(key, name)) return value;
  return std::nullopt;
}

std::vector<std::string> find_fields(Fields const& fields, std::string_view name) {
  std::vector<std::string> values;
  for (auto const& [key, value] : fields)
    if (ascii_iequal(key, name)) values.push_back(value);
  return values;
}

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> parts;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    auto const end = path.find('/');
    if (end == std::string_view::npos && path.empty()) break;
    parts.emplace_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
  }
  return parts;
}

std::string cookie(Request const& request, std::string_view name) {
  for (auto const& header : find_fields(request.headers, "Cookie")) {
    std::string_view rest = header;
    while (!rest.empty()) {
      auto const end = rest.find(';');
      auto pair = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      auto const equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name)
        return std::string{pair.substr(equals + 1)};
    }
  }
  return {};
}

Response json_response(int status, json::value const& body) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  response.body = json::serialize(body);
  return response;
}

Response html_response(int status, std::string_view title) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html"}};
  response.body = "<!DOCTYPE html><html><head><title>" + std::string{title} + "</title></head><body><h2>" +
                  std::to_string(status) + " - " + std::string{title} + "</h2></body></html>";
  return response;
}

std::optional<json::value> parse_json(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error) return std::nullopt;
  return value;
}

json::value const* find_property(json::object const& object, std::string_view name) {
  for (auto const& [key, value] : object)
    if (ascii_iequal(key, name)) return &value;
  return nullptr;
}

std::string text_of(json::object const& object, std::string_view name, std::string_view fallback) {
  auto const* value = object.if_contains(name);
  return std::string{value != nullptr && value->is_string() ? std::string_view{value->get_string()}
                                                            : fallback};
}

std::int64_t number_of(json::object const& object, std::string_view name, std::int64_t fallback) {
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : fallback;
}

bool flag_of(json::object const& object, std::string_view name, bool fallback) {
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_bool() ? value->get_bool() : fallback;
}

std::vector<std::string> texts_of(json::object const& object, std::string_view name) {
  std::vector<std::string> texts;
  for (auto const& value : array_of(object, name))
    if (value.is_string()) texts.emplace_back(std::string_view{value.get_string()});
  return texts;
}

json::array const& array_of(json::object const& object, std::string_view name) {
  static json::array const none;
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

json::array to_array(std::vector<std::string> const& texts) {
  json::array array;
  for (auto const& text : texts) array.emplace_back(text);
  return array;
}

}  // namespace dirsync::sim
