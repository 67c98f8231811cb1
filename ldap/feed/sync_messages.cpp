#include "ldap/feed/sync_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "ldap/errors.hpp"

namespace dirsync::ldap {
namespace {

// RFC 4511, 5.1: tags of one byte.
constexpr unsigned char kBoolean = 0x01, kOctets = 0x04, kEnumerated = 0x0a, kSequence = 0x30, kSet = 0x31;
// RFC 4533, 2.5.
constexpr unsigned char kNewCookie = 0x80, kRefreshDelete = 0xa1, kRefreshPresent = 0xa2, kIdSet = 0xa3;
constexpr std::size_t kUuidSize = 16;

Error malformed(std::string const& what) { return {LdapErrc::bad_answer, what}; }

/// Steps through the elements of one value. The first one that does not fit spoils it for good: what comes
/// after cannot be told, and everything asked for is empty from then on.
class Elements {
 public:
  explicit Elements(std::string_view bytes) : rest_(bytes) {}

  bool is_next(unsigned char tag) const {
    return !spoilt_ && !rest_.empty() && static_cast<unsigned char>(rest_.front()) == tag;
  }
  bool more() const { return !spoilt_ && !rest_.empty(); }
  /// Every byte was used, and as it should be.
  bool ended_well() const { return !spoilt_ && rest_.empty(); }
  unsigned char tag() const { return more() ? static_cast<unsigned char>(rest_.front()) : 0; }

  /// The content of the next element, which must have this tag.
  std::string_view take(unsigned char tag) {
    if (!is_next(tag)) return spoil();
    rest_.remove_prefix(1);
    auto const size = length();
    if (spoilt_ || size > rest_.size()) return spoil();
    auto const content = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return content;
  }

  bool take_boolean(bool otherwise) {
    if (!is_next(kBoolean)) return otherwise;
    auto const content = take(kBoolean);
    // RFC 4511, 5.1: TRUE is 0xff; FALSE is 0.
    if (content.size() != 1 || (content[0] != '\0' && content[0] != '\xff')) return spoil(), otherwise;
    return content[0] != '\0';
  }

  std::optional<std::string> take_cookie() {
    if (!is_next(kOctets)) return std::nullopt;
    return std::string{take(kOctets)};
  }

  std::string take_uuid() {
    auto const content = take(kOctets);
    if (!spoilt_ && content.size() != kUuidSize) spoil();
    return std::string{content};
  }

 private:
  /// RFC 4511, 5.1: definite; of four bytes at most, as no message is longer.
  std::size_t length() {
    if (rest_.empty()) return spoil(), 0;
    auto const first = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    if (first < 0x80) return first;
    auto const count = std::size_t{first & 0x7fU};
    if (count == 0 || count > 4 || count > rest_.size()) return spoil(), 0;
    std::size_t size = 0;
    for (std::size_t at = 0; at < count; ++at) size = size << 8 | static_cast<unsigned char>(rest_[at]);
    rest_.remove_prefix(count);
    return size;
  }

  std::string_view spoil() {
    spoilt_ = true;
    return {};
  }

  std::string_view rest_;
  bool spoilt_ = false;
};

std::string element(unsigned char tag, std::string_view content) {
  std::string bytes(1, static_cast<char>(tag));
  auto const size = content.size();
  if (size < 0x80) {
    bytes.push_back(static_cast<char>(size));
  } else {
    bytes.push_back('\x84');
    for (auto shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(size >> shift & 0xff));
  }
  return bytes.append(content);
}

/// The content of a value that is one sequence and nothing more.
std::optional<std::string_view> only_sequence(std::string_view value) {
  Elements outer{value};
  auto const content = outer.take(kSequence);
  if (!outer.ended_well()) return std::nullopt;
  return content;
}

void take_end_of_phase(Elements& parts, SyncInfo& info) {
  info.cookie = parts.take_cookie();
  info.refresh_done = parts.take_boolean(true);
}

void take_id_set(Elements& parts, SyncInfo& info) {
  info.cookie = parts.take_cookie();
  info.refresh_deletes = parts.take_boolean(false);
  Elements uuids{parts.take(kSet)};
  while (uuids.more()) info.uuids.push_back(uuids.take_uuid());
  // What spoils the inner set spoils the whole.
  if (!uuids.ended_well()) parts.take(0);
}

}  // namespace

std::string sync_request(std::string_view cookie) {
  constexpr char kRefreshAndPersist = 3;
  auto content = element(kEnumerated, std::string_view{&kRefreshAndPersist, 1});
  if (!cookie.empty()) content += element(kOctets, cookie);
  return element(kSequence, content);
}

Result<SyncState> parse_sync_state(std::string_view value) {
  auto const content = only_sequence(value);
  if (!content) return malformed("a Sync State control that is no sequence");
  Elements parts{*content};
  auto const what = parts.take(kEnumerated);
  SyncState state;
  state.uuid = parts.take_uuid();
  state.cookie = parts.take_cookie();
  if (!parts.ended_well() || what.size() != 1 || static_cast<unsigned char>(what[0]) > 3)
    return malformed("a malformed Sync State control");
  state.what = static_cast<SyncState::What>(what[0]);
  return state;
}

Result<SyncDone> parse_sync_done(std::string_view value) {
  auto const content = only_sequence(value);
  if (!content) return malformed("a Sync Done control that is no sequence");
  Elements parts{*content};
  SyncDone done;
  done.cookie = parts.take_cookie();
  done.refresh_deletes = parts.take_boolean(false);
  if (!parts.ended_well()) return malformed("a malformed Sync Done control");
  return done;
}

Result<SyncInfo> parse_sync_info(std::string_view value) {
  Elements outer{value};
  auto const tag = outer.tag();
  auto const content = outer.take(tag);
  Elements parts{content};
  SyncInfo info;
  switch (tag) {
    case kNewCookie:
      info.cookie = std::string{content};
      parts = Elements{{}};
      break;
    case kRefreshDelete:
      info.what = SyncInfo::What::refresh_delete;
      take_end_of_phase(parts, info);
      break;
    case kRefreshPresent:
      info.what = SyncInfo::What::refresh_present;
      take_end_of_phase(parts, info);
      break;
    case kIdSet:
      info.what = SyncInfo::What::id_set;
      take_id_set(parts, info);
      break;
    default:
      return malformed("a Sync Info message of no known kind");
  }
  if (!outer.ended_well() || !parts.ended_well()) return malformed("a malformed Sync Info message");
  return info;
}

}  // namespace dirsync::ldap
