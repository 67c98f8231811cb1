#include "sync/model/naming_types.hpp"

#include <array>

#include "sync/model/text.hpp"

namespace dirsync {
namespace {

/// Without an equality rule that is known, as names have always compared: without regard to case. Active
/// Directory compares all of its names so.
Comparison naming_comparison(Schema const& schema, AttributeType const& type) {
  auto const is_known = type.equality != Comparison::none && type.equality != Comparison::unknown &&
                        type.equality != Comparison::object_identifier;
  return is_known && !schema.habits().rules_by_syntax ? type.equality : Comparison::case_ignore;
}

bool is_builtin(Schema const& schema) { return &schema == &builtin_schema(); }

}  // namespace

NamingTypes::NamingTypes(Schema const& schema) {
  auto const& builtin = builtin_schema();
  for (auto const& type : schema.types()) {
    auto const common = type.oid.empty() ? std::nullopt : builtin.type(type.oid);
    NamingType naming{.key = common ? builtin[*common].key : type.key,
                      .comparison = naming_comparison(schema, type)};
    auto const add = [this, &schema, &naming](std::string const& name) {
      auto const folded = ascii_lower(name);
      if (!is_builtin(schema)) {
        auto const* const usual = common_naming_types().find(folded);
        naming.differs = usual == nullptr
                             ? naming.key != folded || naming.comparison != Comparison::case_ignore
                             : naming.key != usual->key || naming.comparison != usual->comparison;
      }
      by_name_.emplace(folded, naming);
    };
    if (!type.oid.empty()) add(type.oid);
    for (auto const& name : type.names) add(name);
  }
}

NamingType const* NamingTypes::find(std::string_view name) const {
  std::array<char, 64> folded;
  if (name.size() > folded.size()) return nullptr;
  for (std::size_t at = 0; at < name.size(); ++at)
    folded[at] = name[at] >= 'A' && name[at] <= 'Z' ? static_cast<char>(name[at] - 'A' + 'a') : name[at];
  auto const found = by_name_.find(std::string_view{folded.data(), name.size()});
  return found == by_name_.end() ? nullptr : &found->second;
}

NamingTypes const& common_naming_types() {
  static NamingTypes const types{builtin_schema()};
  return types;
}

}  // namespace dirsync
