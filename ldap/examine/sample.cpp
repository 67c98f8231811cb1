#include "ldap/examine/sample.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "ldap/errors.hpp"
#include "ldap/read/empty_groups.hpp"
#include "ldap/search/ranges.hpp"
#include "sync/model/bound_filter.hpp"
#include "sync/model/nearest.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

bool is_same_type(Schema const& schema, std::string_view left, std::string_view right) {
  auto const left_type = described(left).type, right_type = described(right).type;
  if (ascii_iequal(left_type, right_type)) return true;
  auto const known = schema.type(left_type);
  return known && known == schema.type(right_type);
}

bool shows(Schema const& schema, SampledEntry const& entry, std::string const& name) {
  return std::ranges::any_of(entry.attributes, [&schema, &name](auto const& attribute) {
    return !attribute.values.empty() && is_same_type(schema, attribute.name, name);
  });
}

std::string nearest_name(Schema const& schema, std::string const& name) {
  std::vector<std::string_view> names;
  for (auto const& type : schema.types()) names.insert(names.end(), type.names.begin(), type.names.end());
  return std::string{nearest(described(name).type, names).value_or("")};
}

/// Views of one entry, valid as long as it.
class EntryView {
 public:
  explicit EntryView(SampledEntry const& entry) {
    for (auto const& attribute : entry.attributes)
      values_.emplace_back(attribute.values.begin(), attribute.values.end());
    for (std::size_t at = 0; at < values_.size(); ++at)
      views_.push_back({entry.attributes[at].name, values_[at]});
  }
  std::span<AttributeView const> all() const { return views_; }

 private:
  std::vector<std::vector<std::string_view>> values_;
  std::vector<AttributeView> views_;
};

bool is_membership(std::string_view name, FlavourTraits const& flavour) {
  auto const type = described(name).type;
  return ascii_iequal(type, "roleOccupant") || ascii_iequal(type, "memberURL") ||
         std::ranges::any_of(flavour.membership_attributes,
                             [type](auto const& one) { return ascii_iequal(type, one); });
}

bool must_have_members(SampledEntry const& entry, FlavourTraits const& flavour) {
  if (!flavour.members_are_required) return false;
  for (auto const& attribute : entry.attributes)
    if (ascii_iequal(attribute.name, "objectClass"))
      return std::ranges::any_of(attribute.values, [](auto const& value) {
        return ascii_iequal(value, "groupOfNames") || ascii_iequal(value, "groupOfUniqueNames");
      });
  return false;
}

}  // namespace

Result<std::vector<SampledEntry>> sample_of(ReadContext const& context, Area const& area,
                                            std::string const& filter, std::vector<std::string> attributes) {
  if (attributes.empty()) attributes.emplace_back("1.1");
  Search const search{.what = "looking at a few entries",
                      .base = area.base,
                      .scope = area.scope,
                      .filter = filter,
                      .attributes = std::move(attributes)};
  std::vector<SampledEntry> entries;
  auto const on_entry = [&entries](EntryReader& entry) -> Result<void> {
    auto& copy = entries.emplace_back();
    copy.dn = entry.dn();
    while (entry.next()) {
      auto& attribute = copy.attributes.emplace_back();
      attribute.name = entry.name();
      for (auto const& value : entry.values()) attribute.values.emplace_back(view(value));
    }
    return {};
  };
  auto paging = context.paging();
  paging.size = std::min(paging.size, kSample);
  auto const found = search_first_page(context.connection, search, paging, on_entry);
  if (!found) return found.error();
  return entries;
}

std::vector<AttributeFinding> attributes_shown(std::vector<AskedAttribute> const& asked, Schema const& schema,
                                               std::vector<SampledEntry> const& people,
                                               std::vector<SampledEntry> const& groups) {
  std::vector<AttributeFinding> findings;
  for (auto const& one : asked) {
    auto& finding = findings.emplace_back();
    finding.asked = one;
    finding.is_known = schema.type(described(one.name).type).has_value();
    if (!finding.is_known) finding.nearest = nearest_name(schema, one.name);
    finding.shown = static_cast<std::uint64_t>(std::ranges::count_if(
        one.of_people ? people : groups,
        [&schema, &one](SampledEntry const& entry) { return shows(schema, entry, one.name); }));
  }
  return findings;
}

Result<std::vector<std::string>> fitting(Filter const& filter, Schema const& schema,
                                         std::vector<SampledEntry> const& people) {
  auto bound = BoundFilter::bind(filter, schema);
  if (!bound) return bound.error();
  std::vector<std::string> dns;
  for (auto const& person : people) {
    EntryView const entry{person};
    if (bound->matches(entry.all())) dns.push_back(person.dn);
  }
  return dns;
}

void note_differences(std::vector<std::string> ours, std::vector<std::string> theirs,
                      FilterFinding& finding) {
  std::ranges::sort(ours);
  std::ranges::sort(theirs);
  finding.ours = ours.size();
  finding.theirs = theirs.size();
  std::ranges::set_difference(ours, theirs, std::back_inserter(finding.only_ours));
  std::ranges::set_difference(theirs, ours, std::back_inserter(finding.only_theirs));
  finding.different = finding.only_ours.size() + finding.only_theirs.size();
  for (auto* const list : {&finding.only_ours, &finding.only_theirs})
    if (list->size() > kExamples) list->resize(kExamples);
}

FilterFinding compare_answers(ReadContext const& context, AskedFilter const& asked,
                              std::vector<SampledEntry> const& people) {
  FilterFinding finding;
  finding.asked = asked;
  auto const filter = Filter::parse(asked.text);
  auto ours = filter ? fitting(*filter, context.schema, people) : filter.error();
  if (!ours) {
    finding.error = ours.error();
    return finding;
  }
  std::set<std::string, std::less<>> sampled;
  for (auto const& person : people) sampled.insert(person.dn);
  Search const search{.what = "search for people whom " + asked.where + " fits",
                      .base = context.settings.users.base,
                      .scope = context.settings.users.scope,
                      .filter = and_filter(people_filter(context), asked.text),
                      .attributes = {"1.1"}};
  std::vector<std::string> theirs;
  auto const on_entry = [&sampled, &theirs](EntryReader& entry) -> Result<void> {
    if (sampled.contains(entry.dn())) theirs.emplace_back(entry.dn());
    return {};
  };
  auto const found = search_all(context.connection, search, context.paging(), on_entry);
  if (!found) {
    finding.error = found.error();
    return finding;
  }
  note_differences(std::move(*ours), std::move(theirs), finding);
  return finding;
}

MemberFinding look_at_members(ReadContext const& context, std::vector<SampledEntry> const& groups) {
  constexpr std::size_t kMostEmpty = 50;  // in one filter
  MemberFinding finding;
  std::vector<std::string> empty;
  for (auto const& group : groups) {
    ++finding.groups;
    std::uint64_t values = 0;
    auto in_parts = false;
    for (auto const& attribute : group.attributes) {
      if (!is_membership(attribute.name, context.flavour)) continue;
      values += attribute.values.size();
      in_parts = in_parts || parse_ranged(attribute.name).has_value();
    }
    if (in_parts) ++finding.in_parts;
    finding.most_values = std::max(finding.most_values, values);
    if (values > 0 || in_parts) {
      ++finding.with_values;
    } else {
      if (must_have_members(group, context.flavour)) finding.hidden.push_back(group.dn);
      if (empty.size() < kMostEmpty) empty.push_back(group.dn);
    }
  }
  if (empty.empty() || !finding.hidden.empty()) return finding;
  ReadFigures figures;
  if (auto const none = require_nobody_in(context, empty, figures); !none) finding.error = none.error();
  return finding;
}

}  // namespace dirsync::ldap
