#include "sync/model/observed.hpp"

namespace dirsync {

char const* to_text(LeftAlone kind) {
  return kind == LeftAlone::unaddressable ? "unaddressable" : "protected";
}

}  // namespace dirsync
