#include "ldap/diagnostics.hpp"

#include <ldap.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>

#include "sync/model/hex.hpp"

namespace dirsync::ldap {
namespace {

struct Meaning {
  std::uint32_t code;
  char const* text;
};

/// After "data", beside a refused bind.
constexpr std::array kLogonFailures{
    Meaning{0x525, "no account has this name; check bind.dn"},
    Meaning{0x52e, "the password is wrong, or the name is; check bind.dn and bind.password"},
    Meaning{0x52f, "an account restriction forbids it; look at the account's logon restrictions"},
    Meaning{0x530, "the account may not log on at this time; look at its logon hours"},
    Meaning{0x531, "the account may not log on from this machine; add it to the account's workstations"},
    Meaning{0x532, "the password has expired; set a new one, and let the service account's not expire"},
    Meaning{0x533, "the account is disabled; enable it"},
    Meaning{0x51f,
            "the server reaches no domain controller that could check the password; look at its network"},
    Meaning{0x568, "the account is in too many groups for a logon; take it out of some"},
    Meaning{0x569, "the account has no right to this kind of logon; grant network logon"},
    Meaning{0x701, "the account has expired; give it a later end"},
    Meaning{0x773, "the password must be changed before the first logon; set one that need not be"},
    Meaning{0x775, "the account is locked after wrong passwords; find who sends them, then unlock it"},
    Meaning{0x80090346, "the server wants channel bindings that fit; see that nothing ends TLS in between"},
};

/// At the beginning, whatever the result.
constexpr std::array kErrors{
    Meaning{0x00002028, "the server wants signed or encrypted connections; use ldaps:// or tls.starttls"},
    Meaning{0x000004dc, "the server answers nobody who has not logged on; bind as an account"},
    Meaning{0x0000202b, "the data is in another domain; name a server of that domain, or the global catalog"},
    Meaning{0x00002035, "the server is unwilling; see its event log, Directory Service"},
    Meaning{0x00002077, "the server calls this an illegal change"},
    Meaning{0x0000208d, "no object has this DN; check the base's spelling"},
    Meaning{0x00002098, "the account lacks the right; grant it read access"},
    Meaning{0x80090302, "the server does not know this way to log on; use another bind.method"},
    Meaning{0x8009030e, "the server has no credentials for this way to log on; check its host keys"},
    Meaning{0x80090322, "the ticket is for another server; check the host name and the server's SPN"},
    Meaning{0x80090324, "the clocks of client and server differ too much; synchronise them"},
    Meaning{0x80090346, "the server wants channel bindings that fit; see that nothing ends TLS in between"},
};

std::optional<std::uint32_t> hex_at(std::string_view words, std::size_t at) {
  std::uint32_t code = 0;
  auto const* const end = words.data() + words.size();
  auto const read = std::from_chars(words.data() + at, end, code, 16);
  // A word of its own: "data 52e," and "00002028:".
  auto const whole = read.ec == std::errc{} &&
                     (read.ptr == end || std::string_view{",: "}.find(*read.ptr) != std::string_view::npos);
  return whole ? std::optional{code} : std::nullopt;
}

std::optional<std::string> look_up(std::span<Meaning const> meanings, std::optional<std::uint32_t> code) {
  if (!code) return std::nullopt;
  auto const found = std::ranges::find(meanings, *code, &Meaning::code);
  return found == meanings.end() ? std::nullopt : std::optional<std::string>{found->text};
}

}  // namespace

std::optional<std::string> explain_active_directory(int result, std::string_view words) {
  constexpr std::size_t kCode = 8;  // hexadecimal digits and a colon: the mark of these words
  if (words.size() < kCode + 1 || words[kCode] != ':' ||
      !std::ranges::all_of(words.substr(0, kCode), [](char c) { return hex_digit(c) >= 0; }))
    return std::nullopt;
  constexpr std::string_view kData = ", data ";
  auto const data = words.rfind(kData);
  if (result == LDAP_INVALID_CREDENTIALS && data != std::string_view::npos)
    if (auto meaning = look_up(kLogonFailures, hex_at(words, data + kData.size()))) return meaning;
  return look_up(kErrors, hex_at(words, 0));
}

}  // namespace dirsync::ldap
