#include "sync/rest/quoting.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace dirsync::rest {
namespace {

/// A character as written in a text, and where what follows it begins.
struct Read {
  std::uint32_t value = 0;  // a code point; of bytes that are no UTF-8, the byte
  std::size_t end = 0;
};

std::optional<std::uint32_t> number(std::string_view digits, int base) {
  std::uint32_t value = 0;
  auto const [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || failed != std::errc{} || end != digits.data() + digits.size()) return {};
  return value;
}

/// One byte, be it percent-encoded.
Read byte_at(std::string_view text, std::size_t at) {
  if (text[at] == '%' && at + 2 < text.size())
    if (auto const value = number(text.substr(at + 1, 2), 16)) return {*value, at + 3};
  return {static_cast<unsigned char>(text[at]), at + 1};
}

/// UTF-8, its bytes percent-encoded or not.
Read utf8_at(std::string_view text, std::size_t at) {
  auto const first = byte_at(text, at);
  auto const more = first.value >= 0xF0 ? 3 : first.value >= 0xE0 ? 2 : first.value >= 0xC0 ? 1 : 0;
  if (more == 0) return first;
  Read read{first.value & (0x3FU >> more), first.end};
  for (int left = more; left > 0; --left) {
    if (read.end >= text.size()) return first;
    auto const next = byte_at(text, read.end);
    if ((next.value & 0xC0U) != 0x80U) return first;
    read = {(read.value << 6U) | (next.value & 0x3FU), next.end};
  }
  return read;
}

std::optional<Read> entity_at(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongest = 10;
  auto const end = text.find(';', at);
  if (text[at] != '&' || end == text.npos || end - at > kLongest) return {};
  auto const name = text.substr(at + 1, end - at - 1);
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (auto const& [known, value] : kNamed)
    if (name == known) return Read{static_cast<unsigned char>(value), end + 1};
  if (!name.starts_with('#')) return {};
  auto const hexadecimal = name.starts_with("#x") || name.starts_with("#X");
  auto const value = number(name.substr(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
  return value ? std::optional{Read{*value, end + 1}} : std::nullopt;
}

std::optional<Read> unicode_escape_at(std::string_view text, std::size_t at) {
  if (at + 5 > text.size() || text[at] != 'u') return {};
  auto const value = number(text.substr(at + 1, 4), 16);
  return value ? std::optional{Read{*value, at + 5}} : std::nullopt;
}

/// Percent-encoded ones too.
std::size_t after_backslashes(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    auto const next = byte_at(text, at);
    if (next.value != '\\') break;
    at = next.end;
  }
  return at;
}

/// A JSON escape; each time that JSON was put into JSON doubled its backslashes.
std::optional<Read> escape_at(std::string_view text, std::size_t at) {
  auto const letter = after_backslashes(text, at);
  if (letter == at || letter == text.size()) return {};
  if (auto const first = unicode_escape_at(text, letter)) {
    auto const is_high = first->value >= 0xD800 && first->value < 0xDC00;
    if (!is_high) return first;
    auto const low = unicode_escape_at(text, after_backslashes(text, first->end));
    if (!low) return first;
    return Read{0x10000 + ((first->value - 0xD800) << 10U) + (low->value - 0xDC00), low->end};
  }
  auto const escaped = byte_at(text, letter);
  if (escaped.value == '/' || escaped.value == '"') return escaped;
  if (escaped.value == 't') return Read{'\t', escaped.end};
  return {};
}

/// The ways in which a character may stand at `at`.
struct Ways {
  std::optional<Read> ways[4];
};
Ways ways_at(std::string_view text, std::size_t at) {
  Ways all{{escape_at(text, at), entity_at(text, at), utf8_at(text, at), {}}};
  if (byte_at(text, at).value == '\\')
    all.ways[2] = Read{'\\', after_backslashes(text, at)};  // however often escaped
  if (text[at] == '+') all.ways[3] = Read{' ', at + 1};     // of a form
  return all;
}

/// Where the secret ends that begins at `at`; nothing when none does.
std::optional<std::size_t> end_of(std::string_view secret, std::string_view text, std::size_t at) {
  while (!secret.empty()) {
    if (at >= text.size()) return {};
    // The secret itself is plain, but a '%', '&' or '+' of it must not be taken for the beginning of a code.
    auto const wanted = [&secret] {
      auto const byte = static_cast<unsigned char>(secret.front());
      return byte < 0x80 ? Read{byte, 1} : utf8_at(secret, 0);
    }();
    std::optional<std::size_t> next;
    if (secret.front() == text[at] && wanted.end == 1 && wanted.value != '\\') next = at + 1;
    for (auto const& way : ways_at(text, at).ways)
      if (!next && way && way->value == wanted.value) next = way->end;
    if (!next) return {};
    at = *next;
    secret.remove_prefix(wanted.end);
  }
  return at;
}

}  // namespace

void hide(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  std::string hidden;
  for (std::size_t at = 0; at < text.size();) {
    if (auto const end = end_of(secret, text, at)) {
      hidden += "***";
      at = *end;
    } else {
      hidden += text[at++];
    }
  }
  text = std::move(hidden);
}

void hide_secrets(http::Response& response, std::vector<std::string_view> const& secrets) {
  for (auto const secret : secrets) {
    hide(response.body, secret);
    for (auto& field : response.headers) hide(field.value, secret);
  }
}

}  // namespace dirsync::rest
