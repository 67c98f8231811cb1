#include "sync/model/anyone.hpp"

#include <cctype>

namespace dirsync {

std::string about_anyone(std::string text, std::string_view name) {
  constexpr std::string_view kAnyone = "...";
  if (name.empty()) return text;
  auto const is_part = [&text](std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
  };
  std::size_t next = 0;
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, next)) {
    auto const is_whole = (at == 0 || !is_part(at - 1)) && !is_part(at + name.size());
    if (is_whole) text.replace(at, name.size(), kAnyone);
    next = at + (is_whole ? kAnyone.size() : 1);
  }
  return text;
}

}  // namespace dirsync
