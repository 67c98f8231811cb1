#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/model/change.hpp"

namespace dirsync {

/// From best to worst.
enum class Verdict { in_sync, run, hold, refuse };
char const* to_text(Verdict verdict);  // "in-sync", "run", "hold", "refuse"

/// Why a plan is held or refused. Codes are stable; they are listed in docs/json.md.
struct Reason {
  std::string code, text;
  std::string target, rule, group;
  std::optional<std::int64_t> count, allowed;
  friend bool operator==(Reason const&, Reason const&) = default;
};

/// Something a person may want to know that changes no exit code.
struct Notice {
  std::string code, group, principal, text;
  friend auto operator<=>(Notice const&, Notice const&) = default;
};

struct TargetPlan {
  std::string kind;
  Verdict verdict = Verdict::in_sync;
  std::vector<Reason> reasons;
  std::vector<Notice> notices;
};

/// What a run would do, over all targets that could be read: plain data, printable, comparable, storable.
struct Plan {
  PlanDigest digest;
  Verdict verdict = Verdict::in_sync;  // the worst of the targets'
  bool held = false;  // some reason wants a person's approval; nothing may be written without it
  std::vector<Reason> reasons;
  std::map<std::string, TargetPlan> targets;
  std::vector<Change> changes;  // in the order of Change::n
};

/// For each change of the plan what became of it; null: it was not tried. The pointers are into `outcomes`.
std::vector<Settled const*> by_change(Plan const& plan, std::span<Settled const> outcomes);

}  // namespace dirsync
