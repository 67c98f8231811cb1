#pragma once
// The DNs that a target keeps of its Directory groups and LDAP users, held against the directories.
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sync/plan/absence_book.hpp"
#include "sync/plan/diff/input.hpp"
#include "sync/plan/people/former_dns.hpp"
#include "sync/plan/people/name_book.hpp"

namespace dirsync::plan {

/// What the directories say of the DN of one object.
struct DnFinding {
  enum class Kind {
    ok,       // an entry has it
    moved,    // the entry that had it is at another DN now
    gone,     // that entry is no longer found
    foreign,  // below the base of no directory that feeds the target
    unread,   // below one, but no read ever showed an entry with it
  } kind = Kind::unread;
  DirectoryView const* view = nullptr;  // moved, gone: the directory that says so
  EntryId id = EntryId{""};             // moved, gone: of the entry that had it
  Entry const* entry = nullptr;         // moved: as it is now
  bool is_group = false;                // moved: a group
};

/// Pure. All that it is made of must outlive it.
class ObjectDns {
 public:
  /// `people`: all whom the rules of the target might mean.
  ObjectDns(Input const& input, TargetInput const& target, std::vector<NamedPeople> const& people,
            FormerDns const& former);
  /// `principal_id`: of the object, as grants name it. What must be asked or kept for the next run goes to
  /// `book`.
  DnFinding find(std::string_view dn, std::string const& principal_id, AbsenceBook& book) const;

 private:
  EntryId const* former_bearer(std::string const& directory, std::string const& normalized,
                               std::string const& principal_id) const;

  Input const& input_;
  std::string const& target_;
  std::vector<DirectoryView const*> feeding_;
  FormerDns const& former_;
  std::unordered_map<std::string, std::vector<Grant const*>> grants_;  // by principal id
};

/// Keeps what earlier runs knew of the DNs of targets that have no part in this one.
void keep_former_dns(Input const& input, AbsenceBook& book);

}  // namespace dirsync::plan
