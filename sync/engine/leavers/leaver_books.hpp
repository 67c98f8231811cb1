#pragma once
// What runs of leavers count, and note for the next ones. Inside this folder.
#include <cstdint>
#include <string>
#include <vector>

#include "sync/engine/leavers/leavers.hpp"
#include "sync/engine/run/stages.hpp"
#include "sync/plan/diff/leavers_draft.hpp"

namespace dirsync::engine {

/// The next whole run may make so many more such changes under that rule. `verb`: add or remove.
void expect(LeaverBooks& books, std::string const& target, std::string const& rule, Verb verb,
            std::int64_t count);

/// The reads have a few of a group's members; the limits go by all that are ours in it.
void count_whole_groups(LeaverBooks const& books, std::vector<plan::GroupFigures>& groups);
/// What the limits count besides the groups of `draft`. What only additions must heed counts beside these
/// alone: nobody stays because somebody else joins.
std::vector<plan::GroupFigures> counted_besides(LeaverBooks const& books, plan::Draft const& draft);

/// Of what is about to be sent.
void note_changes(Judged const& judged, LeaverBooks& books);
/// Of who was added: they are ours, and can leave their groups from now on. Once something failed, nobody
/// joins before everything is read.
void note_joined(Report const& report, plan::Arrivals const& arrivals, LeaverBooks& books);

}  // namespace dirsync::engine
