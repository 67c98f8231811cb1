#pragma once
// When a server last changed an entry. Thread: any.
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "sync/model/time.hpp"

namespace dirsync {

/// A point in time by the server's own clock, or that nobody knows it; eight bytes, for entries by the
/// hundred thousand. It says how late we are, and decides nothing.
class ChangeStamp {
 public:
  ChangeStamp() = default;  // not known
  /// What is finer than a millisecond is dropped.
  explicit ChangeStamp(Time time)
      : milliseconds_(std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count()) {}
  std::optional<Time> time() const {
    if (milliseconds_ == kUnknown) return std::nullopt;
    return Time{std::chrono::milliseconds{milliseconds_}};
  }
  friend bool operator==(ChangeStamp, ChangeStamp) = default;

 private:
  static constexpr auto kUnknown = std::numeric_limits<std::int64_t>::min();
  std::int64_t milliseconds_ = kUnknown;
};

/// Not known where the system's clock cannot tell such a time.
ChangeStamp stamp_of(UtcTime time);
/// Of a change sequence number as OpenLDAP writes it into entryCSN:
/// "20261121213811.042317Z#000000#001#000000". Not known when `text` is none.
ChangeStamp stamp_of_csn(std::string_view text);
/// Of a generalizedTime (RFC 4517, 3.3.13), as in modifyTimestamp (RFC 4512, 3.4.2) and whenChanged, which
/// mostly have whole seconds. As stamp_of(); not known as well when `text` is none.
ChangeStamp stamp_of_time(std::string_view text);

/// The later of the two, as far as they are known.
std::optional<Time> later(std::optional<Time> const& left, std::optional<Time> const& right);

}  // namespace dirsync
