#pragma once
// Measurements in processes of their own, so that the peak memory of each is its own.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace dirsync::bench {

[[noreturn]] inline void give_up(std::string const& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

struct Measurement {
  double seconds = 0, cpu = 0, megabytes = 0;
  unsigned long long values = 0;
};

inline double seconds_of(timeval const& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// In the measured process: `work` gives the number of values it saw; one line goes to standard output.
template <class Work>
int print_measured(Work work) {
  auto const start = std::chrono::steady_clock::now();
  unsigned long long const values = work();
  std::chrono::duration<double> const taken = std::chrono::steady_clock::now() - start;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%f %f %f %llu\n", taken.count(), seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
              static_cast<double>(usage.ru_maxrss) / 1024, values);
  return 0;
}

/// Runs `command`, which ends in print_measured(). Ends this program when it fails.
inline Measurement measure(std::string const& command) {
  Measurement result;
  auto* const output = popen(command.c_str(), "r");
  auto const read = std::fscanf(output, "%lf %lf %lf %llu", &result.seconds, &result.cpu, &result.megabytes,
                                &result.values);
  if (pclose(output) != 0 || read != 4) give_up(command + " failed");
  return result;
}

inline Measurement median(std::vector<Measurement> all) {
  auto const middle = [&all](auto member) {
    auto const at = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::ranges::nth_element(all, at, {}, member);
    return (*at).*member;
  };
  return {middle(&Measurement::seconds), middle(&Measurement::cpu), middle(&Measurement::megabytes),
          all.front().values};
}

inline void print(char const* name, Measurement const& m) {
  std::printf("%-12s %7.3f s  cpu %7.3f s  peak %6.1f MB  values %llu\n", name, m.seconds, m.cpu, m.megabytes,
              m.values);
}

}  // namespace dirsync::bench
