#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace dirsync {

/// The texts of `range`, with `separator` between any two. `text_of` makes a text, or a view of one, of each
/// element; it may be a pointer to a member. An empty text counts as one.
template <class Range, class TextOf = std::identity>
std::string join(Range const& range, std::string_view separator, TextOf text_of = {}) {
  std::string joined;
  auto first = true;
  for (auto const& element : range) {
    if (!first) joined += separator;
    first = false;
    joined += std::invoke(text_of, element);
  }
  return joined;
}

}  // namespace dirsync
