// How the targets stood, for `status`.
#include <array>

#include "store/left_members.hpp"
#include "store/packing.hpp"
#include "store/write.hpp"

namespace dirsync::store {
namespace {
using Kind = TargetState::Kind;

Kind kind_of(std::string_view text) {
  for (auto const kind : {Kind::ok, Kind::held, Kind::unconfirmed, Kind::blocked, Kind::failed, Kind::unread})
    if (text == to_text(kind)) return kind;
  damaged("a target's state");
}

/// Group and text of each, one after the other.
std::string pack(std::vector<TargetState::OfGroup> const& of_groups) {
  std::vector<std::string> texts;
  for (auto const& one : of_groups) texts.insert(texts.end(), {one.group, one.text});
  return pack_texts(texts);
}

std::vector<TargetState::OfGroup> unpack(std::string_view packed) {
  auto const texts = unpack_texts(packed);
  if (!texts || texts->size() % 2 != 0) damaged("a target's state");
  std::vector<TargetState::OfGroup> of_groups;
  for (std::size_t at = 0; at < texts->size(); at += 2) of_groups.push_back({(*texts)[at], (*texts)[at + 1]});
  return of_groups;
}

}  // namespace

Result<void> Store::keep_target_states(RunId run, std::span<TargetState const> states) {
  static constexpr char kUpsert[] =
      "INSERT INTO target_state (target, run, time, state, waiting, effective, unresolved) VALUES (?, ?, ?, "
      "?, ?, "
      "?, ?) "
      "ON CONFLICT (target) DO UPDATE SET run = excluded.run, time = excluded.time, state = excluded.state, "
      "waiting = excluded.waiting, effective = excluded.effective, unresolved = excluded.unresolved";
  return write("the targets' states cannot be recorded", [this, run, states]() -> Result<void> {
    for (auto const& state : states) {
      auto const waiting = pack_texts(state.waiting);
      auto const effective = pack(state.effective), unresolved = pack(state.unresolved);
      database_->query(kUpsert)
          .with(state.target, run, state.time, to_text(state.kind), Blob{waiting}, Blob{effective},
                Blob{unresolved})
          .run();
      if (state.foreign) keep_foreign(*database_, state.target, *state.foreign);
      if (state.left_out) keep_left_out(*database_, state.target, *state.left_out);
    }
    return {};
  });
}

Result<std::map<std::string, TargetState>> Store::target_states() {
  static constexpr char kSelect[] =
      "SELECT target, run, time, state, waiting, effective, unresolved FROM target_state ORDER BY target";
  using States = std::map<std::string, TargetState>;
  return database_->attempt("the targets' states cannot be read", [this]() -> Result<States> {
    States states;
    auto query = database_->query(kSelect);
    while (query.step()) {
      auto const waiting = unpack_texts(query.blob(4));
      if (!waiting) damaged("a target's state");
      TargetState state;
      state.target = query.text(0);
      state.run = RunId{query.integer(1)};
      state.time = query.time(2);
      state.kind = kind_of(query.text(3));
      state.waiting = *waiting;
      state.effective = unpack(query.blob(5));
      state.unresolved = unpack(query.blob(6));
      states.emplace(state.target, std::move(state));
    }
    return states;
  });
}

}  // namespace dirsync::store
