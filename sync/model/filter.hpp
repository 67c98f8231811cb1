#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/error.hpp"

namespace dirsync {

enum class FilterErrc { malformed = 1, unsupported };
boost::system::error_code make_error_code(FilterErrc code);
char const* category_name(FilterErrc);
char const* to_text(FilterErrc code);
Failure failure_of(FilterErrc code);

/// One attribute of an entry, its values in the server's order.
struct AttributeView {
  std::string_view name;  // as the server spells it, with options
  std::span<std::string_view const> values;
};

struct FilterNode;

/// An LDAP search filter (RFC 4515) as it is written; BoundFilter evaluates it.
class Filter {
 public:
  /// Errors: FilterErrc::malformed (the place is in the context), unsupported: a part that can be evaluated
  /// by no schema.
  static Result<Filter> parse(std::string_view text);
  /// Attributes it looks at, each once, lower case.
  std::vector<std::string> const& attributes() const noexcept { return attributes_; }
  /// Those of them whose absence may make an entry fit, as they stand below a negation; in the same form.
  std::vector<std::string> attributes_below_negation() const;
  std::string const& text() const noexcept { return text_; }

 private:
  friend class BoundFilter;
  std::string text_;
  std::vector<std::string> attributes_;
  std::shared_ptr<FilterNode const> root_;
};

}  // namespace dirsync

template <>
struct boost::system::is_error_code_enum<dirsync::FilterErrc> : std::true_type {};
