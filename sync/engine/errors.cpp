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
  }
  DIRSYNC_ASSERT(false);
}

Failure failure_of(EngineErrc) { return Failure::permanent; }

}  // namespace dirsync::engine
