#include "sync/model/bound_filter.hpp"

#include <algorithm>

#include "sync/model/bound_test.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

/// `pieces` are keys: first, inner ones, last; an empty first or last is open.
bool has_pieces(std::string_view key, std::vector<std::string> const& pieces) {
  std::string_view const first = pieces.front(), last = pieces.back();
  if (!key.starts_with(first)) return false;
  key.remove_prefix(first.size());
  for (std::size_t n = 1; n + 1 < pieces.size(); ++n) {
    auto const found = key.find(pieces[n]);
    if (found == std::string_view::npos) return false;
    key.remove_prefix(found + pieces[n].size());
  }
  return key.ends_with(last);
}

/// RFC 4512, 2.5.2: who asks for a tag gets what has it and more. "lang-" stands for every language.
bool has_options(std::vector<std::string> const& options, std::vector<std::string> const& wanted) {
  return std::ranges::all_of(wanted, [&options](std::string const& option) {
    return std::ranges::any_of(options, [&option](std::string const& one) {
      return one == option || (option.ends_with('-') && one.starts_with(option));
    });
  });
}

}  // namespace

bool BoundFilter::Test::is_equal(std::string_view raw) const {
  if (comparison == Comparison::object_identifier) {
    auto const own = schema->object_class(raw);
    return own && schema->is_class_below(*own, object_class);
  }
  return comparison == Comparison::distinguished_name ? names->key(raw) == key
                                                      : comparison_key(comparison, raw) == key;
}

bool BoundFilter::Test::holds_for(std::string_view raw) const {
  switch (kind) {
    case FilterNode::Kind::equal:
      return is_equal(raw);
    case FilterNode::Kind::pieces: {
      auto const own = comparison_key(comparison, raw);
      return own && has_pieces(*own, pieces);
    }
    case FilterNode::Kind::at_least:
    case FilterNode::Kind::at_most: {
      auto const own = comparison_key(comparison, raw);
      if (!own) return false;
      auto const order = compare_keys(comparison, *own, key);
      return kind == FilterNode::Kind::at_least ? order >= 0 : order <= 0;
    }
    case FilterNode::Kind::all_bits:
    case FilterNode::Kind::any_bits: {
      auto const number = parse_integer(raw);
      return number &&
             (kind == FilterNode::Kind::all_bits ? (*number & bits) == bits : (*number & bits) != 0);
    }
    default:
      return true;  // present
  }
}

/// What one spelling of an attribute's name means.
struct BoundFilter::Name {
  std::string spelling;
  std::vector<bool> is_tested;  // by leaf
};

/// Few names, many entries: a walk is cheaper than a hash. Entries of one list share the spelling's storage,
/// but storage may also be used again.
BoundFilter::Name const& BoundFilter::name_of(std::string_view name) {
  for (auto const& known : names_)
    if (known->spelling == name) return *known;
  auto const description = described(name);
  auto const type = schema_->type(description.type);
  Name found{.spelling = std::string{name}, .is_tested = std::vector<bool>(tests_.size())};
  for (std::size_t leaf = 0; type && leaf < tests_.size(); ++leaf) {
    auto const& test = *tests_[leaf];
    found.is_tested[leaf] = !test.is_undefined && schema_->is_kind_of(*type, test.type) &&
                            has_options(description.options, test.options);
  }
  names_.push_back(std::make_shared<Name const>(std::move(found)));
  return *names_.back();
}

BoundFilter::Truth BoundFilter::evaluate_test(Test const& test, std::size_t leaf,
                                              std::span<AttributeView const> entry) const {
  if (test.is_undefined) return Truth::undefined;
  for (std::size_t at = 0; at < entry.size(); ++at)
    if (entry_names_[at]->is_tested[leaf] &&
        std::ranges::any_of(entry[at].values, [&test](std::string_view raw) { return test.holds_for(raw); }))
      return Truth::yes;
  return Truth::no;
}

BoundFilter::Truth BoundFilter::evaluate(FilterNode const& node, std::size_t& leaf,
                                         std::span<AttributeView const> entry) const {
  if (is_leaf(node)) {
    auto const number = leaf++;
    return evaluate_test(*tests_[number], number, entry);
  }
  if (node.kind == FilterNode::Kind::negation) {
    auto const inner = evaluate(node.nodes.front(), leaf, entry);
    return inner == Truth::undefined ? inner : inner == Truth::yes ? Truth::no : Truth::yes;
  }
  auto result = node.kind == FilterNode::Kind::all ? Truth::yes : Truth::no;
  for (auto const& one : node.nodes) {
    auto const inner = evaluate(one, leaf, entry);
    result = node.kind == FilterNode::Kind::all ? std::min(result, inner) : std::max(result, inner);
  }
  return result;
}

bool BoundFilter::matches(std::span<AttributeView const> entry) {
  entry_names_.clear();
  for (auto const& attribute : entry) entry_names_.push_back(&name_of(attribute.name));
  std::size_t leaf = 0;
  return evaluate(*root_, leaf, entry) == Truth::yes;
}

}  // namespace dirsync
