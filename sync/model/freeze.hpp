#pragma once
// A person's decision that changes stop. No approval of a plan lifts it.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/model/change.hpp"
#include "sync/model/time.hpp"

namespace dirsync {

struct Freeze {
  std::string target;           // empty: all targets
  bool removals_alone = false;  // of members and of groups; everything else goes on
  std::string reason, actor;
  Time since{};
  std::optional<Time> until{};  // ends by itself then; none: only a person ends it
  friend bool operator==(Freeze const&, Freeze const&) = default;
};

/// Those whose time is not over.
std::vector<Freeze> in_force(std::vector<Freeze> freezes, Time now);
/// Whether it is about that target.
bool covers(Freeze const& freeze, std::string_view target);
/// Whether it keeps the change from being sent.
bool stops(Freeze const& freeze, Change const& change);
/// The first that does; null: none. Valid while `freezes` live.
Freeze const* freeze_of(std::span<Freeze const> freezes, Change const& change);

/// "removals in vault are frozen by uid:1000 (ann) since TIME, until TIME: REASON"
std::string text(Freeze const& freeze);
/// The words behind "dirsyncd" that end these: "thaw", of a single one that is of a target "thaw --target
/// vault", which ends no other. For a shell.
std::string thaw_command(std::span<Freeze const> freezes);

}  // namespace dirsync
