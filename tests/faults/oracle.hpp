#pragma once
// What a run did to people, judged from the company alone: nothing here knows dirsyncd.
#include <string>

#include "tests/system/simulator_process.hpp"

namespace dirsync::test {

enum class Side { vault, console };
std::string title_of(Side side);

/// Memberships that `all` has and `others` lacks; groups without one are left out.
Memberships without(Memberships const& all, Memberships const& others);
Memberships with(Memberships all, Memberships const& more);
std::size_t count(Memberships const& all);
std::string in_words(Memberships const& all);

/// Memberships by what was done wrong about them.
struct Harm {
  Memberships removed, added, forgotten;

  /// One run. `justified`: what the company gave while it ran; `by_hand`: what others gave there, which is no
  /// business of ours to take.
  void judge_run(Memberships const& before, Memberships const& after, Memberships const& justified,
                 Memberships const& by_hand);
  /// What still stands and should not, without a word of it or when nothing is left to wait for.
  void judge_rest(Memberships const& after, Memberships const& justified, Memberships const& by_hand);
};

}  // namespace dirsync::test
