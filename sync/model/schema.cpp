#include "sync/model/schema.hpp"

#include <algorithm>

#include "sync/model/text.hpp"

namespace dirsync {
namespace {

/// Names that an earlier definition has already stay that one's.
template <class Definition>
void note_names(Definition const& definition, std::uint32_t number,
                std::unordered_map<std::string, std::uint32_t>& numbers) {
  if (!definition.oid.empty()) numbers.emplace(ascii_lower(definition.oid), number);
  for (auto const& name : definition.names) numbers.emplace(ascii_lower(name), number);
}

std::optional<std::uint32_t> number_of(std::unordered_map<std::string, std::uint32_t> const& numbers,
                                       std::string_view name) {
  auto const found = numbers.find(ascii_lower(name));
  return found == numbers.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace

Schema::Schema(std::vector<TypeDefinition> types, std::vector<ClassDefinition> classes, ServerHabits habits)
    : habits_(habits) {
  for (auto& type : types) {
    note_names(type, static_cast<TypeIndex>(types_.size()), type_numbers_);
    auto key = ascii_lower(type.names.empty() ? type.oid : type.names.front());
    types_.push_back({.oid = type.oid, .names = type.names, .key = std::move(key)});
  }
  link_types(types);
  for (auto const& one : classes) {
    note_names(one, static_cast<ClassIndex>(classes_.size()), class_numbers_);
    classes_.push_back({.oid = one.oid, .names = one.names, .is_abstract = one.is_abstract});
  }
  link_classes(classes);
}

void Schema::link_types(std::vector<TypeDefinition> const& definitions) {
  std::vector<bool> is_linked(types_.size());
  for (TypeIndex number = 0; number < types_.size(); ++number) {
    // From the top down; a way that comes back to itself is cut where it began.
    std::vector<TypeIndex> way;
    for (auto at = std::optional{number}; at && !is_linked[*at]; at = types_[*at].sup) {
      is_linked[*at] = true;
      way.push_back(*at);
      auto const sup = number_of(type_numbers_, definitions[*at].sup);
      if (sup && std::ranges::find(way, *sup) == way.end()) types_[*at].sup = sup;
    }
    for (auto at = way.rbegin(); at != way.rend(); ++at) {
      auto& type = types_[*at];
      auto const& definition = definitions[*at];
      auto inherited = type.sup ? types_[*type.sup] : AttributeType{};
      if (!type.sup && !definition.sup.empty())
        inherited.equality = inherited.ordering = inherited.substrings = Comparison::unknown;
      type.syntax = definition.syntax.empty() ? inherited.syntax : syntax_of(definition.syntax);
      auto const rule = [](std::string const& name, RuleUse use, Comparison from_above) {
        return name.empty() ? from_above : comparison_of(name, use);
      };
      type.equality = rule(definition.equality, RuleUse::equality, inherited.equality);
      type.ordering = rule(definition.ordering, RuleUse::ordering, inherited.ordering);
      type.substrings = rule(definition.substrings, RuleUse::substrings, inherited.substrings);
      if (!habits_.rules_by_syntax) continue;
      type.equality = comparison_by(type.syntax);
      auto const is_text = type.equality == Comparison::case_ignore;
      type.substrings = is_text ? type.equality : Comparison::unknown;
      auto const is_ordered =
          type.equality == Comparison::integer || type.equality == Comparison::generalized_time;
      type.ordering = is_ordered ? type.equality : Comparison::unknown;
    }
  }
}

void Schema::link_classes(std::vector<ClassDefinition> const& definitions) {
  auto const link = [](std::vector<std::string> const& names, Numbers const& numbers,
                       std::vector<std::uint32_t>& linked) {
    for (auto const& name : names)
      if (auto const number = number_of(numbers, name)) linked.push_back(*number);
  };
  for (ClassIndex number = 0; number < classes_.size(); ++number) {
    link(definitions[number].sups, class_numbers_, classes_[number].sups);
    link(definitions[number].musts, type_numbers_, classes_[number].musts);
    link(definitions[number].mays, type_numbers_, classes_[number].mays);
  }
}

std::optional<Schema::TypeIndex> Schema::type(std::string_view name) const {
  return number_of(type_numbers_, name);
}

bool Schema::is_kind_of(TypeIndex type, TypeIndex super) const {
  for (auto at = std::optional{type}; at; at = types_[*at].sup)
    if (*at == super) return true;
  return false;
}

bool Schema::has_subtypes(TypeIndex type) const {
  return std::ranges::find(types_, std::optional{type}, &AttributeType::sup) != types_.end();
}

std::optional<Schema::ClassIndex> Schema::object_class(std::string_view name) const {
  return number_of(class_numbers_, name);
}

template <class Fits>
bool Schema::any_from(ClassIndex object_class, Fits fits) const {
  std::vector<bool> seen(classes_.size());
  std::vector<ClassIndex> open{object_class};
  while (!open.empty()) {
    auto const at = open.back();
    open.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    if (fits(at)) return true;
    open.insert(open.end(), classes_[at].sups.begin(), classes_[at].sups.end());
  }
  return false;
}

bool Schema::is_class_below(ClassIndex object_class, ClassIndex super) const {
  return any_from(object_class, [super](ClassIndex at) { return at == super; });
}

bool Schema::requires_type(ClassIndex object_class, TypeIndex type) const {
  return any_from(object_class, [this, type](ClassIndex at) {
    auto const& musts = classes_[at].musts;
    return std::ranges::find(musts, type) != musts.end();
  });
}

bool Schema::allows_type(ClassIndex object_class, TypeIndex type) const {
  return requires_type(object_class, type) || any_from(object_class, [this, type](ClassIndex at) {
           auto const& mays = classes_[at].mays;
           return std::ranges::find(mays, type) != mays.end();
         });
}

AttributeDescription described(std::string_view description) {
  AttributeDescription parts{.type = description.substr(0, description.find(';')), .options = {}};
  for (auto at = parts.type.size(); at < description.size();) {
    auto const end = std::min(description.find(';', at + 1), description.size());
    auto option = ascii_lower(description.substr(at + 1, end - at - 1));
    // Which values came, not which they are (MS-ADTS 3.1.1.3.1.3.3).
    if (!option.empty() && !option.starts_with("range=")) parts.options.push_back(std::move(option));
    at = end;
  }
  std::ranges::sort(parts.options);
  auto const rest = std::ranges::unique(parts.options);
  parts.options.erase(rest.begin(), rest.end());
  return parts;
}

}  // namespace dirsync
