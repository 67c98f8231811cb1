#include "sync/model/plan.hpp"

#include "sync/model/assert.hpp"
#include "sync/model/target_traits.hpp"

namespace dirsync {

char const* to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::in_sync:
      return "in-sync";
    case Verdict::run:
      return "run";
    case Verdict::hold:
      return "hold";
    case Verdict::refuse:
      return "refuse";
  }
  DIRSYNC_ASSERT(false);
}

char const* to_text(TargetKind kind) {
  switch (kind) {
    case TargetKind::vault:
      return "cyberark-vault";
    case TargetKind::console:
      return "pulse-console";
  }
  DIRSYNC_ASSERT(false);
}

}  // namespace dirsync
