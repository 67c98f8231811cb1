#include "daemon/config/reload.hpp"

#include <set>

namespace dirsync::config {

std::vector<std::string> needing_restart(Config const& old_one, Config const& new_one) {
  std::set<std::string> keys;  // a key that is left out now has a value in one of the two
  auto const compare = [&keys](Config const& one, Config const& other) {
    for (auto const& [key, value] : one.effective) {
      if (!key.starts_with("service.") || key == "service.log.level" || key.starts_with("service.notify"))
        continue;
      auto const there = other.effective.find(key);
      if (there == other.effective.end() || there->second != value) keys.insert(key);
    }
  };
  compare(old_one, new_one);
  compare(new_one, old_one);
  return {keys.begin(), keys.end()};
}

}  // namespace dirsync::config
