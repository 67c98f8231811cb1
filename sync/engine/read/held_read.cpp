#include "sync/engine/read/held_read.hpp"

#include <boost/json.hpp>
#include <utility>

#include "sync/engine/errors.hpp"
#include "sync/engine/read/reads.hpp"
#include "sync/model/approvals.hpp"
#include "sync/model/assert.hpp"
#include "sync/model/digest.hpp"
#include "sync/model/json.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::engine {
namespace json = boost::json;

PlanDigest digest_of(std::string const& directory, ReadLevel const& level) {
  Sha256 hash;
  hash.field("read").field(directory);
  for (auto const count : {level.counts.groups, level.counts.people, level.counts.values})
    hash.field(std::to_string(count));
  for (auto const& [attribute, entries] : level.counts.attributes)
    hash.field(attribute).field(std::to_string(entries));
  hash.field(std::to_string(level.counts.ignored_referrals.value_or(0)));
  hash.field(level.change_numbers.source);
  for (auto const& [origin, value] : level.change_numbers.values) hash.field(origin).field(value);
  return PlanDigest{hash.hex()};
}

std::string held_read_document(std::string const& directory, ReadLevel const& level, std::string const& code,
                               std::string const& text) {
  json::object numbers;
  for (auto const& [origin, value] : level.change_numbers.values) numbers[origin] = value;
  json::object attributes;
  for (auto const& [attribute, entries] : level.counts.attributes) attributes[attribute] = entries;
  json::object const read{{"directory", directory},
                          {"groups", level.counts.groups},
                          {"people", level.counts.people},
                          {"values", level.counts.values},
                          {"attributes", attributes},
                          {"ignored_referrals", level.counts.ignored_referrals.value_or(0)},
                          {"source", level.change_numbers.source},
                          {"change_numbers", numbers}};
  json::object const reason{{"code", code}, {"text", text}};
  return json::serialize(json::object{{"read", read}, {"reasons", json::array{reason}}});
}

std::optional<ReadLevel> level_in(std::string const& document) {
  auto const value = parse_json(document);
  if (!value) return std::nullopt;
  auto const& read = object_at(object_in(*value), "read");
  for (auto const* const key : {"attributes", "source", "change_numbers"})
    if (!read.contains(key)) return std::nullopt;
  auto const groups = integer_at(read, "groups"), people = integer_at(read, "people"),
             values = integer_at(read, "values"), referrals = integer_at(read, "ignored_referrals");
  if (!groups || !people || !values || !referrals) return std::nullopt;
  ReadLevel level{{.groups = *groups,
                   .people = *people,
                   .values = *values,
                   .attributes = {},
                   .ignored_referrals = *referrals},
                  {}};
  for (auto const& [attribute, entries] : object_at(read, "attributes")) {
    if (!entries.is_int64()) return std::nullopt;
    level.counts.attributes.emplace(std::string{attribute}, entries.get_int64());
  }
  level.change_numbers.source = text_at(read, "source");
  for (auto const& [origin, number] : object_at(read, "change_numbers")) {
    if (!number.is_string()) return std::nullopt;
    level.change_numbers.values.emplace(std::string{origin}, std::string{number.as_string()});
  }
  return level;
}

namespace {

Result<LastRead> last_read(Journal& journal, std::string const& directory, std::string const& source) {
  LastRead last;
  auto const counts = journal.last_counts(directory);
  if (!counts) return counts.error();
  last.counts = *counts;
  auto numbers = journal.last_change_numbers(directory, source);
  if (!numbers) return numbers.error();
  last.change_numbers = std::move(*numbers);
  auto last_source = journal.last_source(directory);
  if (!last_source) return last_source.error();
  last.source = std::move(*last_source);
  return last;
}

/// Whether `now` may stand for the read that a person looked at.
bool goes_on_from(SourceDirectory const& directory, ReadLevel const& level, Snapshot const& now) {
  auto certificate = now.certificate();
  LastRead last{level.counts, {}, {}};
  if (level.change_numbers.source == certificate.change_numbers.source)
    last.change_numbers = level.change_numbers;
  return compare_with_last(directory, last, now, "", certificate).has_value();
}

/// From the last accepted read, and whole enough in itself.
Result<void> go_on(SourceDirectory const& directory, LastRead const& last, Snapshot const& now,
                   std::string const& accepted_by, Certificate& certificate) {
  auto const compared = compare_with_last(directory, last, now, accepted_by, certificate);
  auto const usable = require_few_damaged(directory, now, accepted_by, certificate);
  return compared ? usable : compared;
}

/// The read that waits for a person: the stored one while `now` may stand for it, else `now` itself.
Result<StoredPlan> waiting_read(Setup const& setup, SourceDirectory const& directory, RunId run,
                                Snapshot const& now, Error const& why) {
  auto const stored = setup.journal->held_read(directory.name);
  if (!stored) return stored.error();
  if (auto const level = *stored ? level_in((*stored)->document_json) : std::nullopt;
      level && goes_on_from(directory, *level, now))
    return **stored;
  ReadLevel const level{counts_of(now), now.certificate().change_numbers};
  auto const time = setup.clock->now();
  return StoredPlan{
      .digest = digest_of(directory.name, level),
      .run = run,
      .first_seen = time,
      .last_seen = time,
      .state = StoredPlan::State::held,
      .decided = std::nullopt,
      .decided_by = "",
      .document_json = held_read_document(directory.name, level, refusal_code(why), why.context),
      .directory = directory.name};
}

}  // namespace

Result<ReadVerdict> judge_read(Setup const& setup, SourceDirectory const& directory,
                               Acceptance const& acceptance, Snapshot const& now, Certificate& certificate) {
  ReadVerdict verdict;
  auto const bare = certificate;
  auto const last = last_read(*setup.journal, directory.name, certificate.change_numbers.source);
  if (!last) return last.error();
  verdict.other_server = is_other_server(*last, certificate.change_numbers);
  // Where it takes several people, whoever accepts it is one of them.
  auto const takes_several = setup.limits.approvals > 1;
  auto const* const at_once = acceptance.band && !takes_several ? "a person (--accept-band)" : "";
  auto const goes_on = go_on(directory, *last, now, at_once, certificate);
  if (goes_on) return verdict;

  auto waiting = waiting_read(setup, directory, acceptance.run, now, goes_on.error());
  if (!waiting) return waiting.error();
  waiting->last_seen = setup.clock->now();
  waiting->approvals_needed = setup.limits.approvals;
  if (auto const held = setup.journal->hold_plan(*waiting); !held) return held.error();
  auto const ttl = setup.limits.approval_ttl;
  auto const is_approved_now = acceptance.approve && is_meant(*acceptance.approve, waiting->digest);
  if (acceptance.run.value() != 0 && (is_approved_now || (acceptance.band && takes_several))) {
    auto const decided = setup.journal->decide_plan({.digest = waiting->digest,
                                                     .actor = acceptance.actor,
                                                     .time = waiting->last_seen,
                                                     .reason = acceptance.reason,
                                                     .valid_from = waiting->last_seen - ttl});
    if (!decided) return decided.error();
    auto const stored = setup.journal->find_plan(waiting->digest);
    if (!stored) return stored.error();
    if (*stored) *waiting = **stored;
    if (is_approved_now) verdict.used_approval = waiting->digest;
  }
  auto const is_approved = waiting->state == StoredPlan::State::approved;
  auto const given = valid_approvals(*waiting, ttl, setup.clock->now());
  if (is_approved && std::cmp_greater_equal(given.size(), setup.limits.approvals)) {
    certificate = bare;
    auto const accepted_by = "approval " + waiting->digest.value() + " of " + waiting->decided_by;
    auto const taken = go_on(directory, *last, now, accepted_by, certificate);
    DIRSYNC_ASSERT(taken.has_value());
    return verdict;
  }
  // An approval that came too late: the read waits again, and everybody must see that.
  if (is_approved) {
    auto const ended = setup.journal->end_approval(
        waiting->digest, acceptance.actor,
        "it is older than approval_ttl, or by too few people; the read waits again");
    if (!ended) return ended.error();
  }
  verdict.refusal = goes_on.error();
  verdict.refusal->context += " or with `dirsyncd approve " + waiting->digest.value() + "`";
  if (takes_several)
    verdict.refusal->context += ", which takes " + std::to_string(setup.limits.approvals) +
                                " different people; so far: " + (given.empty() ? "none" : givers_of(given));
  return verdict;
}

}  // namespace dirsync::engine
