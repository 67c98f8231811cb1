#include "sync/model/rehearsal.hpp"

#include "sync/model/assert.hpp"

namespace dirsync {

char const* to_text(RehearsedRule::State state) {
  switch (state) {
    case RehearsedRule::State::changed:
      return "changed";
    case RehearsedRule::State::added:
      return "added";
    case RehearsedRule::State::gone:
      return "gone";
    case RehearsedRule::State::not_compared:
      return "not-compared";
  }
  DIRSYNC_ASSERT(!"a state");
}

}  // namespace dirsync
