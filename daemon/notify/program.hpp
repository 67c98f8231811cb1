#pragma once
// A program of the system that is given something to read.
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "sync/model/error.hpp"

namespace dirsync::notify {

/// Runs `words` (the first: its absolute path) to its end, with `input` as its standard input and without our
/// environment, which may hold secrets, and our open files. After `longest` it is killed, with the processes
/// that it started. Errors: NotifyErrc::not_started, failed, timed_out. A cancellation kills it as well.
/// Thread: event loop.
boost::asio::awaitable<Result<void>> run_program(std::vector<std::string> words, std::string input,
                                                 std::chrono::milliseconds longest);

}  // namespace dirsync::notify
