#include "sync/model/damage.hpp"

#include <algorithm>
#include <utility>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync {

void leave_out_bad_text(EntryAttribute& attribute, bool whole, Damage damage, std::vector<Damage>& damages) {
  if (std::ranges::all_of(attribute.values, is_utf8)) return;
  if (whole)
    attribute.values.clear();
  else
    std::erase_if(attribute.values, [](std::string_view value) { return !is_utf8(value); });
  damage.attribute = ascii_lower(attribute.name);
  damage.what =
      "has a value of " + printable(attribute.name) + " that is not UTF-8; correct it in the directory";
  damages.push_back(std::move(damage));
}

bool are_too_many(std::size_t damaged, std::size_t all, double per_cent, std::int64_t at_least) {
  return std::cmp_greater(damaged, at_least) &&
         static_cast<double>(damaged) * 100 > per_cent * static_cast<double>(all);
}

bool could_be_a_name(std::string_view value) {
  // A user name has no "=".
  if (value.find('=') == std::string_view::npos) return is_utf8(value);
  return normalized_dn(value) || normalized_dn(without_optional_uid(value));
}

void note_junk(std::span<std::string_view const> unresolved, std::uint32_t group,
               std::vector<Damage>& damages) {
  constexpr std::size_t kShown = 3, kLongest = 100;
  std::size_t count = 0;
  std::string examples;
  for (auto const value : unresolved) {
    if (could_be_a_name(value)) continue;
    if (count++ < kShown) examples += (examples.empty() ? "\"" : ", \"") + printable(value, kLongest) + "\"";
  }
  if (count == 0) return;
  auto const one = count == 1;
  damages.push_back({.of = Damage::Of::group,
                     .number = group,
                     .what = "has " + std::to_string(count) + (one ? " member value" : " member values") +
                             ", neither a DN nor a user name: " + examples + "; correct " +
                             (one ? "it" : "them") + " in the directory"});
}

}  // namespace dirsync
