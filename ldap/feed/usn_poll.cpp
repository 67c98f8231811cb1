#include "ldap/feed/usn_poll.hpp"

#include <cstdint>
#include <set>
#include <utility>

#include "ldap/errors.hpp"
#include "ldap/feed/event_batch.hpp"
#include "ldap/feed/feed_cookie.hpp"
#include "ldap/feed/seen_entry.hpp"
#include "ldap/feed/waiting.hpp"
#include "ldap/read/change_numbers.hpp"
#include "ldap/search/attributes.hpp"
#include "ldap/search/search.hpp"
#include "ldap/search/suffix.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kUsn[] = "highestCommittedUSN";
constexpr char kShowDeleted[] = "1.2.840.113556.1.4.417";  // [MS-ADTS] 3.1.1.3.4.1.14

std::string above(std::int64_t last) { return "(uSNChanged>=" + std::to_string(last + 1) + ")"; }

class UsnFollower final : public Follower {
 public:
  UsnFollower(Connection connection, Settings const& settings, FeedScope const& scope)
      : connection_(std::move(connection)),
        scope_(scope),
        sight_(traits_of(Flavour::active_directory), scope_, marks_),
        paging_{settings.page_size, traits_of(Flavour::active_directory).cookies_may_repeat} {}

  FeedKind kind() const override { return FeedKind::usn_poll; }

  Result<void> begin(Settings const& settings, std::string const& cookie) {
    auto const numbers = read_change_numbers(connection_, settings);
    if (!numbers) return numbers.error();
    auto const usn = parse_integer(numbers->values.contains("") ? numbers->values.at("") : "");
    if (!usn)
      return Error{LdapErrc::refused, connection_.place() + ": the root DSE shows no " + kUsn +
                                          "; changes cannot be followed by it"};
    own_ = {FeedKind::usn_poll, numbers->source, scope_digest(scope_), {}};
    if (auto const found = find_tombstones(); !found) return found.error();
    go_on(*usn, resume_at(cookie, own_));
    return {};
  }

  Result<FeedNews> next() override {
    for (;;) {
      if (batch_.has_answer()) return batch_.take(document());
      wait_until(connection_, pace_.due());
      pace_.begin();
      auto const asked = ask();
      pace_.end();
      if (!asked) return asked.error();
    }
  }

 private:
  void go_on(std::int64_t now, Resumption const& resumption) {
    auto const then = parse_integer(resumption.position);
    last_ = now;
    if (!resumption.why_not.empty())
      batch_.look_everywhere(resumption.why_not);
    else if (!then || *then > now)
      batch_.look_everywhere("the server counts its changes anew");
    else
      last_ = *then;
  }

  Result<void> find_tombstones() {
    auto const root = read_if_shown(connection_, root_dse_search({"namingContexts"}));
    if (!root) return root.error();
    for (auto const& base : scope_.bases)
      if (auto const context = suffix_of(root->all("namingcontexts"), base); !context.empty())
        tombstones_.insert("CN=Deleted Objects," + context);
    return {};
  }

  /// Whatever is committed during the searches has a higher number, and is found the next time.
  Result<void> ask() {
    auto const root = read_if_shown(connection_, root_dse_search({kUsn}));
    if (!root) return root.error();
    auto const now = parse_integer(root->first(ascii_lower(kUsn)));
    if (!now || *now < last_) {
      batch_.look_everywhere("the server counts its changes anew");
      last_ = now.value_or(last_);
      return {};
    }
    if (*now == last_) return {};
    for (auto const& base : scope_.bases)
      if (auto const searched = search({.what = "asking for changed entries",
                                        .base = base,
                                        .filter = usn_filter(scope_, last_),
                                        .attributes = sight_.attributes()});
          !searched)
        return searched.error();
    if (auto const searched = ask_for_tombstones(); !searched) return searched.error();
    last_ = *now;
    return {};
  }

  Result<void> ask_for_tombstones() {
    for (auto context = tombstones_.begin(); context != tombstones_.end();) {
      auto const searched = search({.what = "asking for deleted entries",
                                    .base = *context,
                                    .scope = Scope::one,
                                    .filter = above(last_),
                                    .attributes = sight_.attributes(),
                                    .control = kShowDeleted});
      if (searched) {
        ++context;
        continue;
      }
      auto const& code = searched.error().code;
      if (code != LdapErrc::base_missing && code != LdapErrc::not_readable) return searched.error();
      context = tombstones_.erase(context);  // the account may not read them
    }
    return {};
  }

  Result<void> search(Search const& search) {
    auto const done = search_all(connection_, search, paging_, [this](EntryReader& entry) -> Result<void> {
      auto seen = sight_.see(entry, fingerprints_.begin());
      if (!seen) return seen.error();
      if (seen->deleted)
        fingerprints_.forget(seen->id);
      else if (!fingerprints_.is_news(seen->id, seen->shown))
        return {};
      batch_.add(event_of(std::move(*seen)));
      return {};
    });
    if (!done) return done.error();
    return {};
  }

  std::string document() const {
    auto cookie = own_;
    cookie.position = std::to_string(last_);
    return to_document(cookie);
  }

  Connection connection_;
  FeedScope scope_;
  ChangeMarks marks_{"whenchanged", "usnchanged"};
  EntrySight sight_;
  Paging paging_;
  FeedCookie own_;
  std::set<std::string> tombstones_;  // DNs of the containers that can be read
  Fingerprints fingerprints_;
  EventBatch batch_;
  Pace pace_;
  std::int64_t last_ = 0;  // all changes up to this number are told, or in the batch
};

}  // namespace

std::string usn_filter(FeedScope const& scope, std::int64_t last) {
  return "(&" + above(last) + scope.filter + ")";
}

Result<std::unique_ptr<Follower>> follow_by_usn(Connection connection, Settings const& settings,
                                                FeedScope const& scope, std::string cookie) {
  auto follower = std::make_unique<UsnFollower>(std::move(connection), settings, scope);
  if (auto const begun = follower->begin(settings, cookie); !begun) return begun.error();
  return std::unique_ptr<Follower>{std::move(follower)};
}

}  // namespace dirsync::ldap
