#include "sync/model/change_stamp.hpp"

#include <algorithm>

namespace dirsync {

ChangeStamp stamp_of(UtcTime time) {
  using std::chrono::milliseconds;
  // Nanoseconds, which end in the year 2262.
  auto const fits = time >= std::chrono::ceil<milliseconds>(Time::min()) &&
                    time <= std::chrono::floor<milliseconds>(Time::max());
  return fits ? ChangeStamp{Time{time}} : ChangeStamp{};
}

ChangeStamp stamp_of_csn(std::string_view text) {
  auto const end = text.find('#');
  return end == text.npos ? ChangeStamp{} : stamp_of_time(text.substr(0, end));
}

ChangeStamp stamp_of_time(std::string_view text) {
  auto const time = parse_generalized_time(text);
  return time ? stamp_of(*time) : ChangeStamp{};
}

std::optional<Time> later(std::optional<Time> const& left, std::optional<Time> const& right) {
  // An empty optional is less than any other.
  return std::max(left, right);
}

}  // namespace dirsync
