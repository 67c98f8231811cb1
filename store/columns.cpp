#include "store/columns.hpp"

#include <string>

#include "store/sql.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::store {

Verb verb_of(std::string_view text) {
  for (auto const verb : {Verb::create_group, Verb::rename_group, Verb::delete_group, Verb::add, Verb::remove,
                          Verb::update_group, Verb::adopt})
    if (text == to_text(verb)) return verb;
  damaged("the verb of a change");
}

char const* source_text(std::optional<UserSource> source) {
  if (!source) return "";
  switch (*source) {
    case UserSource::directory:
      return "directory";
    case UserSource::local:
      return "local";
    case UserSource::unknown:
      return "unknown";
  }
  DIRSYNC_ASSERT(!"a kind of user");
}

std::optional<UserSource> source_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  for (auto const source : {UserSource::directory, UserSource::local, UserSource::unknown})
    if (text == source_text(source)) return source;
  damaged("the kind of a target's user");
}

}  // namespace dirsync::store
