#include "ldap/survey/people_look.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <unordered_map>
#include <utility>

#include "ldap/read/accounts.hpp"
#include "sync/model/account.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::size_t kMostExamples = 3;

/// What values of one attribute tell who has the same.
class Values {
 public:
  Values(Schema const& schema, std::string name) : name_(std::move(name)) {
    if (auto const type = schema.type(name_)) equality_ = schema[*type].equality;
  }
  std::string const& name() const { return name_; }

  void add(EntryReader const& entry) {
    if (entry.values().empty()) return;
    if (last_dn_ != entry.dn()) {
      ++people_;
      last_dn_ = entry.dn();
    }
    for (auto const& value : entry.values()) {
      auto& [twins, last_person] = by_key_[key_of(view(value))];
      // The same value twice in one entry, as with options, is no twin.
      if (std::exchange(last_person, people_) == people_) continue;
      if (twins.people++ == 0) twins.value = printable(view(value));
      if (twins.dns.size() < kMostExamples) twins.dns.push_back(last_dn_);
    }
  }

  AttributeLook finish() && {
    AttributeLook look{.name = name_, .people = people_, .shared_values = 0, .examples = {}};
    std::vector<Twins> shared;
    for (auto& [key, bearers] : by_key_)
      if (bearers.twins.people > 1) shared.push_back(std::move(bearers.twins));
    look.shared_values = shared.size();
    std::ranges::sort(shared, {}, &Twins::value);
    std::ranges::stable_sort(shared, std::greater{}, &Twins::people);
    if (shared.size() > kMostExamples) shared.resize(kMostExamples);
    look.examples = std::move(shared);
    return look;
  }

 private:
  std::string key_of(std::string_view value) const {
    switch (equality_) {
      case Comparison::none:
      case Comparison::unknown:
      case Comparison::distinguished_name:
      case Comparison::object_identifier:
        return std::string{value};
      default:
        return comparison_key(equality_, value).value_or(std::string{value});
    }
  }

  std::string name_, last_dn_;
  Comparison equality_ = Comparison::none;
  std::uint64_t people_ = 0;
  struct Bearers {
    Twins twins;
    std::uint64_t last_person = 0;  // by number, from 1
  };
  std::unordered_map<std::string, Bearers> by_key_;
};

std::int64_t days_since_1970() {
  auto const now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::days>(now).count();
}

/// Whether this value of an attribute that may say so says that the account must not be used.
/// Sources: [MS-ADTS] 2.2.16; 389 Directory Server's schema; slapo-ppolicy(5); shadow(5).
bool says_disabled(std::string_view attribute, std::string_view value) {
  if (attribute == "userAccountControl") return (parse_integer(value).value_or(0) & 2) != 0;
  if (attribute == "pwdAccountLockedTime") return value == "000001010000Z";
  if (attribute == "shadowExpire") {
    auto const day = parse_integer(value).value_or(-1);
    return day > 0 && day <= days_since_1970();
  }
  return ascii_iequal(value, "TRUE");
}

constexpr std::array kDisabling{"userAccountControl", "nsAccountLock", "pwdAccountLockedTime",
                                "loginDisabled", "shadowExpire"};

class PeopleCounter {
 public:
  explicit PeopleCounter(Schema const& schema) {
    for (auto const& name : survey_attributes()) values_.emplace_back(schema, name);
    for (auto const* const name : kDisabling) disabled_.push_back({.attribute = name});
  }

  void add(EntryReader& entry) {
    while (entry.next()) {
      auto const type = type_in(entry.name());
      for (auto& values : values_)
        if (ascii_iequal(type, values.name())) values.add(entry);
      for (auto& look : disabled_)
        if (ascii_iequal(type, look.attribute) && !entry.values().empty()) {
          ++look.people;
          if (says_disabled(look.attribute, view(entry.values()[0]))) ++look.disabled;
        }
      if (ascii_iequal(type, "primaryGroupID") && !entry.values().empty()) ++in_primary_groups_;
    }
  }

  PeopleLook finish(Flavour flavour) && {
    PeopleLook look;
    for (auto& values : values_) look.attributes.push_back(std::move(values).finish());
    auto const evaluated = account_attributes(scheme_of(flavour), AccountStates{});
    for (auto& one : disabled_) {
      if (one.people == 0) continue;
      one.is_evaluated = std::ranges::find(evaluated, ascii_lower(one.attribute)) != evaluated.end();
      look.disabled.push_back(std::move(one));
    }
    if (flavour == Flavour::active_directory) look.in_primary_groups = in_primary_groups_;
    return look;
  }

 private:
  std::vector<Values> values_;
  std::vector<DisabledLook> disabled_;
  std::uint64_t in_primary_groups_ = 0;
};

}  // namespace

std::vector<std::string> const& survey_attributes() {
  static std::vector<std::string> const names{
      "uid",       "cn",         "mail",       "sAMAccountName", "userPrincipalName", "employeeNumber",
      "entryUUID", "objectGUID", "nsUniqueId", "ipaUniqueID"};
  return names;
}

Result<PeopleLook> look_at_people(SurveyContext const& context, Area const& area, std::string const& filter) {
  Search search{.what = "look at people",
                .base = area.base,
                .scope = area.scope,
                .filter = filter,
                .attributes = survey_attributes()};
  search.attributes.insert(search.attributes.end(), kDisabling.begin(), kDisabling.end());
  if (context.flavour.primary_groups) search.attributes.emplace_back("primaryGroupID");
  PeopleCounter counter{context.schema};
  auto const looked = look_at(context, search, [&counter](EntryReader& entry) { counter.add(entry); });
  if (!looked) return looked.error();
  auto look = std::move(counter).finish(context.flavour.flavour);
  look.base = area.base;
  look.filter = filter;
  look.looked = *looked;
  return look;
}

}  // namespace dirsync::ldap
