#pragma once
// What happens in one world: made from a number, and cut down when it goes wrong.
#include <string>
#include <vector>

#include "tests/sequences/acts.hpp"

namespace dirsync::sequences {

struct Event {
  Deed deed;
  unsigned seed = 0;  // of its own dice, so that it does the same without those before it
};

struct Story {
  unsigned seed = 0;                     // of the world
  bool begins_in_sync = false;           // the first plan was approved and applied before anything happens
  std::vector<std::vector<Event>> runs;  // what happens before and in each
};
Story make_story(unsigned seed);

/// Over all worlds, so that everybody sees what was tried.
struct Figures {
  int worlds = 0, runs = 0, changes = 0, removals = 0, holds = 0, approvals = 0, refused = 0, faults = 0,
      crashes = 0, configurations = 0, recovered = 0, blocked = 0, unconfirmed = 0, frozen = 0;
  Figures& operator+=(Figures const& more);
};
std::string to_text(Figures const& figures);

struct Told {
  std::vector<std::string> lines;     // the story in short
  std::vector<std::string> problems;  // empty: all was well
  Figures figures;
};
Told play(Story const& story);

/// The story without what is not needed for its going wrong.
Story shorten(Story story);

}  // namespace dirsync::sequences
