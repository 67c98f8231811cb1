#pragma once
// A filter, evaluated as one server evaluates it.
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/filter.hpp"
#include "sync/model/schema.hpp"

namespace dirsync {

/// A filter whose names and values mean what a server's schema says (RFC 4511, 4.5.1.7). An attribute that is
/// known and absent makes a test false, and its negation true. A test of what the schema does not know, or
/// for which its type has no rule, or of a value that the syntax does not allow, is undefined, and so is its
/// negation; what is undefined does not match.
class BoundFilter {
 public:
  /// `schema` must outlive it. Errors: FilterErrc::unsupported: a part that only the server can evaluate; the
  /// context has the filter, the part and the reason.
  static Result<BoundFilter> bind(Filter const& filter, Schema const& schema);

  /// Not const: it remembers which attributes the names of entries mean. One thread at a time.
  bool matches(std::span<AttributeView const> entry);

  /// Tests that are undefined for every entry: "(cm=a): the schema has no attribute cm".
  std::vector<std::string> const& undefined_parts() const noexcept { return undefined_parts_; }

 private:
  enum class Truth { no, undefined, yes };  // ordered: "and" is the least, "or" the greatest
  struct Test;
  struct Binder;
  struct Name;

  BoundFilter() = default;
  Name const& name_of(std::string_view name);
  Truth evaluate(FilterNode const& node, std::size_t& leaf, std::span<AttributeView const> entry) const;
  Truth evaluate_test(Test const& test, std::size_t leaf, std::span<AttributeView const> entry) const;

  std::shared_ptr<FilterNode const> root_;
  Schema const* schema_ = nullptr;
  std::vector<std::shared_ptr<Test const>> tests_;  // of the leaves, in the order of the text
  std::vector<std::shared_ptr<Name const>> names_;
  std::vector<Name const*> entry_names_;  // of the entry that is being looked at
  std::vector<std::string> undefined_parts_;
};

}  // namespace dirsync
