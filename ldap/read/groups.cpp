#include "ldap/read/groups.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>

#include "ldap/read/dynamic.hpp"
#include "ldap/read/empty_groups.hpp"
#include "ldap/read/member_lists.hpp"
#include "ldap/read/syntax.hpp"
#include "ldap/search/ranges.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

Search group_search(ReadContext const& context, std::string const& what, std::string const& filter,
                    std::vector<std::string> attributes) {
  auto const& area = context.settings.groups;
  return {.what = what,
          .base = area.base,
          .scope = area.scope,
          .filter = and_filter(group_filter(context), filter),
          .attributes = std::move(attributes)};
}

std::vector<std::string> attributes_of(ReadContext const& context) {
  auto asked = context.query.group_attributes;
  asked.insert(context.query.shown_group_attributes.begin(), context.query.shown_group_attributes.end());
  return attribute_list(std::move(asked), context.flavour.group_attributes);
}

class GroupsReader {
 public:
  GroupsReader(ReadContext const& context, std::string const& narrowed)
      : context_(context),
        narrowed_(narrowed),
        attributes_(attributes_of(context)),
        names_(context.schema, attributes_),
        lists_(context.settings.group_kinds, context.schema) {}

  Result<Groups> run() {
    auto const search = group_search(context_, "search for groups", narrowed_, attributes_);
    auto const figures = search_all(context_.connection, search, context_.paging(),
                                    [this](EntryReader& entry) { return add(entry); });
    if (!figures) return figures.error();
    groups_.figures.count("groups", *figures);
    if (!narrowed_.empty() && !dynamic_.empty()) return is_dynamic(dynamic_.front());
    if (auto const ranged = add_ranged_members(); !ranged) return ranged.error();
    if (auto const found = add_dynamic_members(context_, dynamic_, groups_); !found) return found.error();
    groups_.figures.values = groups_.members.count();
    if (context_.flavour.member_of_is_kept)
      if (auto const empty = require_nobody_in(context_, empty_, groups_.figures); !empty)
        return empty.error();
    groups_.figures.empty_groups = empty_.size();
    return std::move(groups_);
  }

 private:
  /// What is kept of the current entry; text in its message.
  struct Parts {
    std::string_view id, sid;
    ChangeStamp changed;
    bool has_classes = false, needs_dns = false, shows_dns = false, is_group = false;
  };
  struct RangedGroup {
    GroupIndex group = 0;
    std::string dn;
    EntryId id;
  };

  Result<void> add(EntryReader& entry) {
    parts_ = {};
    lists_.clear();
    collected_.clear();
    while (entry.next()) {
      auto const own = take(entry);
      if (!own) return own.error();
      if (!*own || context_.query.group_attributes.contains(ascii_lower(entry.name())))
        collected_.add(entry.name(), entry.values());
    }
    collected_.add_other_names(names_);
    collected_.add_sid(context_, parts_.sid);
    auto id = id_of(context_, entry, parts_.id);
    if (!id) return id.error();
    if (!parts_.has_classes) return unreadable(context_, entry, "objectClass");
    if (parts_.needs_dns && !parts_.shows_dns)
      return unreadable(context_, entry, "member or uniqueMember, which its class must have");
    leave_out_bad_text(context_, Damage::Of::group, static_cast<GroupIndex>(groups_.entries.all().size()),
                       context_.query.group_attributes, collected_, groups_.damages);
    auto const group = groups_.entries.add(*id, entry.dn(), collected_.all(), parts_.changed);
    for (auto const& value : lists_.uids()) groups_.members.add_uid(group, view(value));
    for (auto const& value : lists_.externals()) groups_.members.add_dn(group, view(value));
    // What came of a member list in parts is read again with the rest.
    if (lists_.is_ranged()) {
      ranged_.push_back({group, std::string{entry.dn()}, std::move(*id)});
    } else {
      for (auto const& value : lists_.dns()) groups_.members.add_dn(group, view(value));
      groups_.figures.largest_whole = std::max(groups_.figures.largest_whole, lists_.dns().size());
    }
    if (lists_.are_several()) groups_.lists.push_back(lists_.beside(group));
    if (!lists_.urls().empty()) note_dynamic(group, entry);
    if (lists_.is_empty()) empty_.emplace_back(entry.dn());
    return context_.flavour.primary_groups && parts_.is_group ? note_sid(group, entry) : Result<void>{};
  }

  /// True for an attribute that is the reader's own.
  Result<bool> take(EntryReader const& entry) {
    auto const name = entry.name();
    auto const values = entry.values();
    if (is_id(context_.flavour, entry)) {
      parts_.id = view(values[0]);
    } else if (auto const stamp = stamp_in(context_.flavour, entry)) {
      parts_.changed = *stamp;
    } else if (lists_.take(name, values)) {
      parts_.shows_dns = parts_.shows_dns || (names_members(lists_.list_of(name)) && !values.empty());
    } else if (ascii_iequal(name, "objectClass")) {
      parts_.has_classes = true;
      parts_.is_group =
          std::ranges::any_of(values, [](auto const& value) { return ascii_iequal(view(value), "group"); });
      parts_.needs_dns =
          context_.flavour.members_are_required && std::ranges::any_of(values, is_class_with_dns);
    } else if (context_.flavour.primary_groups && ascii_iequal(name, "objectSid") && !values.empty()) {
      parts_.sid = view(values[0]);
    } else if (auto const ranged = parse_ranged(name); ranged && ascii_iequal(ranged->attribute, "member")) {
      lists_.note_parts();
      parts_.shows_dns = true;
    } else if (ranged || has_some_members(name)) {
      return in_part(context_, entry);
    } else {
      return false;
    }
    return true;
  }

  /// "member;option": RFC 4512, 2.5.2. Others, such as "cn;lang-de", are only more names.
  bool has_some_members(std::string_view name) {
    auto const options = name.find(';');
    if (options == std::string_view::npos) return false;
    auto const list = lists_.list_of(name.substr(0, options));
    return names_members(list) || list == "roleOccupant";
  }

  static bool names_members(std::string_view list) { return list == "member" || list == "uniqueMember"; }

  static bool is_class_with_dns(berval const& value) {
    return ascii_iequal(view(value), "groupOfNames") || ascii_iequal(view(value), "groupOfUniqueNames");
  }

  Error is_dynamic(DynamicGroup const& group) const {
    return {make_error_code(boost::system::errc::operation_not_supported),
            context_.connection.place() + ": group \"" + printable(group.dn) +
                "\" has members by its memberURL, which only a read of all groups looks for"};
  }

  void note_dynamic(GroupIndex group, EntryReader const& entry) {
    DynamicGroup dynamic{.group = group, .dn = std::string{entry.dn()}};
    for (auto const& url : lists_.urls()) dynamic.urls.emplace_back(view(url));
    for (auto const& dn : lists_.dns()) dynamic.own.emplace(view(dn));
    dynamic_.push_back(std::move(dynamic));
  }

  Result<void> note_sid(GroupIndex group, EntryReader const& entry) {
    if (parts_.sid.empty()) return unreadable(context_, entry, "objectSid");
    auto sid = sid_of(context_, entry, parts_.sid);
    if (!sid) return sid.error();
    groups_.by_sid.emplace(std::move(*sid), group);
    return {};
  }

  Result<void> add_ranged_members() {
    for (auto const& [group, dn, id] : ranged_) {
      auto const read = read_ranged_members(context_.connection, context_.flavour, dn, id);
      if (!read) return read.error();
      for (auto const& value : read->values) groups_.members.add_dn(group, value);
      groups_.figures.count_searches(read->figures.pages, read->figures);
    }
    groups_.figures.ranged_groups = ranged_.size();
    return {};
  }

  ReadContext const& context_;
  std::string const& narrowed_;
  std::vector<std::string> const attributes_;  // that are asked for
  AskedNames names_;
  Groups groups_;
  Collected collected_;
  Parts parts_;
  MemberLists lists_;
  std::vector<RangedGroup> ranged_;
  std::vector<DynamicGroup> dynamic_;
  std::vector<std::string> empty_;  // DNs of groups that show no member
};

}  // namespace

Result<Groups> read_groups(ReadContext const& context, std::string const& narrowed) {
  return GroupsReader{context, narrowed}.run();
}

Result<GroupIds> find_groups(ReadContext const& context, std::string const& what, std::string const& filter) {
  GroupIds found;
  auto const search = group_search(context, what, filter, {std::string{context.flavour.id_attribute}});
  auto const figures = search_all(context.connection, search, context.paging(),
                                  [&context, &found](EntryReader& entry) -> Result<void> {
                                    std::string_view value;
                                    while (entry.next())
                                      if (is_id(context.flavour, entry)) value = view(entry.values()[0]);
                                    auto id = id_of(context, entry, value);
                                    if (!id) return id.error();
                                    found.ids.push_back(std::move(*id));
                                    return {};
                                  });
  if (!figures) return figures.error();
  found.figures = *figures;
  return found;
}

Result<std::vector<SelectedGroup>> select_groups(ReadContext const& context, ReadFigures& figures,
                                                 std::string const& narrowed) {
  std::vector<SelectedGroup> selected;
  for (auto const& rule : context.query.rules) {
    auto const* const matching = std::get_if<GroupQuery::Matching>(&rule.selection);
    if (matching == nullptr) continue;
    auto found = find_groups(context, "search for the groups of rule " + rule.rule,
                             and_filter(matching->filter, narrowed));
    if (!found) return found.error();
    for (auto& id : found->ids) selected.push_back({rule.rule, std::move(id)});
    figures.count("rule " + rule.rule, found->figures);
  }
  return selected;
}

}  // namespace dirsync::ldap
