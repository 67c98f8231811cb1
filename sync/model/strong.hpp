#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace dirsync {

/// A value whose type says what it is.
template <class Tag, class Rep = std::string>
class Strong {
 public:
  Strong() = default;
  explicit Strong(Rep value) : value_(std::move(value)) {}
  Rep const& value() const noexcept { return value_; }
  friend auto operator<=>(Strong const&, Strong const&) = default;
  friend bool operator==(Strong const&, Strong const&) = default;

 private:
  Rep value_{};
};

/// Immutable identity of a directory entry: entryUUID (RFC 4530), objectGUID, nsUniqueId,
/// in its usual text form, lower case. Survives renames and moves.
using EntryId = Strong<struct EntryIdTag>;
/// A run of the engine; grows by one.
using RunId = Strong<struct RunIdTag, std::int64_t>;
/// SHA-256 of a plan's ordered changes, 64 hexadecimal digits.
using PlanDigest = Strong<struct PlanDigestTag>;

}  // namespace dirsync

template <class Tag, class Rep>
struct std::hash<dirsync::Strong<Tag, Rep>> {
  std::size_t operator()(dirsync::Strong<Tag, Rep> const& strong) const noexcept {
    return std::hash<Rep>{}(strong.value());
  }
};
