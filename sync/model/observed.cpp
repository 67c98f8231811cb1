#include "sync/model/observed.hpp"

namespace dirsync {

char const* to_text(LeftAlone kind) {
  switch (kind) {
    case LeftAlone::is_protected:
      return "protected";
    case LeftAlone::unaddressable:
      return "unaddressable";
    case LeftAlone::damaged:
      return "damaged";
  }
  return "protected";
}

}  // namespace dirsync
