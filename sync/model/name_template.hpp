#pragma once
#include <optional>
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
  /// Nothing when an attribute is missing or the result is empty.
  std::optional<std::string> render(std::span<AttributeView const> entry) const;
  /// Attributes it needs, each once, lower case.
  std::vector<std::string> const& attributes() const noexcept { return attributes_; }
  std::string const& text() const noexcept { return text_; }

  struct Function {
    enum class Kind { lower, upper, trim, remove_prefix, remove_suffix, replace } kind;
    std::string first, second;
  };
  struct Part {
    std::string literal;    // used when `attribute` is empty
    std::string attribute;  // lower case
    std::vector<Function> functions;
  };

 private:
  std::string text_;
  std::vector<std::string> attributes_;
  std::vector<Part> parts_;
};

}  // namespace dirsync

template <>
struct boost::system::is_error_code_enum<dirsync::TemplateErrc> : std::true_type {};
