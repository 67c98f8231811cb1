#include "sync/plan/diff/template_hint.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <set>

#include "sync/model/text.hpp"
#include "sync/plan/desired/group_names.hpp"

namespace dirsync::plan {
namespace {

/// The characters of UTF-8 text.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0, end = 0; at < text.size(); at = end) {
    for (end = at + 1; end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U;) ++end;
    found.push_back(text.substr(at, end - at));
  }
  return found;
}

std::set<std::string> refused_characters(RefusedNames const& names) {
  std::set<std::string> refused;
  for (auto const* group : names.refused)
    for (auto const character : characters(group->name))
      if (!names.refuse("a" + std::string{character} + "a").empty()) refused.emplace(character);
  return refused;
}

bool would_do(RefusedNames const& names, NameTemplate const& candidate) {
  auto rule = names.rule;
  rule.group_name = candidate;
  GroupNames named{rule, names.refused.front()->trees.front().directory->snapshot->schema()};
  std::set<std::string> given;
  return std::ranges::all_of(names.refused, [&names, &named, &given](DesiredGroup const* group) {
    auto const name = named.of(group->trees.front().source());
    if (!name || !names.refuse(*name).empty()) return false;
    auto const key = group_key(names.folds_case, *name);
    return !names.wanted.contains(key) && given.insert(key).second;
  });
}

/// "\\u001B" of one character of UTF-8.
std::string escaped(std::string_view character) {
  auto const lead = static_cast<unsigned char>(character.front());
  std::uint32_t code = character.size() == 1 ? lead : lead & (0x7FU >> character.size());
  for (auto const byte : character.substr(1)) code = code << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
  char text[16];
  std::snprintf(text, sizeof text, code > 0xFFFF ? "\\U%08X" : "\\u%04X", static_cast<unsigned>(code));
  return text;
}

/// As a string of TOML that a terminal shows as it is; empty: it is no UTF-8, and no configuration can hold
/// it.
std::string spelled_in_toml(std::string const& text) {
  if (as_utf8(text) != text) return {};
  auto const is_plain = text.find('\'') == text.npos && printable(text, text.npos) == text;
  if (is_plain) return "'" + text + "'";
  std::string spelled = "\"";
  for (auto const character : characters(text)) {
    auto const is_special = character == "\"" || character == "\\";
    auto const is_shown = character.size() == 1 && printable(character) == character;
    spelled += is_special ? "\\" + std::string{character}
               : is_shown ? std::string{character}
                          : escaped(character);
  }
  return spelled + "\"";
}

}  // namespace

std::string template_that_would_do(RefusedNames const& names) {
  auto const characters = refused_characters(names);
  if (characters.empty()) return {};
  for (auto const* with : {".", "-", "_"}) {
    auto candidate = names.rule.group_name;
    for (auto const& character : characters)
      if (auto changed = NameTemplate::parse(candidate.with_replaced(character, with)))
        candidate = *std::move(changed);
    if (would_do(names, candidate)) return spelled_in_toml(candidate.text());
  }
  return {};
}

}  // namespace dirsync::plan
