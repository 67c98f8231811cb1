#include "sync/ports/feed.hpp"

namespace dirsync {

std::string_view to_text(FeedKind kind) {
  switch (kind) {
    case FeedKind::none:
      return "none";
    case FeedKind::syncrepl:
      return "syncrepl";
    case FeedKind::content_sync:
      return "content-sync";
    case FeedKind::dirsync:
      return "dirsync";
    case FeedKind::usn_poll:
      return "usn-poll";
    case FeedKind::timestamp_poll:
      return "timestamp-poll";
  }
  return "unknown";
}

}  // namespace dirsync
