#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <string>

#include "sync/engine/setup.hpp"

namespace dirsync::engine {

/// Both sides as read in one run. A side is in exactly one of `read` and `failed`.
struct Readings {
  std::map<std::string, Snapshot> snapshots;
  std::map<std::string, Error> failed_directories;
  std::map<std::string, Observed> observed;
  std::map<std::string, Error> failed_targets;
  std::map<std::string, std::chrono::milliseconds> took;  // by side
  std::optional<Error> journal_failure;
};

/// Reads every directory and target at the same time, each once. `accept_band`: a read out of band is taken.
boost::asio::awaitable<Readings> read_sides(Setup const& setup, bool accept_band);

/// Which targets have no part in this run, and why: not read themselves, or fed by a directory that was not,
/// or by people of one that is joined with such a directory.
std::map<std::string, Error> refused_targets(Setup const& setup, Readings const& readings);

/// The band check (contract 8), for one directory. Small directories may move by kBandFloor entries.
inline constexpr std::int64_t kBandFloor = 3;
std::optional<Error> out_of_band(SourceDirectory const& directory, ReadCounts const& last,
                                 Snapshot const& now);

}  // namespace dirsync::engine
