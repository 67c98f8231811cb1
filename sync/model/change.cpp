#include "sync/model/change.hpp"

#include <algorithm>

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
    case Verb::adopt:
      return "adopt";
  }
  DIRSYNC_ASSERT(!"a verb");
}

char const* to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::done:
      return "done";
    case Outcome::already:
      return "already";
    case Outcome::failed:
      return "failed";
    case Outcome::unknown:
      return "unknown";
    case Outcome::skipped:
      return "skipped";
  }
  DIRSYNC_ASSERT(!"an outcome");
}

char const* to_text(MatchedBy matched) {
  switch (matched) {
    case MatchedBy::nothing:
      return "";
    case MatchedBy::user_dn:
      return "user-dn";
    case MatchedBy::grant:
      return "grant";
    case MatchedBy::name:
      return "name";
    case MatchedBy::name_with_former_dn:
      return "name-with-former-dn";
    case MatchedBy::new_user:
      return "new-user";
  }
  DIRSYNC_ASSERT(!"a match");
}

char const* to_text(Part part) { return part == Part::leavers ? "leavers" : "rest"; }

std::optional<std::chrono::milliseconds> delay_until(Time now, Settled const& settled) {
  using std::chrono::milliseconds;
  auto const& since = settled.change.changed_at;
  if (!since || settled.outcome != Outcome::done) return std::nullopt;
  return std::max(milliseconds{0}, std::chrono::floor<milliseconds>(now - *since));
}

bool is_success(Outcome outcome) { return outcome == Outcome::done || outcome == Outcome::already; }

std::string outcome_text(Change const& change, Settled const* settled) {
  if (settled != nullptr) return to_text(settled->outcome);
  if (change.blocked) return "blocked";
  return change.unconfirmed ? "unconfirmed" : "";
}

std::string detail_text(Change const& change, Settled const* settled) {
  if (settled != nullptr) return settled->detail;
  return change.blocked ? change.blocked->text : change.new_name;
}

}  // namespace dirsync
