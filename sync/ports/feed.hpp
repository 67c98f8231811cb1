#pragma once
// What a directory tells of changes while nobody reads it. A feed only says where to look: nothing that it
// says is taken for what is so, an absence least of all (docs/safety.md).
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/error.hpp"
#include "sync/model/strong.hpp"
#include "sync/model/time.hpp"

namespace dirsync {

/// How a directory's changes are followed; the best that its server offers to the account that asks.
enum class FeedKind {
  none,            // not followed: only the schedule finds changes
  syncrepl,        // OpenLDAP: content synchronisation, refreshAndPersist (RFC 4533)
  content_sync,    // 389-ds: the same operation, with cookies of its own kind
  dirsync,         // Active Directory: [MS-ADTS] 3.1.1.3.4.1.3
  usn_poll,        // Active Directory: uSNChanged, tombstones included ([MS-ADTS] 3.1.1.1.9)
  timestamp_poll,  // modifyTimestamp (RFC 4512, 3.4.2), by its second; says nothing of deletions
};
/// "none", "syncrepl", "content-sync", "dirsync", "usn-poll", "timestamp-poll".
std::string_view to_text(FeedKind kind);

/// An entry that may be another than before.
struct FeedEvent {
  enum class What { changed, deleted };
  What what = What::changed;
  EntryId id;      // in the form of the directory's snapshots; of a deletion perhaps of an entry never read
  std::string dn;  // empty where the server does not say it
  /// When the server changed it, by the server's clock; nothing where the feed does not tell.
  std::optional<Time> changed_at;
};

struct FeedNews {
  std::vector<FeedEvent> events;  // in the server's order
  /// Not empty: the feed cannot say what changed meanwhile, and only a whole read can. Why, for people.
  std::string look_everywhere;
  /// Stands for all that was told until here; for resume(). Empty: a later feed could not go on here.
  std::string cookie;
};

/// The changes of one directory from the moment of the first next() on. One next() at a time.
class Feed {
 public:
  virtual ~Feed() = default;
  /// None until the first next() has found out.
  virtual FeedKind kind() const = 0;
  /// Before the first next(): go on where a feed of the same directory ended. A cookie that the server does
  /// not take is no error: the first answer says to look everywhere.
  virtual void resume(std::string cookie) = 0;
  /// Waits until there is news. The first call, and the first one after an error, answers as soon as the feed
  /// is connected, so that it is known to work: where nothing happened meanwhile, with a cookie alone. The
  /// first answer says to look everywhere, unless resumed: whoever begins the whole read after it misses
  /// nothing. An error loses nothing either: the next call goes on where the last
  /// answer ended, or says to look everywhere. Entries whose attributes of interest are as before are no
  /// news.
  /// Errors: LdapErrc; the feed is not connected any more. Thread: event loop; cancellation ends the wait.
  virtual boost::asio::awaitable<Result<FeedNews>> next() = 0;
};

}  // namespace dirsync
