#pragma once
#include <gmock/gmock.h>

#include <string>

#include "daemon/doctor/check.hpp"

namespace dirsync::doctor {

/// The only check of that id; a test failure when there are none or several.
inline Check the(std::string const& id, Checks const& checks) {
  Check found;
  int count = 0;
  for (auto const& check : checks)
    if (check.id == id) {
      found = check;
      ++count;
    }
  EXPECT_EQ(count, 1) << id;
  return found;
}

/// A failure or a warning that says nothing of what to do helps nobody.
inline void expect_remedies(Checks const& checks) {
  for (auto const& check : checks)
    if (check.state == State::fail || check.state == State::warn) {
      EXPECT_NE(check.remedy, "") << check.id << ": " << check.text;
      EXPECT_NE(check.text, "") << check.id;
    }
}

}  // namespace dirsync::doctor
