#pragma once
// What a content synchronisation says (RFC 4533, 2), as values. Pure functions: any thread. Whatever is not
// exactly of the form that the RFC gives is LdapErrc::bad_answer; the context is the reason alone.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/error.hpp"

namespace dirsync::ldap {

inline constexpr char kSyncRequestOid[] = "1.3.6.1.4.1.4203.1.9.1.1";
inline constexpr char kSyncStateOid[] = "1.3.6.1.4.1.4203.1.9.1.2";
inline constexpr char kSyncDoneOid[] = "1.3.6.1.4.1.4203.1.9.1.3";
inline constexpr char kSyncInfoOid[] = "1.3.6.1.4.1.4203.1.9.1.4";
/// e-syncRefreshRequired: the server cannot go on from that cookie.
inline constexpr int kSyncRefreshRequired = 4096;

/// Value of a Sync Request control for refreshAndPersist. `cookie`: empty for the whole content.
std::string sync_request(std::string_view cookie);

/// Of the control that comes with an entry.
struct SyncState {
  enum class What { present, add, modify, deleted };
  What what = What::present;
  std::string uuid;  // 16 bytes
  std::optional<std::string> cookie;
};
Result<SyncState> parse_sync_state(std::string_view value);

/// Of the control that comes with the final result.
struct SyncDone {
  std::optional<std::string> cookie;
  bool refresh_deletes = false;
};
Result<SyncDone> parse_sync_done(std::string_view value);

/// Of an intermediate response.
struct SyncInfo {
  enum class What { new_cookie, refresh_delete, refresh_present, id_set };
  What what = What::new_cookie;
  std::optional<std::string> cookie;  // always there with new_cookie
  bool refresh_done = true;           // refresh_delete, refresh_present
  bool refresh_deletes = false;       // id_set: the entries are gone; else they are there as before
  std::vector<std::string> uuids;     // id_set; 16 bytes each
};
Result<SyncInfo> parse_sync_info(std::string_view value);

}  // namespace dirsync::ldap
