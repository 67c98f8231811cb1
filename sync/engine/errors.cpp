#include "sync/engine/errors.hpp"

#include "sync/model/assert.hpp"

namespace dirsync::engine {

boost::system::error_code make_error_code(EngineErrc code) { return code_of(code); }
char const* category_name(EngineErrc) { return "engine"; }

char const* to_text(EngineErrc code) {
  switch (code) {
    case EngineErrc::band:
      return "the read is out of band";
    case EngineErrc::change_number:
      return "the change number went back";
    case EngineErrc::attributes:
      return "an attribute that decides is shown less often";
    case EngineErrc::ignored_referrals:
      return "more parts of the answer lie on other servers";
    case EngineErrc::damaged:
      return "too many entries are damaged";
    case EngineErrc::filter:
      return "a filter cannot be evaluated as the server does";
  }
  DIRSYNC_ASSERT(false);
}

Failure failure_of(EngineErrc) { return Failure::permanent; }

}  // namespace dirsync::engine
