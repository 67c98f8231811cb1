#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace dirsync {

/// -1 when `c` is no hexadecimal digit.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Two lower case digits for each byte.
inline std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string digits;
  digits.reserve(bytes.size() * 2);
  for (unsigned char const byte : bytes) {
    digits.push_back(kDigits[byte / 16]);
    digits.push_back(kDigits[byte % 16]);
  }
  return digits;
}

/// The bytes that pairs of digits stand for; nothing when `digits` holds anything else or half a pair.
inline std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    auto const high = hex_digit(digits[at]), low = hex_digit(digits[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

}  // namespace dirsync
