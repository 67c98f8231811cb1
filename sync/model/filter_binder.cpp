#include <algorithm>
#include <utility>

#include "sync/model/ascii.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/bound_test.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

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

}  // namespace

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
        (!schema.habits().finds_subtypes && !description.options.empty()))
      return refused(node, "what the options of " + node.attribute + " mean only the server knows");
    auto const type = schema.type(name);
    if (!type) return undefined(node, "the schema has no attribute " + name + "; correct the name");
    if (!schema.habits().finds_subtypes && schema.has_subtypes(*type))
      return refused(node, "whether " + name + " stands for the attributes below it only the server knows");
    Test test{.kind = node.kind,
              .type = *type,
              .options = description.options,
              .bits = node.bits,
              .schema = &schema};
    return bind_values(node, schema[*type], std::move(test));
  }

  Result<Test> bind_values(FilterNode const& node, AttributeType const& type, Test test) {
    switch (node.kind) {
      case FilterNode::Kind::present:
        return test;
      case FilterNode::Kind::all_bits:
      case FilterNode::Kind::any_bits:
        if (type.syntax != Syntax::integer)
          return refused(node, "whether bits of " + type.key +
                                   ", which is no integer, can be asked for only the "
                                   "server knows");
        return test;
      case FilterNode::Kind::pieces:
        test.comparison = type.substrings;
        return bind_pieces(node, type, std::move(test));
      case FilterNode::Kind::at_least:
      case FilterNode::Kind::at_most:
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
    if (!schema.habits().drops_outer_spaces && (value.starts_with(' ') || value.ends_with(' ')))
      return "whether spaces at the ends of a value count only the server knows";
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
      if ((n > 0 && piece.starts_with(' ')) || (n + 1 < node.pieces.size() && piece.ends_with(' ')))
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

}  // namespace dirsync
