#include "ldap/read/some_people.hpp"

#include <utility>

#include "ldap/read/change_numbers.hpp"
#include "ldap/read/people.hpp"
#include "ldap/read/some_entries.hpp"
#include "sync/model/members.hpp"

namespace dirsync::ldap {

Result<Snapshot> read_some_people(Settings const& settings, Opened& opened, std::vector<EntryId> const& ids) {
  // How far the server had come at least when it answered.
  auto numbers = read_change_numbers(opened.connection, settings);
  if (!numbers) return numbers.error();
  auto const context = opened.context(settings);
  People people;
  if (auto const wanted = filter_of_ids(context.flavour, ids); !wanted.empty()) {
    auto read = read_people(context, wanted);
    if (!read) return read.error();
    people = std::move(*read);
  }
  SnapshotBuilder builder{settings.name, std::move(people.entries), EntryList{}, MemberValues{}};
  builder.note_damages(std::move(people.damages));
  builder.set_account_rules(opened.accounts);
  builder.set_schema(opened.schema.schema);
  return std::move(builder).build(
      certificate_of_some("single-people", context, people.figures, std::move(*numbers)));
}

}  // namespace dirsync::ldap
