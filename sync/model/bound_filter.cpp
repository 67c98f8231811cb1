#include "sync/model/bound_filter.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "sync/model/assert.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/filter_node.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

using Kind = FilterNode::Kind;

bool is_leaf(FilterNode const& node) {
  return node.kind != Kind::all && node.kind != Kind::any && node.kind != Kind::negation;
}

bool is_text(Comparison comparison) {
  return comparison == Comparison::case_ignore || comparison == Comparison::case_exact;
}

bool is_text(Syntax syntax) {
  return syntax == Syntax::directory_string || syntax == Syntax::ia5_string ||
         syntax == Syntax::printable_string;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool has_letter(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

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

/// One leaf of the filter.
struct BoundFilter::Test {
  Kind kind{};
  bool is_undefined = false;
  Schema::TypeIndex type = 0;
  std::vector<std::string> options{};
  Comparison comparison = Comparison::none;
  std::string key{};                  // equal, at_least, at_most
  std::vector<std::string> pieces{};  // keys
  std::int64_t bits = 0;
  Schema::ClassIndex object_class = 0;
  std::shared_ptr<DnKeys const> names{};
  Schema const* schema = nullptr;

  bool is_equal(std::string_view raw) const {
    if (comparison == Comparison::object_identifier) {
      auto const own = schema->object_class(raw);
      return own && schema->is_class_below(*own, object_class);
    }
    return comparison == Comparison::distinguished_name ? names->key(raw) == key
                                                        : comparison_key(comparison, raw) == key;
  }

  bool holds_for(std::string_view raw) const {
    switch (kind) {
      case Kind::equal:
        return is_equal(raw);
      case Kind::pieces: {
        auto const own = comparison_key(comparison, raw);
        return own && has_pieces(*own, pieces);
      }
      case Kind::at_least:
      case Kind::at_most: {
        auto const own = comparison_key(comparison, raw);
        if (!own) return false;
        auto const order = compare_keys(comparison, *own, key);
        return kind == Kind::at_least ? order >= 0 : order <= 0;
      }
      case Kind::all_bits:
      case Kind::any_bits: {
        auto const number = parse_integer(raw);
        return number && (kind == Kind::all_bits ? (*number & bits) == bits : (*number & bits) != 0);
      }
      default:
        return true;  // present
    }
  }
};

/// What one spelling of an attribute's name means.
struct BoundFilter::Name {
  std::string spelling;
  std::vector<bool> is_tested;  // by leaf
};

/// Makes the tests of the leaves.
struct BoundFilter::Binder {
  std::string_view text;
  Schema const& schema;
  BoundFilter& result;
  std::shared_ptr<DnKeys const> names{};

  std::string part(FilterNode const& node) const {
    return printable(text.substr(node.start, node.end - node.start));
  }

  Error refused(FilterNode const& node, std::string const& why) const {
    return {FilterErrc::unsupported, "filter \"" + printable(text) + "\", part " + part(node) + ": " + why};
  }

  /// Undefined where the server keeps to the standard in this; else only it can tell.
  Result<Test> undefined(FilterNode const& node, std::string const& why) const {
    if (!schema.habits().undefined_as_in_the_standard) return refused(node, why);
    result.undefined_parts_.push_back(part(node) + ": " + why);
    return Test{.kind = node.kind, .is_undefined = true};
  }

  Result<Test> bind(FilterNode const& node) {
    auto const description = described(node.attribute);
    std::string const name{description.type};
    auto const is_language = [](std::string const& option) { return option.starts_with("lang-"); };
    if (!std::ranges::all_of(description.options, is_language) ||
        (schema.habits().rules_by_syntax && !description.options.empty()))
      return refused(node, "what the options of " + node.attribute + " mean only the server knows");
    auto const type = schema.type(name);
    if (!type) return undefined(node, "the schema has no attribute " + name + "; correct the name");
    Test test{.kind = node.kind,
              .type = *type,
              .options = description.options,
              .bits = node.bits,
              .schema = &schema};
    return bind_values(node, schema[*type], std::move(test));
  }

  Result<Test> bind_values(FilterNode const& node, AttributeType const& type, Test test) {
    switch (node.kind) {
      case Kind::present:
        return test;
      case Kind::all_bits:
      case Kind::any_bits:
        if (type.syntax != Syntax::integer)
          return refused(node, "whether bits of " + type.key +
                                   ", which is no integer, can be asked for only the "
                                   "server knows");
        return test;
      case Kind::pieces:
        test.comparison = type.substrings;
        return bind_pieces(node, type, std::move(test));
      case Kind::at_least:
      case Kind::at_most:
        test.comparison = type.ordering;
        return bind_value(node, type, std::move(test), "ordering");
      default:
        test.comparison = type.equality;
        if (!node.rule.empty()) {
          auto const rule = comparison_of(node.rule, RuleUse::equality);
          auto const fits = rule == type.equality || (is_text(rule) && is_text(type.syntax));
          if (!fits || schema.habits().rules_by_syntax)
            return refused(node,
                           "whether rule " + node.rule + " goes with " + type.key + " only the server knows");
          test.comparison = rule;
        }
        return bind_value(node, type, std::move(test), "equality");
    }
  }

  /// Why a test with this value can not be judged here; empty: it can.
  std::string why_unknown(AttributeType const& type, Comparison comparison, std::string_view value) const {
    if (comparison == Comparison::unknown) return "how " + type.key + " compares only the server knows";
    if (is_text(comparison) && has_control(value)) return "it holds a control character";
    if (comparison == Comparison::telephone_number && has_letter(value))
      return "whether letters of a telephone number differ by case only the server knows";
    if (!schema.habits().rules_by_syntax) return {};
    if (type.key == "objectcategory") return "the server rewrites values of objectCategory";
    if (!is_ascii(value)) return "which accents count only the server knows";
    return {};
  }

  Result<Test> bind_value(FilterNode const& node, AttributeType const& type, Test test, char const* use) {
    if (test.comparison == Comparison::none) return undefined(node, type.key + " has no " + use + " rule");
    if (auto const why = why_unknown(type, test.comparison, node.value); !why.empty())
      return refused(node, why);
    auto const not_valid = [this, &node, &type] {
      return undefined(node, "\"" + printable(node.value) + "\" is no value that " + type.key + " can have");
    };
    if (!is_valid(type.syntax, node.value)) return not_valid();
    if (test.comparison == Comparison::object_identifier) {
      if (type.key != "objectclass" && type.key != "structuralobjectclass")
        return refused(node, "which names stand for the OIDs of " + type.key + " only the server knows");
      auto const object_class = schema.object_class(node.value);
      if (!object_class)
        return undefined(node, "the schema has no class " + printable(node.value) + "; correct the name");
      test.object_class = *object_class;
      return test;
    }
    if (test.comparison == Comparison::distinguished_name) {
      if (names == nullptr) names = std::make_shared<DnKeys const>(schema);
      test.names = names;
    }
    auto key = test.comparison == Comparison::distinguished_name
                   ? names->key(node.value)
                   : comparison_key(test.comparison, node.value);
    if (!key) return not_valid();
    test.key = *std::move(key);
    return test;
  }

  Result<Test> bind_pieces(FilterNode const& node, AttributeType const& type, Test test) {
    if (test.comparison == Comparison::none) return undefined(node, type.key + " has no substrings rule");
    for (std::size_t n = 0; n < node.pieces.size(); ++n) {
      auto const& piece = node.pieces[n];
      auto const is_inner = n > 0 && n + 1 < node.pieces.size();
      if (piece.empty() && test.comparison != Comparison::unknown) {
        test.pieces.emplace_back();
        continue;
      }
      if (auto const why = why_unknown(type, test.comparison, piece); !why.empty()) return refused(node, why);
      if (type.syntax == Syntax::ia5_string && (piece.starts_with(' ') || piece.ends_with(' ')))
        return refused(node, "which spaces beside \"*\" count only the server knows");
      if (!is_valid(type.syntax, piece))
        return undefined(node,
                         "\"" + printable(piece) + "\" is no part of a value that " + type.key + " can have");
      auto key = comparison_key(test.comparison, piece,
                                is_inner ? Trim::none
                                : n == 0 ? Trim::start
                                         : Trim::end);
      if (!key || key->empty()) return refused(node, "nothing is left of \"" + printable(piece) + "\"");
      test.pieces.push_back(*std::move(key));
    }
    return test;
  }

  Result<void> run(FilterNode const& node) {
    if (!is_leaf(node)) {
      for (auto const& inner : node.nodes)
        if (auto const bound = run(inner); !bound) return bound.error();
      return {};
    }
    auto test = bind(node);
    if (!test) return test.error();
    result.tests_.push_back(std::make_shared<Test const>(*std::move(test)));
    return {};
  }
};

Result<BoundFilter> BoundFilter::bind(Filter const& filter, Schema const& schema) {
  BoundFilter result;
  DIRSYNC_ASSERT(filter.root_ != nullptr);
  result.root_ = filter.root_;
  result.schema_ = &schema;
  Binder binder{filter.text_, schema, result};
  if (auto const bound = binder.run(*result.root_); !bound) return bound.error();
  return result;
}

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
  if (node.kind == Kind::negation) {
    auto const inner = evaluate(node.nodes.front(), leaf, entry);
    return inner == Truth::undefined ? inner : inner == Truth::yes ? Truth::no : Truth::yes;
  }
  auto result = node.kind == Kind::all ? Truth::yes : Truth::no;
  for (auto const& one : node.nodes) {
    auto const inner = evaluate(one, leaf, entry);
    result = node.kind == Kind::all ? std::min(result, inner) : std::max(result, inner);
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
