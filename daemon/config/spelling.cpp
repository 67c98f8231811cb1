// TOML spellings of values.
#include <array>
#include <charconv>
#include <cstdio>

#include "daemon/config/reading.hpp"

namespace dirsync::config {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (auto const c : text) {
    if (c == '"' || c == '\\') {
      result.push_back('\\');
      result.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04X",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      result += code.data();
    } else {
      result.push_back(c);
    }
  }
  return result + "\"";
}

std::string key_spelling(std::string_view key) {
  constexpr std::string_view kBare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  auto const bare = !key.empty() && key.find_first_not_of(kBare) == key.npos;
  return bare ? std::string{key} : quoted(key);
}

std::string quoted(std::vector<std::string> const& texts) {
  std::string result = "[";
  for (auto const& text : texts) {
    if (result.size() > 1) result += ", ";
    result += quoted(text);
  }
  return result + "]";
}

std::string spelled(std::chrono::milliseconds duration) {
  auto const count = duration.count();
  constexpr std::array<std::pair<std::int64_t, char const*>, 3> kUnits{
      {{3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}}};
  for (auto const& [size, unit] : kUnits) {
    if (count != 0 && count % size == 0) return std::to_string(count / size) + unit;
  }
  return count == 0 ? "0s" : std::to_string(count) + "ms";
}

std::string spelled(double number) {
  std::array<char, 32> digits{};
  auto const end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  return {digits.begin(), end};
}

std::string spelled(bool flag) { return flag ? "true" : "false"; }

}  // namespace dirsync::config
