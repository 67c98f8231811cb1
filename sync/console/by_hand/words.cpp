#include "sync/console/by_hand/words.hpp"

#include "sync/model/text.hpp"

namespace dirsync::console {

std::string quoted(std::string const& text) { return "'" + printable(text) + "'"; }

std::string label(Group const& group) { return "group " + quoted(group.name) + " (" + group.id + ")"; }

bool is_person(Member const& member) { return ascii_iequal(member.assignee_type, "USER"); }

}  // namespace dirsync::console
