#pragma once
// A read that does not go on from the last accepted one waits for a person, as a plan does.
#include <optional>
#include <string>

#include "sync/engine/read/continuity.hpp"

namespace dirsync::engine {

/// How a person may have taken a read as the new level.
struct Acceptance {
  bool band = false;                  // --accept-band
  std::optional<PlanDigest> approve;  // --approve: this read, or a plan
  std::string reason;                 // why, in the words of who approves; may be empty
  std::string actor;
  RunId run;  // 0: nothing will be applied
};

struct ReadVerdict {
  std::optional<PlanDigest> used_approval;  // given with this run
  bool other_server = false;                // is_other_server()
  std::optional<Error> refusal;             // none: accepted. Not first: an Error must not convert to this
};

/// Compares a read with the last accepted one, and where it does not go on from it with what a person
/// approved; a read that is refused is stored to be approved. `certificate` gets the clauses.
/// Errors: the journal's.
Result<ReadVerdict> judge_read(Setup const& setup, SourceDirectory const& directory,
                               Acceptance const& acceptance, Snapshot const& now, Certificate& certificate);

/// What makes two reads the same for an approval.
struct ReadLevel {
  ReadCounts counts;
  ChangeNumbers change_numbers;
};

/// Over the directory and the level: the same read gives the same digest.
PlanDigest digest_of(std::string const& directory, ReadLevel const& level);

/// What is stored with the digest: `{"read": {...}, "reasons": [REASON]}`. `why`: code and text of the
/// reason.
std::string held_read_document(std::string const& directory, ReadLevel const& level, std::string const& code,
                               std::string const& text);
/// Nothing when the document is damaged.
std::optional<ReadLevel> level_in(std::string const& document);

}  // namespace dirsync::engine
