#include "store/errors.hpp"

namespace dirsync::store {

boost::system::error_code make_error_code(StoreErrc code) { return code_of(code); }
char const* category_name(StoreErrc) { return "store"; }

char const* to_text(StoreErrc code) {
  switch (code) {
    case StoreErrc::unwritable:
      return "the state folder or its file cannot be used";
    case StoreErrc::missing:
      return "there is no state yet";
    case StoreErrc::untrusted:
      return "a file of the state folder is not to be trusted";
    case StoreErrc::corrupt:
      return "the file is damaged or no database";
    case StoreErrc::replaced:
      return "the state folder was replaced under the running program";
    case StoreErrc::behind:
      return "the store went back";
    case StoreErrc::chain_broken:
      return "the audit trail was changed";
    case StoreErrc::foreign:
      return "the file belongs to another program";
    case StoreErrc::newer:
      return "the file was written by a newer dirsyncd";
    case StoreErrc::locked:
      return "another instance is running";
    case StoreErrc::busy:
      return "another process keeps the file busy";
    case StoreErrc::full:
      return "no space left";
    case StoreErrc::read_only:
      return "opened for reading";
    case StoreErrc::refused:
      return "refused by the schema";
    case StoreErrc::no_such_plan:
      return "no such plan";
    case StoreErrc::plan_closed:
      return "the plan is no longer open";
    case StoreErrc::no_such_intent:
      return "no such open intent";
    case StoreErrc::no_such_group:
      return "no such managed group";
    case StoreErrc::needed:
      return "rows of the audit trail are still needed";
    case StoreErrc::malformed:
      return "it cannot be understood";
    case StoreErrc::failed:
      return "the database failed";
  }
  return "unknown";
}

Failure failure_of(StoreErrc code) {
  switch (code) {
    case StoreErrc::busy:
    case StoreErrc::locked:
    case StoreErrc::full:
      return Failure::transient;
    default:
      return Failure::permanent;
  }
}

}  // namespace dirsync::store
