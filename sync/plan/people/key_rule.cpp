#include "sync/plan/people/key_rule.hpp"

#include "sync/model/dn.hpp"

namespace dirsync::plan {

Comparison key_rule(Schema const& schema, std::string_view attribute) {
  auto const type = schema.type(described(attribute).type);
  if (!type) return Comparison::case_ignore;
  switch (auto const rule = schema[*type].equality) {
    case Comparison::none:
    case Comparison::unknown:
    case Comparison::object_identifier:
      return Comparison::case_ignore;
    default:
      return rule;
  }
}

Comparison stricter(Comparison one, Comparison other) {
  if (one == other) return one;
  auto const is_exact = one == Comparison::case_exact || other == Comparison::case_exact;
  return is_exact ? Comparison::case_exact : Comparison::case_ignore;
}

std::optional<std::string> key_by(Comparison rule, std::string_view value) {
  auto key = rule == Comparison::distinguished_name ? normalized_dn(value) : comparison_key(rule, value);
  if (!key || key->empty() || *key == " ") return std::nullopt;
  return key;
}

}  // namespace dirsync::plan
