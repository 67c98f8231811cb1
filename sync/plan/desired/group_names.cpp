#include "sync/plan/desired/group_names.hpp"

#include <algorithm>
#include <vector>

#include "sync/model/join.hpp"
#include "sync/model/rdn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

/// The entry's attributes, those that `name` needs, by whatever name, cut down to the value in the RDN where
/// there is one: a filter may call them otherwise.
std::vector<AttributeView> as_named(Entry const& source, NameTemplate const& name, Schema const& schema,
                                    std::vector<std::string_view>& values) {
  std::vector<AttributeView> attributes(source.attributes.begin(), source.attributes.end());
  values.reserve(attributes.size());  // what is in it must stay where it is
  for (auto& attribute : attributes) {
    auto const is_it = [&attribute, &schema](std::string const& needed) {
      auto const type = schema.type(described(needed).type);
      return ascii_iequal(needed, attribute.name) ||
             (type && type == schema.type(described(attribute.name).type));
    };
    if (attribute.values.size() < 2 || std::ranges::none_of(name.attributes(), is_it)) continue;
    auto const value = value_in_rdn(source.normalized_dn, attribute.name, attribute.values);
    if (!value) continue;
    values.push_back(*value);
    attribute.values = {&values.back(), 1};
  }
  return attributes;
}

std::optional<BoundFilter> selection_of(Rule const& rule, Schema const& schema) {
  auto const* const matching = std::get_if<MatchingGroups>(&rule.selection);
  if (matching == nullptr) return std::nullopt;
  auto const filter = Filter::parse(matching->filter);
  if (!filter) return std::nullopt;
  auto bound = BoundFilter::bind(*filter, schema);
  return bound ? std::optional{*std::move(bound)} : std::nullopt;
}

/// A Notice could be made of a text as well.
OrNotice<std::string> named(std::string name) { return {boost::system::in_place_value, std::move(name)}; }

Notice several_values(std::string const& dn, std::string text) {
  return {.code = "several-values", .group = dn, .principal = "", .text = std::move(text)};
}

}  // namespace

GroupNames::GroupNames(Rule const& rule, Schema const& schema)
    : rule_(rule),
      schema_(schema),
      by_filter_(std::holds_alternative<MatchingGroups>(rule.selection)),
      selection_(selection_of(rule, schema)) {}

OrNotice<std::string> GroupNames::of(Entry const& source) {
  auto const& name_template = rule_.group_name;
  auto names = name_template.names(source.attributes);
  auto const dn = std::string{source.dn};
  if (names.empty())
    return Notice{.code = "unnamed-group",
                  .group = dn,
                  .principal = "",
                  .text = "rule " + rule_.name + ": group_name gives no name for " + dn +
                          "; it lacks an attribute of \"" + name_template.text() +
                          "\". Give it one, or change group_name"};
  auto const has_several = [&source](std::string const& attribute) {
    return source.values(attribute).size() > 1;
  };
  if (std::ranges::none_of(name_template.attributes(), has_several)) return named(std::move(names.front()));

  std::vector<std::string_view> values;
  auto const attributes = as_named(source, name_template, schema_, values);
  auto const by_rdn = name_template.names(attributes);
  auto const quoted = [](std::string const& name) { return "\"" + printable(name) + "\""; };
  if (by_rdn.size() != 1)
    return several_values(dn, "rule " + rule_.name + ": the values of " + dn + " give several names, " +
                                  join(names, " and ", quoted) +
                                  ", and none of them is that of its RDN; keep one value of what \"" +
                                  name_template.text() + "\" names");
  if (by_filter_ && !(selection_ && selection_->matches(attributes)))
    return several_values(dn,
                          "rule " + rule_.name + (selection_ ? " selects " : " may select ") + dn +
                              " by another value than the one in its RDN, which would give it the name " +
                              quoted(by_rdn.front()) +
                              "; nothing is read from it. Take the other values away, or name it in `dn`");
  return named(by_rdn.front());
}

std::string_view naming_value(Entry const& entry, std::string_view attribute) {
  auto const values = entry.values(attribute);
  if (values.size() < 2) return values.empty() ? std::string_view{} : values.front();
  return value_in_rdn(entry.normalized_dn, attribute, values).value_or(std::string_view{});
}

}  // namespace dirsync::plan
