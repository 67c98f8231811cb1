#include "ldap/groups.hpp"

#include <algorithm>

#include "ldap/damage.hpp"
#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

Search group_search(Reading const& reading, std::string const& what, std::string const& filter,
                    std::vector<std::string> attributes) {
  auto const& area = reading.settings.groups;
  return {what, area.base, area.scope, both(both(reading.flavour.group_classes, area.filter), filter),
          std::move(attributes)};
}

class GroupsReader {
 public:
  explicit GroupsReader(Reading const& reading) : reading_(reading) {}

  Result<Groups> run() {
    auto const search =
        group_search(reading_, "search for groups", {},
                     attribute_list(reading_.query.group_attributes, reading_.flavour.group_attributes));
    auto const figures = search_all(reading_.connection, search, reading_.paging(),
                                    [this](EntryReader& entry) { return add(entry); });
    if (!figures) return figures.error();
    groups_.figures.count("groups", *figures);
    groups_.figures.values = groups_.members.count();
    return std::move(groups_);
  }

 private:
  Result<void> add(EntryReader& entry) {
    std::string_view id_value;
    auto has_classes = false, needs_dns = false;
    collected_.clear();
    member_dns_.clear();
    member_uids_.clear();
    while (entry.next()) {
      auto const name = entry.name();
      auto const values = entry.values();
      if (is_id(reading_, entry)) {
        id_value = view(values[0]);
      } else if (ascii_iequal(name, "member") || ascii_iequal(name, "uniqueMember")) {
        member_dns_.insert(member_dns_.end(), values.begin(), values.end());
      } else if (ascii_iequal(name, "memberUid")) {
        member_uids_.assign(values.begin(), values.end());
      } else if (name.find(';') != std::string_view::npos && ascii_lower(name).find("member") == 0) {
        return Error{LdapErrc::not_readable, reading_.connection.place() + ": entry \"" +
                                                 printable(entry.dn()) + "\" gives its members in part, as " +
                                                 printable(name) +
                                                 "; lift the server's limit on values of one attribute"};
      } else if (ascii_iequal(name, "objectClass")) {
        has_classes = true;
        needs_dns = reading_.flavour.members_are_required && std::ranges::any_of(values, is_class_with_dns);
        if (reading_.query.group_attributes.contains("objectclass")) collected_.add(name, values);
      } else {
        collected_.add(name, values);
      }
    }
    auto id = id_of(reading_, entry, id_value);
    if (!id) return id.error();
    auto const undamaged = require_text(reading_, entry, reading_.query.group_attributes, collected_.all());
    if (!undamaged) return undamaged.error();
    if (!has_classes) return unreadable(reading_, entry, "objectClass");
    if (needs_dns && member_dns_.empty())
      return unreadable(reading_, entry, "member or uniqueMember, which its class must have");
    auto const group = groups_.entries.add(std::move(*id), entry.dn(), collected_.all());
    for (auto const& value : member_dns_) groups_.members.add_dn(group, view(value));
    for (auto const& value : member_uids_) groups_.members.add_uid(group, view(value));
    return {};
  }

  static bool is_class_with_dns(berval const& value) {
    return ascii_iequal(view(value), "groupOfNames") || ascii_iequal(view(value), "groupOfUniqueNames");
  }

  Reading const& reading_;
  Groups groups_;
  Collected collected_;
  std::vector<berval> member_dns_, member_uids_;  // of the current entry; text in its message
};

}  // namespace

Result<Groups> read_groups(Reading const& reading) { return GroupsReader{reading}.run(); }

Result<std::vector<SelectedGroup>> select_groups(Reading const& reading, ReadFigures& figures) {
  std::vector<SelectedGroup> selected;
  for (auto const& rule : reading.query.rules) {
    auto const* const matching = std::get_if<GroupQuery::Matching>(&rule.selection);
    if (matching == nullptr) continue;
    auto const search = group_search(reading, "search for the groups of rule " + rule.rule, matching->filter,
                                     {std::string{reading.flavour.id_attribute}});
    auto const found = search_all(reading.connection, search, reading.paging(),
                                  [&reading, &rule, &selected](EntryReader& entry) -> Result<void> {
                                    std::string_view value;
                                    while (entry.next())
                                      if (is_id(reading, entry)) value = view(entry.values()[0]);
                                    auto id = id_of(reading, entry, value);
                                    if (!id) return id.error();
                                    selected.push_back({rule.rule, std::move(*id)});
                                    return {};
                                  });
    if (!found) return found.error();
    figures.count("rule " + rule.rule, *found);
  }
  return selected;
}

}  // namespace dirsync::ldap
