#pragma once
#include "sync/model/error.hpp"

namespace dirsync::store {

enum class StoreErrc {
  unwritable = 1,  // folder or file cannot be created, opened or written
  missing,         // nothing to read yet
  untrusted,       // a file of the state folder is a link, no regular file, or belongs to somebody else
  corrupt,         // not a sound database
  replaced,        // what is open is not what stands in the state folder any more
  behind,          // older than its mark: an old copy, or another one, was put in its place
  chain_broken,    // the end of the audit trail was changed by somebody else
  foreign,         // a sound database of another program
  newer,           // written by a newer dirsyncd
  locked,          // another instance holds the lock
  busy,            // another process is writing for too long
  full,            // no space left
  read_only,       // opened for reading alone
  refused,         // a constraint of the schema, such as the append-only audit trail
  no_such_plan,
  plan_closed,  // superseded or already applied
  no_such_intent,
  no_such_group,
  needed,     // rows of the audit trail that cannot be pruned yet
  malformed,  // a key, a proof or an extract of the audit trail that cannot be understood
  failed,     // anything else that SQLite reports
};
boost::system::error_code make_error_code(StoreErrc code);
char const* category_name(StoreErrc);
char const* to_text(StoreErrc code);
Failure failure_of(StoreErrc code);

}  // namespace dirsync::store

template <>
struct boost::system::is_error_code_enum<dirsync::store::StoreErrc> : std::true_type {};
