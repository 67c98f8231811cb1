#include "ldap/read/unread.hpp"

#include <algorithm>
#include <set>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kAlias[] = "alias";

/// How many values are looked at one by one: their entries are examples, and each costs a search.
constexpr std::size_t kMostLooks = 16;

/// DNs among the values that name no entry which was read, in the order of the groups; each once.
std::vector<std::string_view> dns_that_name_nothing(Snapshot const& snapshot) {
  std::vector<std::string_view> dns;
  std::set<std::string_view> seen;
  for (GroupIndex group = 0; group < snapshot.groups().size(); ++group)
    for (auto const value : snapshot.members(group).unresolved)
      if (value.find('=') != value.npos && seen.insert(value).second)
        dns.push_back(without_optional_uid(value));
  return dns;
}

/// The first of `wanted` that is a class of the entry, or above one of its classes.
std::string class_of(Schema const& schema, std::vector<std::string> const& wanted,
                     std::vector<std::string> const& classes) {
  for (auto const& name : wanted)
    for (auto const& has : classes) {
      auto const super = schema.object_class(name), one = schema.object_class(has);
      if (ascii_iequal(name, has) || (super && one && schema.is_class_below(*one, *super))) return name;
    }
  return {};
}

/// Or an account as people have one (those of machines and trusts are of class user as well), or of a kind
/// that is told otherwise.
bool is_person(Schema const& schema, std::vector<std::string> const& classes) {
  return !class_of(schema, {"person", "posixAccount", "user", "foreignSecurityPrincipal"}, classes).empty();
}

/// The class by which a person would know what the entry is: none of its others is below it.
std::string own_class(Schema const& schema, std::vector<std::string> const& classes) {
  for (auto const& name : classes) {
    auto const one = schema.object_class(name);
    auto const is_below = [&schema, &one, &name](std::string const& other) {
      auto const below = schema.object_class(other);
      return !ascii_iequal(other, name) && one && below && schema.is_class_below(*below, *one);
    };
    if (!ascii_iequal(name, "top") && std::ranges::none_of(classes, is_below)) return name;
  }
  return classes.empty() ? "no class that is shown" : classes.front();
}

class UnreadReader {
 public:
  UnreadReader(ReadContext const& context, Snapshot const& snapshot)
      : context_(context), snapshot_(snapshot), unresolved_(dns_that_name_nothing(snapshot)) {}

  Result<std::vector<UnreadEntry>> run() && {
    if (auto const found = search_classes(); !found) return found.error();
    if (auto const looked = look_at_values(); !looked) return looked.error();
    return std::move(unread_);
  }

 private:
  /// Of classes that `groups.classes` leaves out, and aliases.
  Result<void> search_classes() {
    auto wanted = context_.classes.unread;
    // In Active Directory there are none.
    if (context_.flavour.flavour != Flavour::active_directory && !unresolved_.empty())
      wanted.emplace_back(kAlias);
    if (wanted.empty()) return {};
    std::string filter;
    for (auto const& name : wanted) filter += "(objectClass=" + name + ")";
    auto const note = [this, &wanted](EntryReader& entry) {
      return add(entry, [this, &wanted](std::vector<std::string> const& classes) {
        auto const name = class_of(context_.schema, wanted, classes);
        return std::pair{name, name == kAlias ? UnreadEntry::Kind::alias : UnreadEntry::Kind::group};
      });
    };
    // Where people and groups are read, and nowhere else: what lies beside may be another server's.
    for (auto const* const area : {&context_.settings.groups, &context_.settings.users}) {
      Search const search{.what = "search for aliases, and for groups of classes that are not read",
                          .base = area->base,
                          .scope = area->scope,
                          .filter = "(|" + filter + ")",
                          .attributes = attributes()};
      auto const found = search_all(context_.connection, search, context_.paging(), note);
      if (!found) return found.error();
      if (context_.settings.users.base == context_.settings.groups.base &&
          context_.settings.users.scope == context_.settings.groups.scope)
        break;
    }
    return {};
  }

  /// What some of the values name: entries that are of no class of groups or of people. Which of those do not
  /// fit a filter is the filter's affair.
  Result<void> look_at_values() {
    auto const is_known = [this](std::string_view dn) {
      auto const key = normalized_dn(dn);
      return !key || std::ranges::any_of(unread_, [&key](UnreadEntry const& entry) {
        return normalized_dn(entry.dn) == key;
      });
    };
    auto const note = [this](EntryReader& entry) {
      return add(entry, [this](std::vector<std::string> const& classes) {
        auto const is_read =
            is_person(context_.schema, classes) || allow_members(context_.schema, context_.flavour, classes);
        return std::pair{is_read ? std::string{} : own_class(context_.schema, classes),
                         UnreadEntry::Kind::neither};
      });
    };
    std::size_t looks = 0;
    for (auto const dn : unresolved_) {
      if (looks == kMostLooks) break;
      if (!lies_in_an_area(dn) || is_known(dn)) continue;
      ++looks;
      Search const search{.what = "look at a member that was not read",
                          .base = std::string{dn},
                          .scope = Scope::base,
                          .filter = "(objectClass=*)",
                          .attributes = attributes()};
      int result = 0;
      auto const found = search_few(context_.connection, search, note, &result);
      // It only explains: what is not there, or not shown, stays unexplained. No answer at all is another
      // matter: a read that was cut is none.
      if (!found && result == 0) return found.error();
    }
    return {};
  }

  bool lies_in_an_area(std::string_view dn) const {
    auto const key = normalized_dn(dn);
    auto const contains = [&key](Area const& area) {
      auto const base = normalized_dn(area.base);
      return base && is_below(*key, *base);
    };
    return key && (contains(context_.settings.groups) || contains(context_.settings.users));
  }

  std::vector<std::string> attributes() const {
    return {std::string{context_.flavour.id_attribute}, "objectClass"};
  }

  /// `explain`: of the entry's classes the one for which it is not read, and what that makes it; empty: it is
  /// read, or another notice's.
  Result<void> add(EntryReader& entry, auto const& explain) {
    std::string_view value;
    std::vector<std::string> classes;
    while (entry.next()) {
      if (is_id(context_.flavour, entry)) value = view(entry.values()[0]);
      if (!ascii_iequal(entry.name(), "objectClass")) continue;
      for (auto const& one : entry.values()) classes.emplace_back(view(one));
    }
    // It only explains; what cannot be told apart explains nothing.
    if (value.empty()) return {};
    auto id = id_of(context_, entry, value);
    if (!id) return id.error();
    if (snapshot_.group_by_id(*id) || snapshot_.person_by_id(*id)) return {};
    auto [object_class, kind] = explain(classes);
    if (object_class.empty()) return {};
    unread_.push_back({.id = std::move(*id),
                       .dn = std::string{entry.dn()},
                       .object_class = std::move(object_class),
                       .kind = kind});
    return {};
  }

  ReadContext const& context_;
  Snapshot const& snapshot_;
  std::vector<std::string_view> const unresolved_;
  std::vector<UnreadEntry> unread_;
};

}  // namespace

Result<std::vector<UnreadEntry>> read_unread(ReadContext const& context, Snapshot const& snapshot) {
  return UnreadReader{context, snapshot}.run();
}

}  // namespace dirsync::ldap
