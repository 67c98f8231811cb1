#include "sync/model/filter.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "sync/model/hex.hpp"
#include "sync/model/matching.hpp"
#include "sync/model/text.hpp"
#include "sync/model/time.hpp"

namespace dirsync {
namespace {

enum class Truth { no, undefined, yes };  // ordered: "and" is the least, "or" the greatest

constexpr int kDeepest = 100;  // nested filters; more is an attack or a mistake

/// -1, 0 or 1, as the values' own kind orders them.
int compare(std::string_view left, std::string_view right) {
  auto const order = [](auto const& a, auto const& b) { return a < b ? -1 : a == b ? 0 : 1; };
  auto const left_number = parse_integer(left), right_number = parse_integer(right);
  if (left_number && right_number) return order(*left_number, *right_number);
  auto const left_time = parse_generalized_time(left), right_time = parse_generalized_time(right);
  if (left_time && right_time) return order(*left_time, *right_time);
  return order(match_key(left), match_key(right));
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

}  // namespace

struct Filter::Node {
  enum class Kind { all, any, negation, equal, pieces, at_least, at_most, present, all_bits, any_bits };
  Kind kind{};
  std::vector<Node> nodes{};          // all, any, negation
  std::string attribute{};            // lower case
  std::string value{};                // at_least, at_most
  std::vector<std::string> pieces{};  // keys; equal: the one
  std::int64_t bits = 0;

  bool holds_for(std::string_view raw) const {
    switch (kind) {
      case Kind::equal:
        return match_key(raw) == pieces.front();
      case Kind::pieces:
        return has_pieces(match_key(raw), pieces);
      case Kind::at_least:
        return compare(raw, value) >= 0;
      case Kind::at_most:
        return compare(raw, value) <= 0;
      case Kind::all_bits: {
        auto const number = parse_integer(raw);
        return number && (*number & bits) == bits;
      }
      case Kind::any_bits: {
        auto const number = parse_integer(raw);
        return number && (*number & bits) != 0;
      }
      default:
        return true;  // present
    }
  }

  Truth evaluate(std::span<AttributeView const> entry) const {
    if (kind == Kind::negation) {
      auto const inner = nodes.front().evaluate(entry);
      return inner == Truth::undefined ? inner : inner == Truth::yes ? Truth::no : Truth::yes;
    }
    if (kind == Kind::all || kind == Kind::any) {
      auto result = kind == Kind::all ? Truth::yes : Truth::no;
      for (auto const& node : nodes) {
        auto const inner = node.evaluate(entry);
        result = kind == Kind::all ? std::min(result, inner) : std::max(result, inner);
      }
      return result;
    }
    for (auto const& candidate : entry) {
      if (candidate.values.empty() || !ascii_iequal(candidate.name, attribute)) continue;
      auto const holds = std::ranges::any_of(candidate.values, [this](auto raw) { return holds_for(raw); });
      return holds ? Truth::yes : Truth::no;
    }
    return kind == Kind::present ? Truth::no : Truth::undefined;
  }
};

namespace {
using Node = Filter::Node;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

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
    if (!take('(')) return malformed("\"(\" expected");
    auto node = take('&')   ? list(Node::Kind::all, depth)
                : take('|') ? list(Node::Kind::any, depth)
                : take('!') ? negation(depth)
                            : item();
    if (node && !take(')')) return malformed("\")\" expected");
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
    if (sign == '<' || sign == '>') {
      node.kind = sign == '<' ? Node::Kind::at_most : Node::Kind::at_least;
      node.value = std::move(pieces->front());
    } else {
      node.kind = Node::Kind::equal;
      node.pieces = {match_key(pieces->front())};
    }
    return node;
  }

  Result<Node> with_pieces(Node node, std::vector<std::string> const& pieces) {
    if (pieces.size() == 2 && pieces[0].empty() && pieces[1].empty()) {
      node.kind = Node::Kind::present;
      return node;
    }
    node.kind = Node::Kind::pieces;
    for (std::size_t n = 0; n < pieces.size(); ++n) {
      auto const inner = n > 0 && n + 1 < pieces.size();
      if (inner && pieces[n].empty()) return malformed("nothing between two \"*\"");
      node.pieces.push_back(match_key(pieces[n], inner ? Trim::none : n == 0 ? Trim::start : Trim::end));
    }
    return node;
  }

  Result<Node> extensible(Node node) {
    auto const end = text_.find(":=", at_);
    if (end == std::string_view::npos) return malformed("\":=\" expected");
    auto const rule = text_.substr(at_, end - at_);
    if (rule == "1.2.840.113556.1.4.803")
      node.kind = Node::Kind::all_bits;
    else if (rule == "1.2.840.113556.1.4.804")
      node.kind = Node::Kind::any_bits;
    auto const known = node.kind == Node::Kind::all_bits || node.kind == Node::Kind::any_bits;
    if (!known || node.attribute.empty())
      unsupported_ = Error{FilterErrc::unsupported,
                           "filter \"" + printable(text_) + "\": matching rule \"" + printable(rule) +
                               "\"; only attribute:1.2.840.113556.1.4.803:=N and .804 can be evaluated here"};
    at_ = end + 2;
    auto const pieces = value_pieces();
    if (!pieces || unsupported_) return pieces ? Result<Node>{std::move(node)} : pieces.error();
    auto const bits = pieces->size() == 1 ? parse_integer(pieces->front()) : std::nullopt;
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

}  // namespace

Result<Filter> Filter::parse(std::string_view text) {
  auto node = Parser{text}.run();
  if (!node) return node.error();
  Filter filter;
  filter.text_ = text;
  collect_attributes(*node, filter.attributes_);
  filter.root_ = std::make_shared<Node const>(std::move(*node));
  return filter;
}

bool Filter::matches(std::span<AttributeView const> entry) const {
  return root_ && root_->evaluate(entry) == Truth::yes;
}

boost::system::error_code make_error_code(FilterErrc code) { return code_of(code); }
char const* category_name(FilterErrc) { return "filter"; }
char const* to_text(FilterErrc code) {
  switch (code) {
    case FilterErrc::malformed:
      return "malformed filter";
    case FilterErrc::unsupported:
      return "matching rule not supported";
  }
  return "unknown";
}
Failure failure_of(FilterErrc) { return Failure::permanent; }

}  // namespace dirsync
