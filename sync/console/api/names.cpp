#include "sync/console/api/names.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "sync/model/text.hpp"
#include "sync/model/unseen_character.hpp"

namespace dirsync::console {
namespace {
constexpr int kLongestName = 100;

bool is_letter_or_digit(UChar32 c) {
  return u_isalpha(c) || u_isdigit(c) || u_charType(c) == U_NON_SPACING_MARK ||
         u_charType(c) == U_COMBINING_SPACING_MARK;
}

std::string_view without_outer_spaces(std::string_view text) {
  auto const first = text.find_first_not_of(' ');
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}
}  // namespace

std::string bad_group_name_because(std::string_view name, std::string_view allowed) {
  if (name.empty()) return "the name is empty";
  if (without_outer_spaces(name) != name) return "the name begins or ends with a space";
  if (auto const unseen = unseen_character_in(name); !unseen.empty())
    return "the name holds " + unseen + ", which cannot be seen; correct it or map it with group_name";
  int characters = 0;
  auto const size = static_cast<std::int32_t>(name.size());
  for (std::int32_t at = 0; at < size; ++characters) {
    auto const start = at;
    UChar32 c = 0;
    U8_NEXT(name.data(), at, size, c);
    if (c < 0) return "the name is not UTF-8";
    auto const character = name.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start));
    if (!is_letter_or_digit(c) && allowed.find(character) == allowed.npos)
      return "the character '" + printable(character) +
             "' is not safe in a group name of the console; "
             "map the name with group_name, or allow it with group_name_characters";
  }
  if (characters > kLongestName)
    return "the name is longer than " + std::to_string(kLongestName) + " characters";
  return {};
}

std::string protected_name_because(std::string_view name, Profile const& profile, Settings const& settings) {
  auto const same = [folded = fold_case(without_outer_spaces(name))](std::string const& one) {
    return fold_case(without_outer_spaces(one)) == folded;
  };
  if (std::ranges::any_of(profile.default_groups, same)) return "default group of the console";
  if (std::ranges::any_of(settings.protected_groups, same)) return "named in protected_groups";
  return {};
}

std::string refused_new_name_because(std::string_view name, Profile const& profile,
                                     Settings const& settings) {
  if (auto why = bad_group_name_because(name, settings.group_name_characters); !why.empty()) return why;
  auto const why = protected_name_because(name, profile, settings);
  return why.empty() ? why : "the name is protected: " + why;
}

}  // namespace dirsync::console
