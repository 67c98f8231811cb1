// Controls and intermediate messages of a content synchronisation: the first byte says which.

#include "ldap/feed/content_sync.hpp"
#include "ldap/feed/csn_cookie.hpp"
#include "ldap/feed/sync_messages.hpp"
#include "tests/fuzz/target.hpp"

namespace dirsync::fuzz {
namespace {

constexpr std::size_t kUuidSize = 16;

/// Nothing is made of more than was there.
void look_at_info(std::string_view text) {
  auto const info = ldap::parse_sync_info(text);
  if (!info) return;
  auto bytes = info->cookie ? info->cookie->size() : 0;
  for (auto const& uuid : info->uuids) {
    require(uuid.size() == kUuidSize);
    bytes += uuid.size();
  }
  require(bytes <= text.size());
  require(info->uuids.empty() || info->what == ldap::SyncInfo::What::id_set);
  require(info->what != ldap::SyncInfo::What::new_cookie || info->cookie);
}

void look_at_cookie(std::string_view text) {
  auto const half = text.size() / 2;
  auto const known = text.substr(0, half), update = text.substr(half);
  auto const merged = ldap::merged_cookie(known, update);
  require(ldap::merged_cookie(merged, update) == merged);
  require(ldap::speaks_of_same_servers(update, merged));
}

void look_at_position(std::string_view text) {
  auto const cookies = ldap::cookies_of(text, 2);
  if (!cookies) return;
  require(ldap::cookies_of(ldap::to_position(*cookies), 2) == cookies);
}

}  // namespace
}  // namespace dirsync::fuzz

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace dirsync;
  auto text = fuzz::as_text(data, size);
  if (text.empty()) return 0;
  auto const which = text.front();
  text.remove_prefix(1);
  if (which == 's') {
    auto const state = ldap::parse_sync_state(text);
    fuzz::require(!state || state->uuid.size() == fuzz::kUuidSize);
  }
  if (which == 'd') {
    auto const done = ldap::parse_sync_done(text);
    fuzz::require(!done || !done->cookie || done->cookie->size() < text.size());
  }
  if (which == 'i') fuzz::look_at_info(text);
  if (which == 'c') fuzz::look_at_cookie(text);
  if (which == 'p') fuzz::look_at_position(text);
  return 0;
}
