#pragma once
// How a store is opened.
#include <memory>
#include <string>

#include "store/instance_lock.hpp"
#include "sync/ports/clock.hpp"

namespace dirsync::store {

struct Options {
  enum class Mode {
    read_write,  // creates or migrates the file, under the lock
    read_only,   // changes nothing; works beside a writer
  };
  StateFolder folder;
  Mode mode = Mode::read_write;
  std::shared_ptr<Clock const> clock = std::make_shared<SystemClock>();  // for rows that are not given a time
  /// The caller's, for the time of open(). Without it, open() takes the lock for as long as it creates,
  /// repairs or migrates the file, and not at all for a file that is in order.
  InstanceLock const* lock = nullptr;
  std::string actor = "daemon";  // of the audit row that says that a mark was missing
  /// read_only: a store that went back is opened all the same; see Store::went_back().
  bool examine = false;
  /// read_write, with a lock: the same of a store that is to be recovered. Its mark stays as it is, so that
  /// nobody else uses it, until vouch().
  bool recover = false;
  /// With the lock: an audit trail whose end does not hold is opened all the same, to be acknowledged. See
  /// Store::acknowledge().
  bool with_broken_chain = false;
};

}  // namespace dirsync::store
