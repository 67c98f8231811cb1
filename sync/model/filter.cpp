#include "sync/model/filter.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "sync/model/filter_node.hpp"
#include "sync/model/hex.hpp"
#include "sync/model/matching_rules.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

using Node = FilterNode;

constexpr int kDeepest = 100;  // nested filters; more is an attack or a mistake

class FilterParser {
 public:
  explicit FilterParser(std::string_view text) : text_(text) {}

  Result<Node> run() {
    auto node = filter(0);
    if (node && at_ != text_.size()) return malformed("text after the end of the filter");
    if (node && unsupported_) return *unsupported_;  // only once it is known to be whole
    return node;
  }

 private:
  Error malformed(std::string_view what) const {
    return {FilterErrc::malformed, "filter \"" + printable(text_) + "\", character " +
                                       std::to_string(at_ + 1) + ": " + std::string{what} +
                                       "; write it as in RFC 4515, for example "
                                       "(&(objectClass=person)(uid=a*))"};
  }

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Result<Node> filter(int depth) {
    if (depth > kDeepest) return malformed("too many nested filters");
    auto const start = at_;
    if (!take('(')) return malformed("\"(\" expected");
    auto node = take('&')   ? list(Node::Kind::all, depth)
                : take('|') ? list(Node::Kind::any, depth)
                : take('!') ? negation(depth)
                            : item();
    if (!node) return node;
    if (!take(')')) return malformed("\")\" expected");
    node->start = start;
    node->end = at_;
    return node;
  }

  /// Also none at all: (&) is true and (|) is false (RFC 4526).
  Result<Node> list(Node::Kind kind, int depth) {
    Node node{.kind = kind};
    while (at_ < text_.size() && text_[at_] == '(') {
      auto inner = filter(depth + 1);
      if (!inner) return inner;
      node.nodes.push_back(std::move(*inner));
    }
    return node;
  }

  Result<Node> negation(int depth) {
    auto inner = filter(depth + 1);
    if (!inner) return inner;
    Node node{.kind = Node::Kind::negation};
    node.nodes.push_back(std::move(*inner));
    return node;
  }

  Result<Node> item() {
    auto const start = at_;
    while (at_ < text_.size() && std::string_view{"=<>~:()"}.find(text_[at_]) == std::string_view::npos)
      ++at_;
    auto const attribute = text_.substr(start, at_ - start);
    Node node{.attribute = ascii_lower(attribute)};
    auto const is_name_character = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ';';
    };
    if (!std::ranges::all_of(node.attribute, is_name_character)) return malformed("bad attribute name");
    if (take(':')) return extensible(std::move(node));
    if (node.attribute.empty()) return malformed("attribute name expected");
    auto const sign = at_ < text_.size() ? text_[at_] : '\0';
    if (sign == '<' || sign == '>' || sign == '~') ++at_;
    if (!take('=')) return malformed("\"=\", \"~=\", \">=\" or \"<=\" expected");
    auto pieces = value_pieces();
    if (!pieces) return pieces.error();
    if (sign == '=' && pieces->size() > 1) return with_pieces(std::move(node), *pieces);
    if (pieces->size() > 1) return malformed("\"*\" is for \"=\" only; write \\2a for the character");
    if (sign == '~') refuse("what \"~=\" takes for alike only the server knows; write \"=\"");
    node.kind = sign == '<' ? Node::Kind::at_most : sign == '>' ? Node::Kind::at_least : Node::Kind::equal;
    node.value = std::move(pieces->front());
    return node;
  }

  Result<Node> with_pieces(Node node, std::vector<std::string>& pieces) {
    if (pieces.size() == 2 && pieces[0].empty() && pieces[1].empty()) {
      node.kind = Node::Kind::present;
      return node;
    }
    for (std::size_t n = 1; n + 1 < pieces.size(); ++n)
      if (pieces[n].empty()) return malformed("nothing between two \"*\"");
    node.kind = Node::Kind::pieces;
    node.pieces = std::move(pieces);
    return node;
  }

  /// The first reason counts, once the whole filter is known to be well-formed.
  void refuse(std::string const& why) {
    if (!unsupported_)
      unsupported_ = Error{FilterErrc::unsupported, "filter \"" + printable(text_) + "\": " + why};
  }

  Result<Node> extensible(Node node) {
    auto const end = text_.find(":=", at_ - 1);
    if (end == std::string_view::npos) return malformed("\":=\" expected");
    node.rule = end < at_ ? "" : text_.substr(at_, end - at_);
    node.kind = node.rule == "1.2.840.113556.1.4.803"   ? Node::Kind::all_bits
                : node.rule == "1.2.840.113556.1.4.804" ? Node::Kind::any_bits
                                                        : Node::Kind::equal;
    auto const is_known = node.kind != Node::Kind::equal || node.rule.empty() ||
                          comparison_of(node.rule, RuleUse::equality) != Comparison::unknown;
    if (!is_known || node.attribute.empty())
      refuse("matching rule \"" + printable(node.rule) +
             "\" is not evaluated here; after an attribute there may be an equality rule of RFC 4517, such "
             "as caseExactMatch, or 1.2.840.113556.1.4.803 or .804");
    at_ = end + 2;
    auto pieces = value_pieces();
    if (!pieces) return pieces.error();
    if (pieces->size() != 1 && !unsupported_)
      return malformed("\"*\" is for \"=\" only; write \\2a for the character");
    node.value = std::move(pieces->front());
    if (node.kind == Node::Kind::equal) return node;
    auto const bits = parse_integer(node.value);
    if (!bits) return malformed("a whole number expected");
    node.bits = *bits;
    return node;
  }

  /// A value up to ")", cut at each "*", escapes resolved.
  Result<std::vector<std::string>> value_pieces() {
    std::vector<std::string> pieces(1);
    for (; at_ < text_.size() && text_[at_] != ')'; ++at_) {
      auto const c = text_[at_];
      if (c == '(' || c == '\0') return malformed("this character must be written as \\28 or \\00");
      if (c == '*') {
        pieces.emplace_back();
      } else if (c == '\\') {
        auto const byte = from_hex(text_.substr(at_ + 1, 2));
        if (!byte || byte->size() != 1) return malformed("two hexadecimal digits expected after \"\\\"");
        pieces.back() += *byte;
        at_ += 2;
      } else {
        pieces.back().push_back(c);
      }
    }
    return pieces;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<Error> unsupported_;
};

void collect_attributes(Node const& node, std::vector<std::string>& names) {
  if (!node.attribute.empty() && std::ranges::find(names, node.attribute) == names.end())
    names.push_back(node.attribute);
  for (auto const& inner : node.nodes) collect_attributes(inner, names);
}

/// `negated`: an odd number of negations lies above the node.
void collect_below_negation(Node const& node, bool negated, std::vector<std::string>& names) {
  auto const is_new = std::ranges::find(names, node.attribute) == names.end();
  if (negated && !node.attribute.empty() && is_new) names.push_back(node.attribute);
  auto const inside = negated != (node.kind == Node::Kind::negation);
  for (auto const& inner : node.nodes) collect_below_negation(inner, inside, names);
}

}  // namespace

Result<Filter> Filter::parse(std::string_view text) {
  auto node = FilterParser{text}.run();
  if (!node) return node.error();
  Filter filter;
  filter.text_ = text;
  collect_attributes(*node, filter.attributes_);
  filter.root_ = std::make_shared<Node const>(std::move(*node));
  return filter;
}

std::vector<std::string> Filter::attributes_below_negation() const {
  std::vector<std::string> names;
  collect_below_negation(*root_, false, names);
  return names;
}

boost::system::error_code make_error_code(FilterErrc code) { return code_of(code); }
char const* category_name(FilterErrc) { return "filter"; }
char const* to_text(FilterErrc code) {
  switch (code) {
    case FilterErrc::malformed:
      return "malformed filter";
    case FilterErrc::unsupported:
      return "a filter that cannot be evaluated here";
  }
  return "unknown";
}
Failure failure_of(FilterErrc) { return Failure::permanent; }

}  // namespace dirsync
