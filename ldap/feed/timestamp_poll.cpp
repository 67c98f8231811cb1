#include "ldap/feed/timestamp_poll.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "ldap/errors.hpp"
#include "ldap/feed/attribute_names.hpp"
#include "ldap/feed/event_batch.hpp"
#include "ldap/feed/feed_cookie.hpp"
#include "ldap/feed/seen_entry.hpp"
#include "ldap/feed/waiting.hpp"
#include "ldap/search/search.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// "20260102030405Z"
std::string generalized_time(UtcTime time) {
  auto text = utc_text(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T'; });
  return text;
}

constexpr int kPausesAtRest = 3;

UtcTime our_time() { return std::chrono::floor<UtcTime::duration>(std::chrono::system_clock::now()); }

class TimestampFollower final : public Follower {
 public:
  TimestampFollower(Connection connection, Settings const& settings, FeedScope const& scope, Flavour flavour)
      : connection_(std::move(connection)),
        scope_(scope),
        sight_(traits_of(flavour), scope_, marks_),
        paging_{settings.page_size, traits_of(flavour).cookies_may_repeat},
        own_{FeedKind::timestamp_poll, connection_.uri(), scope_digest(scope_), {}} {}

  FeedKind kind() const override { return FeedKind::timestamp_poll; }

  Result<void> begin(std::string const& cookie) {
    auto resumption = resume_at(cookie, own_);
    auto const then = parse_generalized_time(resumption.position);
    if (!then)
      return begin_anew(resumption.why_not.empty() ? "what was kept of the last feed cannot be read"
                                                   : resumption.why_not);
    newest_ = *then;
    return look();
  }

  Result<FeedNews> next() override {
    for (;;) {
      if (batch_.has_answer()) return batch_.take(document());
      wait_until(connection_, pace_.due());
      pace_.begin();
      auto const looked = look();
      // Where nothing happens most questions are for nothing.
      pace_.end(overlap_.is_due(std::chrono::steady_clock::now()) ? 1 : kPausesAtRest);
      if (!looked) return looked.error();
    }
  }

 private:
  Result<void> look() {
    auto const now = our_time();
    auto const began = std::chrono::steady_clock::now();
    if (newest_ && *newest_ < now && !overlap_.is_due(began)) {
      auto const seen = ask(*newest_ + std::chrono::seconds{1});
      if (!seen) return seen.error();
      return {};
    }
    return look_back(now, began);
  }

  /// What was seen changed last is found every time. Where nothing is, it is gone, or the server no longer
  /// shows or compares times, and would then seem to be one on which nothing happens.
  Result<void> look_back(UtcTime now, Instant began) {
    auto const newest_before = newest_;
    auto const seen = ask(overlapping(newest_.value_or(UtcTime{}), now));
    if (!seen) return seen.error();
    if (newest_ && *seen == 0) return begin_anew("the entry that was changed last is no longer found");
    if (newest_ == newest_before) overlap_.asked(began, std::chrono::steady_clock::now());
    return {};
  }

  Result<void> begin_anew(std::string why) {
    newest_.reset();
    overlap_.moved(std::chrono::steady_clock::now());
    if (auto const found = find_newest(); !found) return found.error();
    // What is told by looking everywhere must not be told again, and the server must show that it compares.
    auto const seen = ask(overlapping(newest_.value_or(UtcTime{}), our_time()));
    if (!seen) return seen.error();
    if (newest_ && *seen == 0)
      return Error{LdapErrc::refused, connection_.place() +
                                          ": the server finds no entry by its modifyTimestamp; changes "
                                          "cannot be followed by it"};
    batch_.look_everywhere(std::move(why));
    return {};
  }

  /// Entries seen.
  Result<std::uint64_t> ask(UtcTime since) {
    auto newest = newest_;
    std::uint64_t entries = 0;
    for (auto const& base : scope_.bases) {
      Search const search{.what = "asking for changed entries",
                          .base = base,
                          .filter = timestamp_filter(scope_, since),
                          .attributes = sight_.attributes()};
      auto const done =
          search_all(connection_, search, paging_, [this, &newest](EntryReader& entry) -> Result<void> {
            auto seen = sight_.see(entry, fingerprints_.begin());
            if (!seen) return seen.error();
            newest = std::max(newest, seen->changed_at);
            if (fingerprints_.is_news(seen->id, seen->shown)) batch_.add(event_of(std::move(*seen)));
            return {};
          });
      if (!done) return done.error();
      entries += done->entries;
    }
    if (newest != newest_) overlap_.moved(std::chrono::steady_clock::now());
    newest_ = newest;
    return entries;
  }

  /// Entries are read as they come and kept nowhere.
  Result<void> find_newest() {
    std::uint64_t entries = 0;
    for (auto const& base : scope_.bases) {
      Search const search{.what = "looking for the last change",
                          .base = base,
                          .filter = scope_.filter,
                          .attributes = {kModifyTimestamp}};
      auto const done = search_all(connection_, search, paging_, [this](EntryReader& entry) {
        while (entry.next())
          if (ascii_iequal(entry.name(), kModifyTimestamp) && !entry.values().empty())
            newest_ = std::max(newest_, parse_generalized_time(view(entry.values()[0])));
        return Result<void>{};
      });
      if (!done) return done.error();
      entries += done->entries;
    }
    if (entries > 0 && !newest_)
      return Error{
          LdapErrc::not_readable,
          connection_.place() + ": entries show no modifyTimestamp; give the bind DN read access to it"};
    return {};
  }

  std::string document() const {
    auto cookie = own_;
    cookie.position = generalized_time(newest_.value_or(UtcTime{}));
    return to_document(cookie);
  }

  Connection connection_;
  FeedScope scope_;
  ChangeMarks marks_{kModifyTimestamp, kModifyTimestamp};
  EntrySight sight_;
  Paging paging_;
  FeedCookie own_;
  Fingerprints fingerprints_;
  EventBatch batch_;
  Pace pace_;
  Overlap overlap_;
  std::optional<UtcTime> newest_;  // that an entry showed; none: there was no entry yet
};

}  // namespace

UtcTime overlapping(UtcTime newest, UtcTime now) { return std::min(newest, now) - Overlap::kOverlap; }

std::string timestamp_filter(FeedScope const& scope, UtcTime since) {
  // Before any directory: all entries. Servers need not take what is earlier still.
  return "(&(modifyTimestamp>=" + generalized_time(std::max(since, UtcTime{})) + ")" + scope.filter + ")";
}

Result<std::unique_ptr<Follower>> follow_by_timestamp(Connection connection, Settings const& settings,
                                                      FeedScope const& scope, std::string cookie) {
  auto const flavour = find_flavour(connection, settings);
  if (!flavour) return flavour.error();
  auto follower = std::make_unique<TimestampFollower>(std::move(connection), settings, scope, *flavour);
  if (auto const begun = follower->begin(cookie); !begun) return begun.error();
  return std::unique_ptr<Follower>{std::move(follower)};
}

}  // namespace dirsync::ldap
