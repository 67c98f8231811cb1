#include "sync/model/change.hpp"

#include "sync/model/assert.hpp"

namespace dirsync {

char const* to_text(Verb verb) {
  switch (verb) {
    case Verb::create_group:
      return "create-group";
    case Verb::rename_group:
      return "rename-group";
    case Verb::delete_group:
      return "delete-group";
    case Verb::add:
      return "add";
    case Verb::remove:
      return "remove";
    case Verb::update_group:
      return "update-group";
  }
  DIRSYNC_ASSERT(!"a verb");
}

char const* to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::planned:
      return "planned";
    case Outcome::done:
      return "done";
    case Outcome::already:
      return "already";
    case Outcome::failed:
      return "failed";
    case Outcome::unknown:
      return "unknown";
    case Outcome::unconfirmed:
      return "unconfirmed";
    case Outcome::skipped:
      return "skipped";
  }
  DIRSYNC_ASSERT(!"an outcome");
}

}  // namespace dirsync
