#include "sync/model/quoted_word.hpp"

namespace dirsync {

std::string quoted_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:@%+=,";
  auto const is_plain =
      !text.empty() && text.front() != '~' && text.find_first_not_of(kPlain) == std::string_view::npos;
  if (is_plain) return std::string{text};
  std::string word = "'";
  for (auto const c : text) word += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return word + "'";
}

}  // namespace dirsync
