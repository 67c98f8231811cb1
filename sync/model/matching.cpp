#include "sync/model/matching.hpp"

#include <algorithm>

#include "sync/model/text.hpp"

namespace dirsync {

std::string match_key(std::string_view value, Trim trim, Case letters) {
  auto const ascii =
      std::ranges::none_of(value, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  auto key = letters == Case::kept ? std::string{value} : ascii ? ascii_lower(value) : fold_case(value);
  if (!ascii) {
    key = normalized_nfkc(key);
    // A letter may come out of the normalisation in upper case, as from U+210C.
    if (letters == Case::folded) key = fold_case(key);
  }
  auto const trims_start = trim == Trim::both || trim == Trim::start;
  auto const trims_end = trim == Trim::both || trim == Trim::end;
  std::size_t kept = 0;
  auto after_space = trims_start;
  for (auto const c : key) {
    auto const space = is_space_like(c);
    if (!space || !after_space) key[kept++] = space ? ' ' : c;
    after_space = space;
  }
  if (trims_end && kept > 0 && key[kept - 1] == ' ') --kept;
  if (kept == 0 && !key.empty()) return " ";
  key.resize(kept);
  return key;
}

}  // namespace dirsync
