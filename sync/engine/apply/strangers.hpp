#pragma once
// Members whom a target may have let in instead of whom an addition meant. They are listed as blocked, code
// `stranger`, until a person takes them out or they are wanted.
#include <span>
#include <vector>

#include "sync/engine/apply/carry_out.hpp"
#include "sync/model/observed.hpp"
#include "sync/model/record.hpp"

namespace dirsync::engine {

inline constexpr char kStranger[] = "stranger";

/// The removal that takes a stranger out of the group of `addition`.
Change take_back_of(Change const& addition, Stranger const& stranger);

/// Members of the group who may have been let in by an addition of unknown fate: they came from the
/// directory, bear the name that it gave, have another DN, and are not ours. Nobody knows who was there
/// before, so that one who was is among them.
std::vector<Stranger> strangers_in(TargetGroup const& group, Observed const& observed, Managed const& ours,
                                   Change const& addition);

/// Puts them to what is blocked in that target, beside what is there. Errors: the journal's.
Result<void> list_strangers(AuditContext const& audit, Change const& addition,
                            std::span<Stranger const> strangers);

/// Those of code `stranger` in `blocked` who still need a person: members by this read and not ours, or in a
/// group that it does not list. Whoever replaces the list of a target keeps these.
std::vector<Blocked> strangers_that_stay(std::span<Blocked const> blocked, Observed const& observed,
                                         Managed const& ours);

}  // namespace dirsync::engine
