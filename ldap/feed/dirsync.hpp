#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "ldap/feed/follower.hpp"

namespace dirsync::ldap {

/// Follows an Active Directory by its DirSync control ([MS-ADTS] 3.1.1.3.4.1.3), which tells of entries whose
/// attributes of interest changed, and of deletions where the account may read tombstones. Woken by change
/// notices where the server gives them, else once a second. The control is for a whole naming context; what
/// is outside of the bases is left out. When an entry changed it does not tell. An entry that no longer fits
/// the filter is not told.
/// `cookie`: of an earlier feed of the same domain, whichever controller it was on, or empty. Without one the
/// whole context is passed through once, page by page, before this returns.
/// `settings` must outlive it, as must what the connection was opened with. Errors: LdapErrc::refused, also
/// where the bases lie in several naming contexts; bad_answer, where the server does not know the control.
/// Blocks; thread: that of `connection`.
Result<std::unique_ptr<Follower>> follow_by_dirsync(Connection connection, Settings const& settings,
                                                    FeedScope const& scope, std::string cookie);

// Pure functions: any thread.

/// The entries of `scope`, and what else tells of them: tombstones and containers.
std::string dirsync_filter(FeedScope const& scope);

}  // namespace dirsync::ldap
