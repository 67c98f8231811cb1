#pragma once
// What the configuration says of a directory beyond how it is read.
#include <cstdint>
#include <optional>
#include <string>

#include "sync/model/account.hpp"
#include "sync/model/filter.hpp"

namespace dirsync {

/// How far the counts of a read may fall below those of the last accepted one. A read is doubted when one
/// falls by more than its per cent of the last, 0 to 1000, and by more than `at_least`.
struct Band {
  double groups = 20, users = 20, values = 30;
  std::int64_t at_least = 2;  // entries or values, 0 to 1000000
};

struct DirectoryPolicy {
  /// People it fits are disabled; it replaces `account_states`. None: what the directory itself says.
  std::optional<Filter> disabled{};
  AccountStates account_states{};  // which of the directory's own signs count
  std::string join{};  // attribute by which people are joined with those of other directories; empty: none
  Band band{};
};

}  // namespace dirsync
