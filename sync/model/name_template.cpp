#include "sync/model/name_template.hpp"

#include <algorithm>
#include <array>

#include "sync/model/assert.hpp"
#include "sync/model/nearest.hpp"
#include "sync/model/text.hpp"

namespace dirsync {
namespace {

using Function = NameTemplate::Function;
using Kind = Function::Kind;

struct KnownFunction {
  std::string_view name;
  Kind kind;
  int arguments;
};
constexpr std::array<KnownFunction, 6> kFunctions{{{"lower", Kind::lower, 0},
                                                   {"upper", Kind::upper, 0},
                                                   {"trim", Kind::trim, 0},
                                                   {"remove_prefix", Kind::remove_prefix, 1},
                                                   {"remove_suffix", Kind::remove_suffix, 1},
                                                   {"replace", Kind::replace, 2}}};

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string result;
  for (std::size_t at = 0;;) {
    auto const found = text.find(what, at);
    result.append(text.substr(at, found - at));
    if (found == text.npos) return result;
    result.append(with);
    at = found + what.size();
  }
}

std::string applied(Function const& function, std::string value) {
  switch (function.kind) {
    case Kind::lower:
      return lower_case(value);
    case Kind::upper:
      return upper_case(value);
    case Kind::trim:
      return std::string{trimmed(value)};
    case Kind::remove_prefix:
      return value.starts_with(function.first) ? value.substr(function.first.size()) : value;
    case Kind::remove_suffix:
      return value.ends_with(function.first) ? value.substr(0, value.size() - function.first.size()) : value;
    case Kind::replace:
      return replaced(value, function.first, function.second);
  }
  DIRSYNC_ASSERT(false);
}

Error malformed(std::size_t at, std::string what) {
  return {TemplateErrc::malformed, "character " + std::to_string(at + 1) + ": " + what};
}

Error unknown_function(std::size_t at, std::string_view name) {
  std::vector<std::string_view> names;
  for (auto const& known : kFunctions) names.push_back(known.name);
  auto message = "character " + std::to_string(at + 1) + ": no function \"" + printable(name) + "\"; ";
  if (auto const meant = nearest(name, names)) {
    message += "did you mean \"" + std::string{*meant} + "\"?";
  } else {
    message += "there are lower, upper, trim, remove_prefix:P, remove_suffix:S, replace:A:B";
  }
  return {TemplateErrc::unknown_function, message};
}

/// The first of `wanted` that no backslash stands before; npos: none.
std::size_t find_plain(std::string_view text, std::string_view wanted, std::size_t from = 0) {
  for (auto at = from; at < text.size(); ++at) {
    if (wanted.find(text[at]) != wanted.npos) return at;
    if (text[at] == '\\') ++at;
  }
  return text.npos;
}

constexpr std::string_view kEscaped = ":|{}\\";

std::string escaped(std::string_view text) {
  std::string argument;
  for (auto const c : text) {
    if (kEscaped.find(c) != kEscaped.npos) argument.push_back('\\');
    argument.push_back(c);
  }
  return argument;
}

/// An argument without its backslashes; `at`: its place in the whole template.
Result<std::string> unescaped(std::string_view argument, std::size_t at) {
  std::string text;
  for (std::size_t n = 0; n < argument.size(); ++n) {
    if (argument[n] == '\\') {
      if (++n == argument.size() || kEscaped.find(argument[n]) == kEscaped.npos)
        return malformed(at + n - 1,
                         "a backslash stands before one of : | { } \\ only; write \\\\ for a backslash");
    }
    text.push_back(argument[n]);
  }
  return text;
}

/// "replace:A:B"; `at`: its place in the whole template, for messages.
Result<Function> parse_function(std::string_view text, std::size_t at) {
  auto const colon = text.find(':');
  auto const name = text.substr(0, colon);
  auto const known = std::ranges::find(kFunctions, name, &KnownFunction::name);
  if (known == kFunctions.end()) return unknown_function(at, name);
  Function function{known->kind, {}, {}};
  if (known->arguments == 0) {
    if (colon != text.npos) return malformed(at, std::string{name} + " takes no argument");
    return function;
  }
  auto const start = colon == text.npos ? text.size() : colon + 1;
  auto const argument = text.substr(start);
  auto const second = known->arguments == 2 ? find_plain(argument, ":") : argument.npos;
  if (known->arguments == 2 && second == argument.npos)
    return malformed(at, "replace takes two arguments: replace:A:B");
  auto first = unescaped(argument.substr(0, second), at + start);
  if (!first) return first.error();
  function.first = *std::move(first);
  if (second != argument.npos) {
    auto with = unescaped(argument.substr(second + 1), at + start + second + 1);
    if (!with) return with.error();
    function.second = *std::move(with);
  }
  if (function.first.empty()) return malformed(at, std::string{name} + " needs a text after the colon");
  return function;
}

bool is_attribute_name(std::string_view name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyz0123456789-.;";  // RFC 4512, 2.5, with options
  return !name.empty() && name.find_first_not_of(kAllowed) == name.npos;
}

/// "attr|f:arg|...", what stands between the braces.
Result<NameTemplate::Part> parse_part(std::string_view text, std::size_t at) {
  NameTemplate::Part part;
  auto bar = text.find('|');
  part.attribute = ascii_lower(text.substr(0, bar));
  if (!is_attribute_name(part.attribute)) {
    return malformed(at, "\"" + printable(text.substr(0, bar)) + "\" is not an attribute name");
  }
  while (bar != text.npos) {
    auto const start = bar + 1;
    bar = find_plain(text, "|", start);
    auto function = parse_function(text.substr(start, bar - start), at + start);
    if (!function) return function.error();
    part.functions.push_back(std::move(*function));
  }
  return part;
}

}  // namespace

boost::system::error_code make_error_code(TemplateErrc code) { return code_of(code); }
char const* category_name(TemplateErrc) { return "template"; }
char const* to_text(TemplateErrc code) {
  return code == TemplateErrc::malformed ? "malformed template" : "unknown template function";
}
Failure failure_of(TemplateErrc) { return Failure::permanent; }

Result<NameTemplate> NameTemplate::parse(std::string_view text) {
  NameTemplate result;
  result.text_ = text;
  if (text.empty()) return malformed(0, "an empty template gives no name");
  for (std::size_t at = 0; at < text.size();) {
    auto const brace = text.find_first_of("{}", at);
    if (brace != at) {
      result.parts_.push_back({std::string{text.substr(at, brace - at)}, {}, 0, {}});
      if (brace == text.npos) break;
    }
    if (text[brace] == '}') return malformed(brace, "a } without its {");
    auto const end = find_plain(text, "{}", brace + 1);
    if (end == text.npos || text[end] == '{') return malformed(brace, "a { without its }");
    auto part = parse_part(text.substr(brace + 1, end - brace - 1), brace + 1);
    if (!part) return part.error();
    auto const known = std::ranges::find(result.attributes_, part->attribute);
    part->number = static_cast<std::size_t>(known - result.attributes_.begin());
    if (known == result.attributes_.end()) result.attributes_.push_back(part->attribute);
    result.parts_.push_back(std::move(*part));
    at = end + 1;
  }
  return result;
}

std::string NameTemplate::with_replaced(std::string_view what, std::string_view with) const {
  auto const more = "|replace:" + escaped(what) + ":" + escaped(with);
  std::string text;
  auto const whole = std::string_view{text_};
  for (std::size_t at = 0; at < whole.size();) {
    auto const brace = whole.find('{', at);
    auto const end = brace == whole.npos ? whole.npos : find_plain(whole, "}", brace + 1);
    text.append(whole.substr(at, end == whole.npos ? end : end - at));
    if (end == whole.npos) break;
    text += more + "}";
    at = end + 1;
  }
  return text;
}

std::string_view NameTemplate::unchanged_attribute() const {
  auto const keeps = [](Function const& function) {
    using enum Function::Kind;
    switch (function.kind) {
      case lower:
      case upper:
      case trim:
        return true;
      case replace:
        return ascii_iequal(function.first, function.second);
      case remove_prefix:
      case remove_suffix:
        return false;
    }
    return false;
  };
  if (parts_.size() != 1 || !std::ranges::all_of(parts_.front().functions, keeps)) return {};
  return parts_.front().attribute;
}

/// By the first value of each.
std::string NameTemplate::rendered(Values const& values) const {
  std::string name;
  for (auto const& part : parts_) {
    if (part.attribute.empty()) {
      name += part.literal;
      continue;
    }
    std::string value{values[part.number].front()};
    for (auto const& function : part.functions) value = applied(function, std::move(value));
    name += value;
  }
  return name;
}

std::vector<std::string> NameTemplate::names(std::span<AttributeView const> entry) const {
  Values values;
  values.reserve(attributes_.size());
  for (auto const& attribute : attributes_) {
    auto const found = std::ranges::find_if(
        entry, [&attribute](auto const& one) { return ascii_iequal(one.name, attribute); });
    if (found == entry.end() || found->values.empty()) return {};
    values.push_back(found->values);
  }
  std::vector<std::string> names;
  auto const all = values;
  // Counts through every choice of one value of each attribute.
  for (auto more = true; more && names.size() < kMostNames;) {
    auto name = rendered(values);
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    more = false;
    for (std::size_t at = 0; at < values.size() && !more; ++at) {
      values[at] = values[at].subspan(1);
      more = !values[at].empty();
      if (!more) values[at] = all[at];
    }
  }
  return names;
}

}  // namespace dirsync
