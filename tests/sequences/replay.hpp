#pragma once
// Who was in which target group because of us, told from what the targets held and which calls had an effect,
// without a look at the store.
#include <compare>
#include <set>
#include <string>
#include <vector>

#include "tests/sequences/world.hpp"

namespace dirsync::sequences {

struct Member {
  std::string target, group_id, user;  // user: the target's name
  friend auto operator<=>(Member const&, Member const&) = default;
};
using Members = std::set<Member>;
std::string to_text(Member const& member);

/// All that both targets hold.
Members members_of(World& world);
/// Whom an addition or removal is about.
Member member_of(World& world, Change const& change);

/// One run, and how the world was around it.
struct Instant {
  Attempt attempt;
  Members before, after;  // what the targets held
  Members by_hand;        // what somebody changed since the run before
  Members ours;           // after it
  Members unclear;        // whoever was edited by hand up to then: nobody can tell whose they are
};

class Replay {
 public:
  explicit Replay(World& world) : world_(world), last_(members_of(world)) {}

  /// After each deed of somebody.
  void note_deed();
  /// Makes the run under the world's circumstances.
  Instant const& run();
  std::vector<Instant> const& instants() const { return instants_; }
  /// What changed after the run of that number, up to just before another one.
  Members changed_between(std::size_t run, std::size_t later) const;

 private:
  World& world_;
  Members last_, ours_, by_hand_, unclear_;
  std::vector<Instant> instants_;
};

}  // namespace dirsync::sequences
