#include "tests/simulators/console/edits.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "tests/simulators/common.hpp"
#include "tests/simulators/console/state_json.hpp"

namespace dirsync::sim::console {
namespace {

struct Work {
  Model& model;
  std::chrono::milliseconds& ahead;
  std::int64_t now;
  json::object const& edit;

  std::string text(std::string_view key) const { return text_of(edit, key); }
};

// By id or name, in any organization. Works on the state that is about to change.
template <class Entry>
Entry* named(std::vector<Entry>& entries, std::string const& reference) {
  if (auto* by_id = find(entries, reference)) return by_id;
  auto const at = std::ranges::find(entries, reference, &Entry::name);
  return at == entries.end() ? nullptr : &*at;
}

template <class Entry>
Result<Entry*> pick(std::vector<Entry>& entries, Work const& work, std::string_view key) {
  auto* entry = named(entries, work.text(key));
  if (!entry) return wrong("edit: nothing is called " + work.text(key) + ", see key " + std::string{key});
  return entry;
}

// Another administrator's hand.
template <class Entry>
void touch(Entry& entry, Work const& work, State const& state) {
  entry.stamps.touch(work.now, state.users.empty() ? std::string{} : state.users.front().id);
}

void set_text(std::string& field, Work const& work, std::string_view key) {
  if (work.edit.contains(key)) field = work.text(key);
}

Result<void> put_user(Work const& work) {
  auto& state = work.model.edit(work.now);
  auto const user = pick(state.users, work, "user");
  if (!user) return user.error();
  auto after = **user;
  set_text(after.name, work, "userName");
  set_text(after.display_name, work, "displayName");
  set_text(after.email, work, "email");
  set_text(after.status, work, "status");
  if (work.edit.contains("groups")) {
    after.groups.clear();
    for (auto const& reference : texts_of(work.edit, "groups")) {
      auto id = group_id(state, reference, after.org);
      if (id.empty()) return wrong("edit: no group " + reference);
      after.groups.push_back(std::move(id));
    }
  }
  touch(after, work, state);
  **user = std::move(after);
  return {};
}

Result<void> put_group(Work const& work) {
  auto& state = work.model.edit(work.now);
  auto const group = pick(state.groups, work, "group");
  if (!group) return group.error();
  set_text((*group)->name, work, "name");
  set_text((*group)->description, work, "description");
  touch(**group, work, state);
  return {};
}

Result<void> set_member(Work const& work, bool present) {
  auto& state = work.model.edit(work.now);
  auto const user = pick(state.users, work, "user");
  if (!user) return user.error();
  auto const group = pick(state.groups, work, "group");
  if (!group) return group.error();
  std::erase((*user)->groups, (*group)->id);
  if (present) (*user)->groups.push_back((*group)->id);
  touch(**user, work, state);
  return {};
}

Result<void> delete_user(Work const& work) {
  auto& state = work.model.edit(work.now);
  auto const user = pick(state.users, work, "user");
  if (!user) return user.error();
  state.users.erase(state.users.begin() + (*user - state.users.data()));
  return {};
}

Result<void> delete_group(Work const& work) {
  auto& state = work.model.edit(work.now);
  auto const group = pick(state.groups, work, "group");
  if (!group) return group.error();
  state.erase_group(std::string{(*group)->id});
  return {};
}

// Lists show entries in stored order; a move between two pages makes one entry appear twice and another not
// at all.
template <class Entry>
Result<void> move_entry(std::vector<Entry>& entries, Work const& work, std::string_view key) {
  auto const entry = pick(entries, work, key);
  if (!entry) return entry.error();
  auto const at = entries.begin() + (*entry - entries.data());
  if (work.text("to") == "first")
    std::rotate(entries.begin(), at, at + 1);
  else if (work.text("to") == "last")
    std::rotate(at, at + 1, entries.end());
  else
    return wrong("edit: to is first or last");
  return {};
}

Result<void> move(Work const& work) {
  auto& state = work.model.edit(work.now);
  if (work.edit.contains("user")) return move_entry(state.users, work, "user");
  return move_entry(state.groups, work, "group");
}

template <class Add>
Result<void> add(Work const& work, std::string_view key, Add const& add_entry) {
  auto const* entry = work.edit.if_contains(key);
  if (!entry || !entry->is_object())
    return wrong("edit: " + std::string{key} + " is an object as in the state file");
  auto added = add_entry(work.model.edit(work.now), entry->get_object());
  if (!added) return added.error();
  return {};
}

Result<void> expire_tokens(Work const& work) {
  auto const which = work.text("which");
  if (which == "access")
    work.model.sessions.kill_access_tokens();
  else if (which == "all")
    work.model.sessions.kill_all();
  else
    return wrong("edit: which is access or all");
  return {};
}

}  // namespace

Result<void> run_edit(Model& model, std::chrono::milliseconds& ahead, std::int64_t now,
                      json::object const& edit) {
  Work const work{model, ahead, now, edit};
  auto const op = work.text("op");
  if (op == "put_user") return put_user(work);
  if (op == "put_group") return put_group(work);
  if (op == "add_user") return add(work, "user", add_user);
  if (op == "add_group") return add(work, "group", add_group);
  if (op == "delete_user") return delete_user(work);
  if (op == "delete_group") return delete_group(work);
  if (op == "add_member") return set_member(work, true);
  if (op == "remove_member") return set_member(work, false);
  if (op == "move") return move(work);
  if (op == "expire_tokens") return expire_tokens(work);
  if (op == "set_knob") {
    if (auto const refused = model.knobs.set(work.text("name"), work.text("value"))) return wrong(*refused);
    return {};
  }
  if (op == "advance_clock") {
    ahead += std::chrono::seconds{number_of(edit, "seconds")};
    return {};
  }
  return wrong("edit: there is no op " + op);
}

}  // namespace dirsync::sim::console
