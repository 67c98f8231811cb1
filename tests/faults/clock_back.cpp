// Loaded into dirsyncd with LD_PRELOAD: the wall clock is CLOCK_BACK seconds behind. The steady clock is not.
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

#include <cstdlib>

namespace {

time_t seconds_back() {
  static time_t const seconds = [] {
    auto const* const value = std::getenv("CLOCK_BACK");
    return value == nullptr ? 0 : static_cast<time_t>(std::atol(value));
  }();
  return seconds;
}

template <class Function>
Function* real(char const* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) {
  static auto* const call = real<int(clockid_t, timespec*)>("clock_gettime");
  auto const result = call(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    time->tv_sec -= seconds_back();
  return result;
}

int gettimeofday(timeval* time, void* zone) noexcept {
  static auto* const call = real<int(timeval*, void*)>("gettimeofday");
  auto const result = call(time, zone);
  if (result == 0) time->tv_sec -= seconds_back();
  return result;
}

time_t time(time_t* at) noexcept {
  timespec now{};
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  if (at != nullptr) *at = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"
