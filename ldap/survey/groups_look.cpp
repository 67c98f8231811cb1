#include "ldap/survey/groups_look.hpp"

#include <algorithm>
#include <unordered_set>

#include "ldap/survey/classes.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::size_t kMostKinds = 50, kMostLargest = 10, kMostNames = 5'000;
/// Member values that are compared with the groups' DNs.
constexpr std::size_t kMostCompared = 500'000;

class GroupCounter {
 public:
  GroupCounter(Schema const& schema, std::vector<std::string> const& member_types)
      : schema_(schema), member_types_(member_types) {}

  void add(EntryReader& entry, bool is_read) {
    std::vector<std::string> classes, has;
    LargeGroup size{.dn = std::string{entry.dn()}};
    std::string name;
    while (entry.next()) {
      auto const type = type_in(entry.name());
      if (ascii_iequal(type, "objectClass"))
        for (auto const& value : entry.values()) classes.emplace_back(view(value));
      else if (ascii_iequal(type, "cn") && !entry.values().empty())
        name = view(entry.values()[0]);
      else if (auto const* const member = member_type(type); member != nullptr)
        add_members(entry, *member, is_read, has, size);
    }
    auto& kind = kinds_[{most_special(schema_, std::move(classes)), is_read}];
    ++kind.entries;
    if (kind.example.empty()) kind.example = size.dn;
    std::ranges::sort(has);
    has.erase(std::unique(has.begin(), has.end()), has.end());
    for (auto const& attribute : has) ++kind.attributes[attribute];
    if (!is_read) return;
    if (auto const key = normalized_dn(size.dn)) groups_.emplace_back(*key, size.dn);
    if (look_.names.size() < kMostNames && !name.empty()) look_.names.push_back(std::move(name));
    look_.memberships += size.members;
    largest_.push_back(std::move(size));
  }

  GroupsLook finish() && {
    for (auto& [key, kind] : kinds_) {
      kind.classes = key.first;
      kind.is_read = key.second;
      look_.kinds.push_back(std::move(kind));
    }
    std::ranges::stable_sort(look_.kinds, std::greater{}, &GroupKind::entries);
    if (look_.kinds.size() > kMostKinds) look_.kinds.resize(kMostKinds);
    std::ranges::stable_sort(largest_, std::greater{}, &LargeGroup::members);
    if (largest_.size() > kMostLargest) largest_.resize(kMostLargest);
    look_.largest = std::move(largest_);
    for (auto const& [key, dn] : groups_) {
      if (!members_.contains(key)) continue;
      if (look_.nested++ == 0) look_.nested_example = dn;
    }
    return std::move(look_);
  }

 private:
  std::string const* member_type(std::string_view type) const {
    auto const is_it = [type](std::string const& name) { return ascii_iequal(name, type); };
    auto const found = std::ranges::find_if(member_types_, is_it);
    return found == member_types_.end() ? nullptr : &*found;
  }

  /// Several lists of one entry name the same members most of the time: the longest counts.
  void add_members(EntryReader& entry, std::string const& type, bool is_read, std::vector<std::string>& has,
                   LargeGroup& size) {
    if (entry.name().find(";range=") != entry.name().npos && !entry.name().ends_with('*'))
      size.at_least = true;
    if (entry.values().empty()) return;
    has.push_back(type);
    size.members = std::max<std::uint64_t>(size.members, entry.values().size());
    if (!is_read) return;
    for (auto const& value : entry.values()) {
      if (members_.size() == kMostCompared) return;
      if (view(value).find('=') == std::string_view::npos) continue;
      if (auto key = normalized_dn(without_optional_uid(view(value)))) members_.insert(*std::move(key));
    }
  }

  Schema const& schema_;
  std::vector<std::string> const& member_types_;
  std::map<std::pair<std::vector<std::string>, bool>, GroupKind> kinds_;
  std::vector<LargeGroup> largest_;
  std::vector<std::pair<std::string, std::string>> groups_;  // normalized DN, DN
  std::unordered_set<std::string> members_;                  // normalized DNs
  GroupsLook look_;
};

std::string with_members(std::vector<std::string> const& types) {
  std::string any;
  for (auto const& type : types) any += "(" + type + "=*)";
  return "(|" + any + ")";
}

}  // namespace

Result<GroupsLook> look_at_groups(SurveyContext const& context, Area const& area, std::string const& filter) {
  auto const types = member_types(context.schema);
  GroupCounter counter{context.schema, types};
  Search search{.what = "look at groups",
                .base = area.base,
                .scope = area.scope,
                .filter = filter,
                .attributes = types};
  search.attributes.insert(search.attributes.end(), {"objectClass", "cn"});
  auto looked = look_at(context, search, [&counter](EntryReader& entry) { counter.add(entry, true); });
  if (!looked) return looked.error();
  if (!types.empty()) {
    search.what = "look at other entries with members";
    search.filter = "(&" + with_members(types) + "(!" + filter + "))";
    auto const others =
        look_at(context, search, [&counter](EntryReader& entry) { counter.add(entry, false); });
    if (!others) return others.error();
    if (looked->is_all()) looked->cut = others->cut;
  }
  auto look = std::move(counter).finish();
  look.base = area.base;
  look.filter = filter;
  look.looked = std::move(*looked);
  return look;
}

}  // namespace dirsync::ldap
