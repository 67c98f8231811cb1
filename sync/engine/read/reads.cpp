#include "sync/engine/read/reads.hpp"

#include <algorithm>

#include "sync/engine/errors.hpp"
#include "sync/engine/read/damaged_rows.hpp"
#include "sync/engine/read/evaluable.hpp"
#include "sync/engine/read/members_unread.hpp"
#include "sync/engine/read/orphans.hpp"
#include "sync/engine/read/queries.hpp"
#include "sync/model/elsewhere.hpp"
#include "sync/model/text.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync::engine {
namespace asio = boost::asio;
namespace {

/// All that must be read before anything can be said of a rule's people. Who is one person with whom is known
/// only when every directory that has `join` was read.
std::set<std::string> directories_of(Setup const& setup, Rule const& rule) {
  std::set<std::string> names{rule.directory, rule.people_directory()};
  auto const joins = [](SourceDirectory const& directory) { return !directory.policy.join.empty(); };
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

/// What the directory itself can tell of a read that failed, or else the error alone.
Certificate certificate_of_failure(Directory const& directory, Error const& error) {
  auto certificate = directory.proven();
  if (certificate.complete()) certificate.clauses.push_back({"read", false, text(error)});
  return certificate;
}

asio::awaitable<void> read_directory(Setup const& setup, SourceDirectory const& directory,
                                     DirectoryQuery query, Acceptance const& acceptance, Reads& reads,
                                     std::optional<Error>& journal_failure) {
  Stopwatch const watch;
  auto snapshot = co_await directory.directory->read(std::move(query));
  reads.took[directory.name] = watch.elapsed();
  if (!snapshot) {
    reads.certificates.emplace(directory.name,
                               certificate_of_failure(*directory.directory, snapshot.error()));
    reads.failed_directories.emplace(directory.name, snapshot.error());
    co_return;
  }
  auto& certificate = reads.certificates[directory.name] = snapshot->certificate();
  if (auto const evaluable = require_evaluable(setup, directory, snapshot->schema(), certificate);
      !evaluable) {
    reads.failed_directories.emplace(directory.name, evaluable.error());
    co_return;
  }
  auto const verdict = judge_read(setup, directory, acceptance, *snapshot, certificate);
  if (!verdict) {
    journal_failure = verdict.error();
    co_return;
  }
  if (verdict->used_approval) reads.used_approvals.insert(*verdict->used_approval);
  if (verdict->other_server) reads.other_servers.insert(directory.name);
  if (verdict->refusal)
    reads.failed_directories.emplace(directory.name, *verdict->refusal);
  else
    reads.snapshots.emplace(directory.name, std::move(*snapshot));
}

asio::awaitable<void> read_target(SinkTarget const& target, Reads& reads) {
  Stopwatch const watch;
  auto observed = co_await target.target->read();
  reads.took[target.name] = watch.elapsed();
  auto& certificate = reads.certificates[target.name];
  if (!observed) {
    certificate.clauses.push_back({"read", false, text(observed.error())});
    reads.failed_targets.emplace(target.name, observed.error());
    co_return;
  }
  certificate = observed->certificate;
  if (auto const sound = require_few_damaged_rows(target.name, *observed, certificate); !sound)
    reads.failed_targets.emplace(target.name, sound.error());
  else
    reads.observed.emplace(target.name, std::move(*observed));
}

/// As a read that failed.
void leave_out(std::string const& side, Error const& why, std::map<std::string, Error>& failed,
               Reads& reads) {
  reads.certificates[side].clauses.push_back({"read", false, text(why)});
  failed.emplace(side, why);
}

/// No rule needs the directory, and yet the target waits for it.
Error needed_by_no_rule(Error error, std::string const& directory, std::string const& target) {
  error.context += ". No rule of " + target + " names directory " + directory +
                   ", but members that came from there are left. Bring it back; only to go on without it for "
                   "good, take [directory." +
                   directory + "] out of the configuration";
  return error;
}

Error needed_by_member(Error error, std::string const& directory, std::string const& member) {
  error.context +=
      ". Groups of other directories have members that directory " + directory + " may have: " + member;
  return error;
}

/// Of the directories that were not read those that the target depends on: by its rules, by what its groups
/// name, and by members that came from there.
Result<std::vector<Error>> failed_directories_of(Setup const& setup, Reads const& reads,
                                                 std::string const& target) {
  std::set<std::string> needed;
  std::vector<Error> failed;
  for (auto const& rule : setup.rules)
    if (rule.target == target) needed.merge(directories_of(setup, rule));
  for (auto const& [directory, error] : reads.failed_directories) {
    if (needed.contains(directory)) {
      failed.push_back(error);
      continue;
    }
    if (auto const member = member_of_unread(setup, reads.snapshots, target, directory)) {
      failed.push_back(needed_by_member(error, directory, *member));
      continue;
    }
    auto const concerned = has_members_from(setup, target, directory);
    if (!concerned) return concerned.error();
    if (*concerned) failed.push_back(needed_by_no_rule(error, directory, target));
  }
  return failed;
}

Result<std::map<std::string, std::vector<Error>>> refused_targets(Setup const& setup, Reads const& reads) {
  std::map<std::string, std::vector<Error>> refused;
  for (auto const& [target, error] : reads.failed_targets) refused[target].push_back(error);
  if (reads.failed_directories.empty()) return refused;
  for (auto const& target : setup.targets) {
    auto const failed = failed_directories_of(setup, reads, target.name);
    if (!failed) return failed.error();
    if (failed->empty()) continue;
    auto& why = refused[target.name];
    why.insert(why.end(), failed->begin(), failed->end());
  }
  return refused;
}

}  // namespace

asio::awaitable<Result<Reads>> read_sides(Setup const& setup, Acceptance acceptance, Untried untried,
                                          std::optional<plan::GoneRules> rehearses) {
  Reads reads;
  std::optional<Error> journal_failure;
  auto queries = queries_of(setup, rehearses);
  if (!queries) co_return queries.error();
  std::vector<asio::awaitable<void>> works;
  for (auto const& directory : setup.directories) {
    if (auto const without = untried.directories.find(directory.name); without != untried.directories.end()) {
      leave_out(directory.name, without->second, reads.failed_directories, reads);
      continue;
    }
    works.push_back(read_directory(setup, directory, std::move(queries->at(directory.name)), acceptance,
                                   reads, journal_failure));
  }
  for (auto const& target : setup.targets) {
    if (auto const without = untried.targets.find(target.name); without != untried.targets.end())
      leave_out(target.name, without->second, reads.failed_targets, reads);
    else
      works.push_back(read_target(target, reads));
  }
  co_await gather(std::move(works));
  if (journal_failure) co_return *journal_failure;
  BaseDns bases;
  for (auto const& directory : setup.directories) bases.emplace(directory.name, directory.normalized_base);
  resolve_elsewhere(reads.snapshots, bases);
  auto refused = refused_targets(setup, reads);
  if (!refused) co_return refused.error();
  reads.refused = std::move(*refused);
  co_return reads;
}

std::string refusal_code(Error const& error) {
  if (error.code == EngineErrc::band) return "band";
  if (error.code == EngineErrc::change_number) return "change-number";
  if (error.code == EngineErrc::attributes) return "attributes";
  if (error.code == EngineErrc::ignored_referrals) return "ignored-referrals";
  if (error.code == EngineErrc::damaged) return "damaged";
  if (error.code == EngineErrc::filter) return "filter";
  if (error.code == SnapshotErrc::canary) return "canary";
  return "read-failed";
}

}  // namespace dirsync::engine
