#pragma once
// What Filter's leaves become when they are bound; only BoundFilter's own files include it.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sync/model/bound_filter.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/filter_node.hpp"

namespace dirsync {

inline bool is_leaf(FilterNode const& node) {
  using enum FilterNode::Kind;
  return node.kind != all && node.kind != any && node.kind != negation;
}

/// One leaf of a filter. Constant once made.
struct BoundFilter::Test {
  FilterNode::Kind kind{};
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

  /// Of one value of the attribute.
  bool holds_for(std::string_view raw) const;

 private:
  bool is_equal(std::string_view raw) const;
};

}  // namespace dirsync
