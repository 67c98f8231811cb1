#include "sync/engine/leavers/leaving_people.hpp"

#include <algorithm>
#include <utility>

#include "sync/engine/read/evaluable.hpp"
#include "sync/model/dn.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

asio::awaitable<void> read_in(SourceDirectory const& directory, DirectoryQuery query,
                              std::vector<EntryId> ids, Reads& reads) {
  auto snapshot = co_await directory.directory->read_people(std::move(query), std::move(ids));
  if (snapshot)
    reads.snapshots.emplace(directory.name, std::move(*snapshot));
  else
    reads.failed_directories.emplace(directory.name, snapshot.error());
}

/// Of the people of `held`, whoever is in no view: with what a group or a target may call them.
std::map<EntryId, EntryNames> missing_people(Ours const& held, plan::Input const& input) {
  std::map<EntryId, EntryNames> missing;
  for (auto const& [target, managed] : held)
    for (auto const& grant : managed.grants) {
      auto const is_there = std::ranges::any_of(input.views, [&grant](auto const& view) {
        return view.second.snapshot->person_by_id(grant.id).has_value();
      });
      if (is_there) continue;
      auto& names = missing[grant.id];
      if (!grant.dn.empty()) names.dns.insert(grant.dn);
      if (!grant.principal.empty()) names.uids.insert(grant.principal);
    }
  return missing;
}

/// Where they were last seen, as people.
Result<void> note_where_seen(Journal& journal, std::map<EntryId, EntryNames> const& missing,
                             plan::Input& input) {
  std::vector<EntryId> ids;
  for (auto const& [id, names] : missing) ids.push_back(id);
  for (auto const& [directory, view] : input.views) {
    auto const known = journal.known_by_id(directory, ids);
    if (!known) return known.error();
    for (auto const& entry : *known) {
      if (entry.is_group) continue;
      input.facts.last_dn[entry.id] = entry.dn;
      input.facts.last_seen_in[entry.id] = directory;
    }
  }
  return {};
}

/// With entries beside it that were known there; without any only a canary can tell that it is gone.
Result<EntryProbe> probe_for(Journal& journal, std::string const& directory, EntryId const& id,
                             std::string const& last_dn, std::map<EntryId, EntryNames> const& missing) {
  constexpr std::size_t kEnough = 8;
  EntryProbe probe{id, last_dn, {}};
  auto const container = parent_of(last_dn);
  if (!container) return probe;
  auto const beside = journal.known_right_below(directory, *container, kEnough + missing.size());
  if (!beside) return beside.error();
  for (auto const& entry : *beside)
    if (!missing.contains(entry.id) && probe.beside.size() < kEnough) probe.beside.push_back(entry.dn);
  return probe;
}

/// A value that still stands in a group of whichever directory makes nobody gone. Nor is anybody where that
/// cannot be told.
asio::awaitable<bool> may_be_named(RunContext const& context, Queries const& queries, EntryNames names,
                                   plan::Input const& input) {
  for (auto const& directory : context.setup.directories) {
    if (!input.views.contains(directory.name)) continue;
    auto query = queries.at(directory.name);
    auto asked = names;
    auto const named = co_await directory.directory->groups_naming(std::move(query), std::move(asked));
    if (!named || !named->empty()) co_return true;
  }
  co_return false;
}

}  // namespace

void leave_to_whole_run(RunContext const& context, std::string const& why) {
  Monitor::Field const fields[] = {{"text", why}};
  context.setup.monitor->event(Monitor::Level::debug, "leavers_left", fields);
}

std::set<std::string> targets_to_look_at(RunContext const& context, LeaverBooks const& books) {
  std::set<std::string> names;
  for (auto const& target : context.setup.targets)
    if (target.target->traits().matches_by_dn && books.targets.contains(target.name) &&
        !context.request.untried.targets.contains(target.name))
      names.insert(target.name);
  return names;
}

Result<bool> goes_on(Journal& journal, std::string const& directory, Snapshot const& now) {
  auto const counts = journal.last_counts(directory);
  if (!counts) return counts.error();
  auto const source = journal.last_source(directory);
  if (!source) return source.error();
  auto const& numbers = now.certificate().change_numbers;
  if (!*counts || *source != numbers.source) return false;
  auto const last = journal.last_change_numbers(directory, numbers.source);
  if (!last) return last.error();
  return went_back(*last, numbers).empty();
}

asio::awaitable<Result<bool>> read_leaving_people(RunContext const& context, LeaverBooks const& books,
                                                  Queries const& queries, std::vector<EntryId> ids,
                                                  Reads& reads) {
  auto const& setup = context.setup;
  std::vector<asio::awaitable<void>> works;
  for (auto const& directory : setup.directories) {
    if (!books.directories.contains(directory.name)) continue;
    if (context.request.untried.directories.contains(directory.name)) {
      leave_to_whole_run(context, "directory " + directory.name + " is not tried now");
      co_return false;
    }
    works.push_back(read_in(directory, queries.at(directory.name), ids, reads));
  }
  co_await gather(std::move(works));
  for (auto const& [directory, error] : reads.failed_directories) leave_to_whole_run(context, text(error));
  if (!reads.failed_directories.empty()) co_return false;
  for (auto const& directory : setup.directories) {
    auto const read = reads.snapshots.find(directory.name);
    if (read == reads.snapshots.end()) continue;
    auto certificate = read->second.certificate();
    if (!require_evaluable(setup, directory, read->second.schema(), certificate)) co_return false;
    auto const same = goes_on(*setup.journal, directory.name, read->second);
    if (!same) co_return same.error();
    if (*same) continue;
    leave_to_whole_run(context, "directory " + directory.name +
                                    ": another server than that of the last whole read, or it went back");
    co_return false;
  }
  co_return !reads.snapshots.empty();
}

asio::awaitable<Result<void>> look_for_leaving_people(RunContext const& context, LeaverBooks& books,
                                                      Queries const& queries, Ours const& held,
                                                      plan::Input& input) {
  auto& journal = *context.setup.journal;
  auto& facts = input.facts;
  auto missing = missing_people(held, input);
  if (missing.empty()) co_return Result<void>{};
  if (auto const noted = note_where_seen(journal, missing, input); !noted) co_return noted.error();
  for (auto const& directory : context.setup.directories) {
    if (!input.views.contains(directory.name)) continue;
    std::vector<EntryProbe> probes;
    for (auto const& [id, names] : missing) {
      auto const seen = facts.last_seen_in.find(id);
      if (seen == facts.last_seen_in.end() || seen->second != directory.name) continue;
      // Once whole runs have counted it, they alone know how far that has come.
      if (plan::absent_before(facts, directory.name, plan::person_key(id)).runs > 0) continue;
      if (books.looks >= input.limits.confirm.removals_above) continue;
      ++books.looks;
      auto probe = probe_for(journal, directory.name, id, facts.last_dn.at(id), missing);
      if (!probe) co_return probe.error();
      probes.push_back(std::move(*probe));
    }
    if (probes.empty()) continue;
    auto const presences = co_await directory.directory->look_for(probes);
    if (!presences) continue;
    for (std::size_t at = 0; at < probes.size(); ++at) {
      auto const& id = probes[at].id;
      if ((*presences)[at] == Presence::present) facts.found_by_look.insert(id);
      if ((*presences)[at] != Presence::gone) continue;
      auto names = missing.at(id);
      names.dns.insert(facts.last_dn.at(id));
      auto const named = co_await may_be_named(context, queries, std::move(names), input);
      if (named)
        leave_to_whole_run(context, probes[at].last_dn + " is gone, and a group may still name it");
      else
        facts.confirmed_gone.insert(id);
    }
  }
  co_return Result<void>{};
}

}  // namespace dirsync::engine
