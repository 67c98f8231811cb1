#include "daemon/control/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <charconv>

#include "daemon/revocation_delay.hpp"

namespace dirsync::control {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

/// Seconds: a call to a target; from a directory's change to its removal, up to a day; a stage of a run.
Histogram::BucketBoundaries const kCallBuckets{0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};
Histogram::BucketBoundaries const kDelayBuckets{0.01, 0.025, 0.05, 0.1, 0.25, 0.5,  1,     2.5,  5,
                                                10,   30,    60,   300, 900,  3600, 21600, 86400};
Histogram::BucketBoundaries const kRunBuckets{0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600};

std::string field(std::span<Monitor::Field const> fields, std::string_view key) {
  auto const found = std::ranges::find(fields, key, &Monitor::Field::key);
  return found == fields.end() ? std::string{} : found->value;
}

double seconds_in(std::span<Monitor::Field const> fields) {
  auto const text = field(fields, "ms");
  double ms = 0;
  std::from_chars(text.data(), text.data() + text.size(), ms);
  return ms / 1000;
}

double unix_seconds(Time time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

std::int64_t notices_of(TargetPlan const& target, std::string_view code) {
  return std::ranges::count(target.notices, code, &Notice::code);
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  Family<Gauge>& build = gauge("dirsyncd_build_info", "1, with the version");
  Family<Counter>& runs = counter("dirsyncd_runs_total", "Runs that ended, by the verdict of their plan");
  Family<Histogram>& durations = histogram("dirsyncd_run_duration_seconds",
                                           "How long runs took, by stage; phase=\"total\": a whole run");
  Family<Counter>& changes = counter("dirsyncd_changes_total", "Changes of plans, by what became of them");
  Family<Gauge>& successes = gauge("dirsyncd_last_success_timestamp_seconds",
                                   "When a run last ended with the target equal to the rules");
  Family<Gauge>& held = gauge("dirsyncd_held_plans", "Plans that wait for a person");
  Family<Gauge>& frozen = gauge("dirsyncd_frozen", "Freezes in force; 0: changes go on");
  Family<Gauge>& blocked = gauge("dirsyncd_blocked_removals", "Removals that are due and cannot be sent");
  Family<Gauge>& unconfirmed =
      gauge("dirsyncd_unconfirmed_removals", "Removals that wait until further reads confirm them");
  Family<Gauge>& set_aside =
      gauge("dirsyncd_set_aside", "Objects that failed lately and are left alone for a while");
  Family<Gauge>& waiting =
      gauge("dirsyncd_waiting", "Memberships of people whom the target does not know yet");
  Family<Gauge>& foreign =
      gauge("dirsyncd_foreign_members", "Members of our groups that dirsyncd did not put there");
  Family<Counter>& reads =
      counter("dirsyncd_reads_total", "Reads of directories and targets; result: complete, incomplete");
  Family<Counter>& requests =
      counter("dirsyncd_http_requests_total", "Requests to targets; status 0: no answer");
  Family<Histogram>& request_times =
      histogram("dirsyncd_http_request_duration_seconds", "How long requests to targets took");
  Family<Histogram>& revocations =
      histogram("dirsyncd_revocation_delay_seconds",
                "How long removals took, from the directory's change until they were made");
  Family<Gauge>& certificates =
      gauge("dirsyncd_certificate_expiry_timestamp_seconds",
            "When the certificate of a directory or target expires, the first of those shown in a run");
  Family<Gauge>& feeds =
      gauge("dirsyncd_feed_state", "1: the directory's changes are followed, and how; 0: they are not now");
  Family<Counter>& feed_events =
      counter("dirsyncd_feed_events_total", "Changes that directories told while they were followed");
  Family<Counter>& full_read_differences = counter(
      "dirsyncd_full_read_differences_total",
      "Entries that a read of everything found otherwise, and that the directory's feed did not tell");
  Family<Gauge>& store_bytes = gauge("dirsyncd_store_bytes", "Size of the store's file");
  Family<Gauge>& audit_rows = gauge("dirsyncd_audit_rows", "Rows of the audit trail");

  Family<Gauge>& gauge(char const* name, char const* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }
  Family<Counter>& counter(char const* name, char const* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Histogram>& histogram(char const* name, char const* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  }
};

Metrics::Metrics(Monitor& log) : log_(log), families_(std::make_unique<Families>()) {
  families_->build.Add({{"version", DIRSYNC_VERSION}}).Set(1);
  families_->revocations.Add({},
                             kDelayBuckets);  // there from the start, so that the first one is seen to come
}

Metrics::~Metrics() = default;

void Metrics::event(Level level, std::string_view name, std::span<Field const> fields) {
  log_.event(level, name, fields);
  if (name == "http_request")
    count_request(fields);
  else if (name == "peer_certificate")
    keep_certificate(fields);
  else if (name == "stage_finished")
    families_->durations.Add({{"phase", field(fields, "stage")}}, kRunBuckets).Observe(seconds_in(fields));
}

void Metrics::progress(std::string_view what, std::uint64_t done, std::uint64_t total) {
  log_.progress(what, done, total);
}

void Metrics::count_request(std::span<Field const> fields) {
  auto const target = field(fields, "target"), status = field(fields, "status");
  families_->requests
      .Add({{"target", target}, {"route", field(fields, "route")}, {"status", status.empty() ? "0" : status}})
      .Increment();
  families_->request_times.Add({{"target", target}}, kCallBuckets).Observe(seconds_in(fields));
}

void Metrics::keep_certificate(std::span<Field const> fields) {
  auto const end = parse_rfc3339(field(fields, "not_after"));
  if (!end) return;
  auto const [kept, is_new] = certificate_ends_.try_emplace(field(fields, "side"), *end);
  if (!is_new) kept->second = std::min(kept->second, *end);
}

void Metrics::count_changes(engine::Report const& report) {
  for (auto const delay : removal_delays(report))
    families_->revocations.Add({}, kDelayBuckets).Observe(std::chrono::duration<double>(delay).count());
  auto const settled = by_change(report.plan, report.outcomes);
  for (std::size_t at = 0; at < settled.size(); ++at) {
    auto const& change = report.plan.changes[at];
    auto const outcome = outcome_text(change, settled[at]);
    families_->changes
        .Add({{"target", change.target},
              {"verb", to_text(change.verb)},
              {"outcome", outcome.empty() ? "planned" : outcome}})
        .Increment();
  }
}

void Metrics::note_run(engine::Report const& report) {
  auto& families = *families_;
  families.runs.Add({{"verdict", to_text(report.plan.verdict)}}).Increment();
  families.durations.Add({{"phase", "total"}}, kRunBuckets)
      .Observe(std::chrono::duration<double>(report.total).count());
  for (auto const& [side, certificate] : report.certificates)
    families.reads.Add({{"side", side}, {"result", certificate.complete() ? "complete" : "incomplete"}})
        .Increment();
  for (auto const& [side, end] : certificate_ends_)
    families.certificates.Add({{"side", side}}).Set(unix_seconds(end));
  {
    std::lock_guard const lock{seen_mutex_};
    for (auto const& [side, end] : certificate_ends_) seen_certificates_.insert_or_assign(side, end);
  }
  certificate_ends_.clear();
  count_changes(report);
  std::map<std::string, std::int64_t> blocked, unconfirmed;
  for (auto const& change : report.plan.changes) {
    if (change.verb != Verb::remove) continue;
    blocked[change.target] += change.blocked ? 1 : 0;
    unconfirmed[change.target] += change.unconfirmed ? 1 : 0;
  }
  if (report.plan.undoes) return;  // it tells nothing of what the rules want
  for (auto const& [name, target] : report.plan.targets) {
    auto const set = [&name = name](Family<Gauge>& family, std::int64_t value) {
      family.Add({{"target", name}}).Set(static_cast<double>(value));
    };
    set(families.blocked, blocked[name]);
    set(families.unconfirmed, unconfirmed[name]);
    set(families.waiting, notices_of(target, "waiting"));
    set(families.foreign, notices_of(target, "foreign"));
  }
}

void Metrics::note_store(StoreFigures const& figures) {
  auto& families = *families_;
  for (auto const& [target, time] : figures.last_success)
    families.successes.Add({{"target", target}}).Set(unix_seconds(time));
  for (auto const& [target, count] : figures.set_aside)
    families.set_aside.Add({{"target", target}}).Set(static_cast<double>(count));
  families.held.Add({}).Set(static_cast<double>(figures.held_plans));
  families.frozen.Add({}).Set(static_cast<double>(figures.frozen));
  families.store_bytes.Add({}).Set(static_cast<double>(figures.bytes));
  families.audit_rows.Add({}).Set(static_cast<double>(figures.audit_rows));
}

void Metrics::note_feeds(watch::FeedStates const& states) {
  auto& family = families_->feeds;
  std::erase_if(feeds_, [&family, &states](auto const& feed) {
    if (states.contains(feed.first.first)) return false;
    family.Remove(feed.second);
    return true;
  });
  for (auto& [feed, gauge] : feeds_) gauge->Set(0);
  for (auto const& [directory, state] : states) {
    auto& gauge = feeds_[{directory, state.kind}];
    if (gauge == nullptr)
      gauge = &family.Add({{"directory", directory}, {"kind", std::string{to_text(state.kind)}}});
    gauge->Set(state.what == watch::FeedState::What::following ? 1 : 0);
    families_->full_read_differences.Add(
        {{"directory", directory}});  // so that the first one is seen to come
  }
}

void Metrics::count_feed_events(std::string const& directory, std::uint64_t events) {
  families_->feed_events.Add({{"directory", directory}}).Increment(static_cast<double>(events));
}

void Metrics::count_full_read_differences(std::string const& directory, std::uint64_t entries) {
  families_->full_read_differences.Add({{"directory", directory}}).Increment(static_cast<double>(entries));
}

std::map<std::string, Time> Metrics::certificates() const {
  std::lock_guard const lock{seen_mutex_};
  return seen_certificates_;
}

std::string Metrics::text() const {
  return prometheus::TextSerializer{}.Serialize(families_->registry.Collect());
}

}  // namespace dirsync::control
