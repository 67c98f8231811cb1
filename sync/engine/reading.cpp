#include "sync/engine/reading.hpp"

#include <algorithm>
#include <cstdlib>

#include "sync/engine/error.hpp"
#include "sync/engine/gather.hpp"
#include "sync/model/text.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

void want(std::set<std::string>& attributes, std::vector<std::string> const& more) {
  attributes.insert(more.begin(), more.end());
}

DirectoryQuery query_for(Setup const& setup, SourceDirectory const& directory) {
  DirectoryQuery query;
  if (directory.disabled) want(query.person_attributes, directory.disabled->attributes());
  if (!directory.join.empty()) query.person_attributes.insert(ascii_lower(directory.join));
  for (auto const& rule : setup.rules) {
    if (rule.directory == directory.name) {
      query.rules.push_back({rule.name, rule.selection});
      want(query.group_attributes, rule.group_name.attributes());
      if (rule.people) query.person_attributes.insert(ascii_lower(rule.people->group_side));
    }
    if (rule.people_directory() == directory.name) {
      want(query.person_attributes, rule.member_name.attributes());
      if (rule.exclude_people) want(query.person_attributes, rule.exclude_people->attributes());
      if (rule.people) query.person_attributes.insert(ascii_lower(rule.people->people_side));
    }
  }
  return query;
}

/// All that must be read before anything can be said of a rule's people. Who is one person with whom is known
/// only when every directory that has `join` was read.
std::set<std::string> directories_of(Setup const& setup, Rule const& rule) {
  std::set<std::string> names{rule.directory, rule.people_directory()};
  auto const joins = [](SourceDirectory const& directory) { return !directory.join.empty(); };
  auto const is_joined = std::ranges::any_of(setup.directories, [&names, joins](auto const& directory) {
    return names.contains(directory.name) && joins(directory);
  });
  if (!is_joined) return names;
  for (auto const& directory : setup.directories)
    if (joins(directory)) names.insert(directory.name);
  return names;
}

class Stopwatch {
 public:
  std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

asio::awaitable<void> read_directory(Setup const& setup, SourceDirectory const& directory, bool accept_band,
                                     Readings& readings) {
  Stopwatch const watch;
  auto query = query_for(setup, directory);
  auto snapshot = co_await directory.directory->read(std::move(query));
  readings.took[directory.name] = watch.elapsed();
  if (!snapshot) {
    readings.failed_directories.emplace(directory.name, snapshot.error());
    co_return;
  }
  auto const last = setup.journal->last_counts(directory.name);
  if (!last) {
    readings.journal_failure = last.error();
    co_return;
  }
  auto const outside = *last && !accept_band ? out_of_band(directory, **last, *snapshot) : std::nullopt;
  if (outside)
    readings.failed_directories.emplace(directory.name, *outside);
  else
    readings.snapshots.emplace(directory.name, std::move(*snapshot));
}

asio::awaitable<void> read_target(SinkTarget const& target, Readings& readings) {
  Stopwatch const watch;
  auto observed = co_await target.target->read();
  readings.took[target.name] = watch.elapsed();
  if (observed)
    readings.observed.emplace(target.name, std::move(*observed));
  else
    readings.failed_targets.emplace(target.name, observed.error());
}

}  // namespace

std::optional<Error> out_of_band(SourceDirectory const& directory, ReadCounts const& last,
                                 Snapshot const& now) {
  auto const check = [&directory](char const* what, std::int64_t before, std::int64_t after,
                                  double percent) -> std::optional<Error> {
    auto const moved = std::abs(after - before);
    auto const vanished = before > 0 && after == 0;
    auto const inside = static_cast<double>(moved) * 100 <= percent * static_cast<double>(before);
    if (!vanished && (inside || moved <= kBandFloor)) return std::nullopt;
    return Error{EngineErrc::band,
                 "band: directory " + directory.name + " gave " + std::to_string(after) + " " + what +
                     ", the last accepted read " + std::to_string(before) +
                     "; nothing is taken from this read. Look at the server's limits and access "
                     "rules; if the change is real, accept it once with `dirsyncd sync --accept-band`"};
  };
  auto const groups = static_cast<std::int64_t>(now.groups().size());
  auto const people = static_cast<std::int64_t>(now.people().size());
  if (auto error = check("groups", last.groups, groups, directory.band.groups)) return error;
  if (auto error = check("people", last.people, people, directory.band.users)) return error;
  return check("member values", last.values, static_cast<std::int64_t>(now.value_count()),
               directory.band.values);
}

asio::awaitable<Readings> read_sides(Setup const& setup, bool accept_band) {
  Readings readings;
  std::vector<asio::awaitable<void>> works;
  for (auto const& directory : setup.directories)
    works.push_back(read_directory(setup, directory, accept_band, readings));
  for (auto const& target : setup.targets) works.push_back(read_target(target, readings));
  co_await gather(std::move(works));
  co_return readings;
}

std::map<std::string, Error> refused_targets(Setup const& setup, Readings const& readings) {
  auto refused = readings.failed_targets;
  for (auto const& rule : setup.rules)
    for (auto const& directory : directories_of(setup, rule))
      if (auto const failed = readings.failed_directories.find(directory);
          failed != readings.failed_directories.end())
        refused.emplace(rule.target, failed->second);
  return refused;
}

}  // namespace dirsync::engine
