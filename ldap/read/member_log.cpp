#include "ldap/read/member_log.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "ldap/read/member_lists.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

/// Stands in reqMod between two modifications of one attribute.
constexpr std::string_view kBetween = ":";

/// What the server notes itself with every change.
bool is_bookkeeping(std::string_view attribute) {
  constexpr std::array<std::string_view, 3> kOwn{"entryCSN", "modifiersName", "modifyTimestamp"};
  return std::ranges::any_of(kOwn, [attribute](auto own) { return ascii_iequal(own, attribute); });
}

/// The list of DNs that bears this very name: a value of a subtype is one of two attributes at once. Empty:
/// none.
std::string_view dn_list(std::string_view attribute) {
  auto const* const list =
      std::ranges::find_if(kDnLists, [attribute](auto one) { return ascii_iequal(one, attribute); });
  return list == kDnLists.end() ? std::string_view{} : *list;
}

/// By which the server tells values apart; nothing when the value is no DN.
std::optional<std::string> value_key(std::string_view value, DnKeys const& keys) {
  auto const dn = without_optional_uid(value);
  auto key = keys.key(dn);
  if (key) *key += value.substr(dn.size());
  return key;
}

/// Of one value. A server adds none that is there, and takes none out that is not.
struct Fate {
  bool was_there = false, is_there = false;
  std::string spelling;
};

class Tally {
 public:
  explicit Tally(Schema const& schema) : keys_(schema) {}

  /// False: that is no single value of the one list.
  bool add(LoggedMod const& mod) {
    auto const list = dn_list(mod.attribute);
    if (list.empty() || (!list_.empty() && list != list_)) return false;
    list_ = list;
    auto const is_added = mod.verb == LoggedMod::Verb::add;
    if (!mod.value || (!is_added && mod.verb != LoggedMod::Verb::remove)) return false;
    auto const key = value_key(*mod.value, keys_);
    if (!key) return false;
    auto& fate = fates_.try_emplace(*key, Fate{!is_added, false, {}}).first->second;
    fate.is_there = is_added;
    fate.spelling = *mod.value;
    return true;
  }

  NetMembers net() && {
    NetMembers net{list_, {}};
    for (auto& [key, fate] : fates_) {
      if (fate.was_there == fate.is_there) continue;
      auto& changed = fate.is_there ? net.changes.added : net.changes.removed;
      changed.push_back(std::move(fate.spelling));
    }
    return net;
  }

 private:
  DnKeys keys_;
  std::string_view list_;
  std::map<std::string, Fate> fates_;
};

}  // namespace

std::optional<LoggedMod> parse_logged_mod(std::string_view text) {
  auto const colon = text.find(':');
  if (colon == 0 || colon == text.npos || colon + 1 == text.size()) return std::nullopt;
  LoggedMod mod;
  mod.attribute = text.substr(0, colon);
  auto const sign = text[colon + 1];
  if (sign == '+') mod.verb = LoggedMod::Verb::add;
  if (sign == '-') mod.verb = LoggedMod::Verb::remove;
  if (sign == '=') mod.verb = LoggedMod::Verb::replace;
  auto const rest = text.substr(colon + 2);
  if (rest.empty()) return mod;
  if (rest.front() != ' ') return std::nullopt;
  mod.value = rest.substr(1);
  return mod;
}

std::optional<NetMembers> net_members(std::vector<LoggedChange> changes, Schema const& schema) {
  std::ranges::sort(changes, {}, &LoggedChange::csn);
  Tally tally{schema};
  for (auto const& change : changes) {
    if (!change.is_modify || change.mods.empty()) return std::nullopt;
    for (auto const& text : change.mods) {
      if (text == kBetween) continue;
      auto const mod = parse_logged_mod(text);
      if (!mod || (!is_bookkeeping(mod->attribute) && !tally.add(*mod))) return std::nullopt;
    }
  }
  return std::move(tally).net();
}

std::string first_csn_of(Time time) {
  auto text = rfc3339(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T' || c == 'Z'; });
  return text + "000Z#000000#000#000000";
}

}  // namespace dirsync::ldap
