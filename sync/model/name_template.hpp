#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/error.hpp"
#include "sync/model/filter.hpp"

namespace dirsync {

enum class TemplateErrc { malformed = 1, unknown_function };
boost::system::error_code make_error_code(TemplateErrc code);
char const* category_name(TemplateErrc);
char const* to_text(TemplateErrc code);
Failure failure_of(TemplateErrc code);

/// "pam-{cn|lower|remove_prefix:x}": text with `{attr|f:arg|...}` parts. Functions: lower, upper, trim,
/// remove_prefix:P, remove_suffix:S, replace:A:B; in arguments a backslash stands before : | { } and \.
class NameTemplate {
 public:
  /// Errors: TemplateErrc; the context names the place and, for a function, the nearest known one.
  static Result<NameTemplate> parse(std::string_view text);
  /// The names that the entry's values give, each once, in the order of the values: nearly always one. None
  /// when an attribute is missing, or when all come out empty. Values of one attribute are a set (RFC 4512,
  /// 2.2): of several names none is the first. No more than kMostNames.
  std::vector<std::string> names(std::span<AttributeView const> entry) const;
  static constexpr std::size_t kMostNames = 16;
  /// Attributes it needs, each once, lower case.
  std::vector<std::string> const& attributes() const noexcept { return attributes_; }
  std::string const& text() const noexcept { return text_; }
  /// The attribute whose value it gives as it is, but for case and outer spaces; empty: there is none such.
  std::string_view unchanged_attribute() const;
  /// Text of the same template with `|replace:WHAT:WITH` at the end of each part that has an attribute.
  std::string with_replaced(std::string_view what, std::string_view with) const;

  struct Function {
    enum class Kind { lower, upper, trim, remove_prefix, remove_suffix, replace } kind;
    std::string first, second;
  };
  struct Part {
    std::string literal;     // used when `attribute` is empty
    std::string attribute;   // lower case
    std::size_t number = 0;  // of the attribute, in attributes()
    std::vector<Function> functions;
  };

 private:
  using Values = std::vector<std::span<std::string_view const>>;  // by number in attributes_
  std::string rendered(Values const& values) const;

  std::string text_;
  std::vector<std::string> attributes_;
  std::vector<Part> parts_;
};

}  // namespace dirsync

template <>
struct boost::system::is_error_code_enum<dirsync::TemplateErrc> : std::true_type {};
