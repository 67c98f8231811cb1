#pragma once
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "sync/model/dn.hpp"
#include "tests/support/fakes/world.hpp"

namespace dirsync::fake {

/// A DirectoryWorld as a port. What is in the world is found by looks, hidden or not.
class FakeDirectory final : public Directory {
 public:
  DirectoryWorld world;
  std::optional<Error> failure, look_failure;
  std::map<EntryId, Presence> presences;    // answers other than the world's
  std::map<EntryId, MemberChanges> logged;  // what a log tells of groups; of others it tells nothing
  bool has_canary = false;                  // in every container
  Certificate failed_proof;                 // what a read that fails had proven
  int reads = 0;
  std::vector<EntryId> asked_for;     // by all reads of single people
  std::vector<EntryId> asked_groups;  // by all reads of single groups
  DirectoryQuery last_query;
  std::vector<EntryProbe> probes;  // all that were asked

  boost::asio::awaitable<Result<Snapshot>> read(DirectoryQuery query) override {
    ++reads;
    last_query = query;
    if (failure) co_return *failure;
    auto deciding = query.deciding_attributes;
    for (auto& name : account_attributes(world.account_rules.scheme, query.account_states))
      deciding.insert(std::move(name));
    co_return world.snapshot(query.rules, deciding);
  }

  boost::asio::awaitable<Result<Snapshot>> read_people(DirectoryQuery query,
                                                       std::vector<EntryId> ids) override {
    asked_for.insert(asked_for.end(), ids.begin(), ids.end());
    if (failure) co_return *failure;
    auto some = world;
    some.groups.clear();
    std::erase_if(some.people, [&ids](auto const& person) {
      return std::ranges::find(ids, EntryId{person.second.id}) == ids.end();
    });
    query.rules.clear();
    co_return some.snapshot(query.rules, query.deciding_attributes);
  }

  /// What rules name by DN is left out, as a real directory does it.
  boost::asio::awaitable<Result<Snapshot>> read_groups(DirectoryQuery query,
                                                       std::vector<EntryId> ids) override {
    asked_groups.insert(asked_groups.end(), ids.begin(), ids.end());
    if (failure) co_return *failure;
    auto some = world;
    some.people.clear();
    std::erase_if(some.groups, [&ids](auto const& group) {
      return std::ranges::find(ids, EntryId{group.second.id}) == ids.end();
    });
    for (auto const& [cn, group] : some.groups)
      if (group.hides_members)
        co_return Error{make_error_code(boost::system::errc::operation_not_supported), cn + " is dynamic"};
    std::erase_if(query.rules, [](GroupQuery const& rule) {
      return !std::holds_alternative<GroupQuery::Matching>(rule.selection);
    });
    co_return some.snapshot(query.rules);
  }

  boost::asio::awaitable<Result<std::vector<EntryId>>> groups_naming(DirectoryQuery,
                                                                     EntryNames names) override {
    if (look_failure) co_return *look_failure;
    std::set<std::string> wanted;
    for (auto const& dn : names.dns) wanted.insert(normalized_dn(dn).value_or(dn));
    auto const is_wanted = [&wanted](std::string const& value) {
      return wanted.contains(normalized_dn(value).value_or(value));
    };
    std::vector<EntryId> naming;
    for (auto const& [cn, group] : world.groups) {
      auto const by_uid = std::ranges::any_of(
          group.uids, [&names](std::string const& uid) { return names.uids.contains(uid); });
      if (by_uid || std::ranges::any_of(group.values, is_wanted)) naming.emplace_back(group.id);
    }
    co_return naming;
  }

  boost::asio::awaitable<Result<std::optional<MemberChanges>>> member_changes(DirectoryQuery, EntryId group,
                                                                              std::string,
                                                                              ChangeStamp) override {
    if (look_failure) co_return *look_failure;
    auto const told = logged.find(group);
    co_return told == logged.end() ? std::optional<MemberChanges>{} : std::optional{told->second};
  }

  Certificate proven() const override { return failed_proof; }

  boost::asio::awaitable<Result<std::vector<Presence>>> look_for(std::vector<EntryProbe> asked) override {
    probes.insert(probes.end(), asked.begin(), asked.end());
    if (look_failure) co_return *look_failure;
    std::vector<Presence> answers;
    for (auto const& probe : asked) {
      auto const scripted = presences.find(probe.id);
      answers.push_back(scripted != presences.end() ? scripted->second : presence(probe));
    }
    co_return answers;
  }

 private:
  Presence presence(EntryProbe const& probe) const {
    auto const& id = probe.id;
    for (auto const& [uid, person] : world.people)
      if (person.id == id.value()) return Presence::present;
    for (auto const& [cn, group] : world.groups)
      if (group.id == id.value()) return Presence::present;
    return has_canary || !probe.beside.empty() ? Presence::gone : Presence::unknown;
  }
};

}  // namespace dirsync::fake
