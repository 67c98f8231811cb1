#pragma once
#include <boost/system/result.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/model/change.hpp"
#include "sync/model/freeze.hpp"
#include "sync/model/rehearsal.hpp"
#include "sync/model/summary.hpp"
#include "sync/model/time.hpp"
#include "sync/model/undo.hpp"

namespace dirsync {

/// From best to worst.
enum class Verdict {
  in_sync,
  wait,    // nothing to send now: removals wait for confirmation
  run,     // what there is to send may be sent
  hold,    // a person must decide first
  refuse,  // a read was not complete; no approval can help
};
char const* to_text(Verdict verdict);  // "in-sync", "wait", "run", "hold", "refuse"

/// Why a plan is held or refused, or why a run cannot end well. Codes are stable; they are listed in
/// docs/json.md.
struct Reason {
  std::string code, text;
  std::string target, rule, group;
  std::optional<std::int64_t> count, allowed;
  bool holds = true;   // a person must approve the plan first
  bool fails = false;  // something that should be there is not: exit code 6, whatever is sent
  friend bool operator==(Reason const&, Reason const&) = default;
};

/// Something a person may want to know that changes no exit code.
struct Notice {
  std::string code, group, principal, text;
  std::string dn{};  // of the person that it is about, where `principal` is another name; may be empty
  friend auto operator<=>(Notice const&, Notice const&) = default;
};

/// What was asked for, or why it cannot be had.
template <class T>
using OrNotice = boost::system::result<T, Notice>;

struct TargetPlan {
  std::string kind;
  Verdict verdict = Verdict::in_sync;
  std::vector<Reason> reasons;
  std::vector<Notice> notices;
};

/// Of a held plan that ran: who had let it, and when.
struct Approval {
  std::string by;
  Time at;
};

/// What a run would do, over all targets that could be read: plain data, printable, comparable, storable.
/// Whether that plan is meant by whoever wrote a digest, or the first digits of one.
inline bool is_meant(PlanDigest const& written, PlanDigest const& digest) {
  return !written.value().empty() && digest.value().starts_with(written.value());
}

struct Plan {
  PlanDigest digest;
  Verdict verdict = Verdict::in_sync;  // the worst of the targets'
  bool held = false;  // some reason wants a person's approval; without it only leavers may be sent
  std::optional<Approval> approved;
  std::vector<Reason> reasons;
  Summary summary;
  std::map<std::string, TargetPlan> targets;
  std::vector<Change> changes;  // in the order of Change::n
  /// In force, and about targets of the plan. What they keep back is `frozen`; nobody is asked to approve it.
  std::vector<Freeze> freezes;
  int approvals = 1;                     // of so many people, where it waits for a person
  std::optional<RunId> undoes{};         // it takes back what that run did, and nothing else
  std::vector<LeftChange> left{};        // of that run, in its order: what stays as it is
  std::optional<Rehearsal> rehearsal{};  // of settings that are not in force
  /// The command that made it, where it is not `sync` that would apply it: "adopt --rule admins".
  std::string command{};
};

/// Whether a freeze is about that target.
bool is_frozen(Plan const& plan, std::string_view target);
/// Whether a freeze keeps some change of it back; with `target`: one of that target.
bool keeps_back(Plan const& plan, std::optional<std::string_view> target = std::nullopt);

/// For each change of the plan what became of it; null: it was not tried. The pointers are into `outcomes`.
std::vector<Settled const*> by_change(Plan const& plan, std::span<Settled const> outcomes);

}  // namespace dirsync
