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
  std::string_view name;  // as asked for; compared without regard to ASCII case
  std::span<std::string_view const> values;
};

/// An LDAP search filter (RFC 4515) that dirsyncd evaluates itself on entries it has read.
/// Values compare as caseIgnoreMatch; >= and <= compare integers as integers, generalizedTime as time,
/// other values as folded text. The AD bit rules 1.2.840.113556.1.4.803 and .804 are known.
/// An attribute that is absent makes a comparison undefined (RFC 4511, 4.5.1.7), so (!(a=b)) is not true.
class Filter {
 public:
  /// Errors: FilterErrc::malformed (the place is in the context), unsupported (other matching rules).
  static Result<Filter> parse(std::string_view text);
  bool matches(std::span<AttributeView const> entry) const;
  /// Attributes it looks at, each once, lower case.
  std::vector<std::string> const& attributes() const noexcept { return attributes_; }
  std::string const& text() const noexcept { return text_; }
  struct Node;

 private:
  std::string text_;
  std::vector<std::string> attributes_;
  std::shared_ptr<Node const> root_;
};

}  // namespace dirsync

template <>
struct boost::system::is_error_code_enum<dirsync::FilterErrc> : std::true_type {};
