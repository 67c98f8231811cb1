#include "ldap/search/ranges.hpp"

#include <algorithm>
#include <charconv>

#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr int kAttempts = 3;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What one answer showed of the group.
struct Slice {
  std::optional<EntryId> id;
  std::string version;  // uSNChanged; empty where the server has none
  std::optional<ValueRange> range;
  std::vector<std::string> values;
};

class SliceReader {
 public:
  SliceReader(Connection& connection, FlavourTraits const& flavour, std::string const& dn, EntryId const& id)
      : connection_(connection), flavour_(flavour), dn_(dn), id_(id) {}

  Result<RangedMembers> run() {
    for (int attempt = 1;; ++attempt) {
      auto const read = read_once();
      if (read) return std::move(members_);
      if (read.error().code != LdapErrc::changed || attempt == kAttempts) return read.error();
    }
  }

 private:
  Result<void> read_once() {
    members_.values.clear();
    for (auto last = false; !last;) {
      auto const from = members_.values.empty() ? 0 : members_.values.size() - 1;
      auto slice = ask(from);
      if (!slice) return slice.error();
      if (auto const fits = check(*slice, from); !fits) return fits.error();
      last = !slice->range->last;
      auto const overlap = members_.values.empty() ? 0 : 1;
      std::move(slice->values.begin() + overlap, slice->values.end(), std::back_inserter(members_.values));
    }
    std::vector<std::string_view> sorted{members_.values.begin(), members_.values.end()};
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) != sorted.end()) return changed("gave a member twice");
    return {};
  }

  Result<Slice> ask(std::uint64_t from) {
    std::string const id_attribute{flavour_.id_attribute};
    auto const search =
        entry_search("reading members in parts", dn_,
                     {id_attribute, "uSNChanged", "member;range=" + std::to_string(from) + "-*"});
    Slice slice;
    int result = 0;
    auto const found = search_few(
        connection_, search,
        [this, &slice](EntryReader& entry) {
          while (entry.next()) keep(entry, slice);
          return Result<void>{};
        },
        &result);
    if (!found && result == LDAP_NO_SUCH_OBJECT) return changed("is no longer there");
    if (!found) return found.error();
    members_.figures.pages += found->pages;
    members_.figures.entries += found->entries;
    return slice;
  }

  void keep(EntryReader const& entry, Slice& slice) const {
    if (entry.values().empty()) return;
    auto const first = view(entry.values()[0]);
    if (is_id(flavour_, entry)) slice.id = entry_id(flavour_.id_form, first);
    if (ascii_iequal(entry.name(), "uSNChanged")) slice.version = first;
    auto const ranged = parse_ranged(entry.name());
    if (!ranged || !ascii_iequal(ranged->attribute, "member")) return;
    slice.range = ranged->range;
    for (auto const& value : entry.values()) slice.values.emplace_back(view(value));
  }

  Result<void> check(Slice const& slice, std::uint64_t from) {
    if (slice.id != id_) return changed("is no longer the same entry");
    if (!slice.range) return changed("showed no member from number " + std::to_string(from) + " on");
    auto const& range = *slice.range;
    if (range.first != from)
      return bad("members from number " + std::to_string(range.first) + " when asked for those from " +
                 std::to_string(from));
    if (range.last && (*range.last < from || *range.last - from + 1 != slice.values.size()))
      return bad(std::to_string(slice.values.size()) + " members as those from number " +
                 std::to_string(from) + " to " + std::to_string(*range.last));
    if (members_.values.empty()) {
      version_ = slice.version;
    } else {
      if (slice.version != version_ || slice.values.front() != members_.values.back())
        return changed("was changed");
      if (range.last && slice.values.size() == 1) return bad("no further members, yet not their end");
    }
    return {};
  }

  std::string place() const {
    return connection_.place() + ": group \"" + printable(dn_) + "\", read in parts, ";
  }
  Error changed(std::string const& what) const {
    return {LdapErrc::changed, place() + what + " meanwhile; the read is done again"};
  }
  Error bad(std::string const& what) const {
    return {LdapErrc::bad_answer,
            place() + "came with " + what +
                "; its members cannot be trusted, check for a proxy in between and the server's version"};
  }

  Connection& connection_;
  FlavourTraits const& flavour_;
  std::string const& dn_;
  EntryId const& id_;
  RangedMembers members_;
  std::string version_;
};

}  // namespace

std::optional<RangedName> parse_ranged(std::string_view name) {
  constexpr std::string_view kOption = "range=";
  auto const semicolon = name.find(';');
  if (semicolon == std::string_view::npos) return std::nullopt;
  auto const option = name.substr(semicolon + 1);
  if (!ascii_iequal(option.substr(0, kOption.size()), kOption)) return std::nullopt;
  auto const limits = option.substr(kOption.size());
  auto const dash = limits.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  auto const first = number(limits.substr(0, dash));
  auto const end = limits.substr(dash + 1);
  auto const last = number(end);
  if (!first || (end != "*" && !last)) return std::nullopt;
  return RangedName{name.substr(0, semicolon), {*first, last}};
}

Result<RangedMembers> read_ranged_members(Connection& connection, FlavourTraits const& flavour,
                                          std::string const& dn, EntryId const& id) {
  return SliceReader{connection, flavour, dn, id}.run();
}

}  // namespace dirsync::ldap
