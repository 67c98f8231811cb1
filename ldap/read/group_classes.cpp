#include "ldap/read/group_classes.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <span>

#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

using ClassIndex = Schema::ClassIndex;

constexpr std::array<std::string_view, 1> kOccupants{"roleOccupant"};

std::string is_of(std::string_view name) { return "(objectClass=" + std::string{name} + ")"; }

/// `filters`: one after the other.
std::string any_of(std::string const& filters) {
  return filters.find(")(") == filters.npos ? filters : "(|" + filters + ")";
}

std::string name_of(ObjectClass const& one) { return one.names.empty() ? one.oid : one.names.front(); }

/// Those of `attributes`, and their subtypes where who asks for a type gets them.
std::vector<Schema::TypeIndex> types_of(Schema const& schema, std::span<std::string_view const> attributes) {
  std::vector<Schema::TypeIndex> found;
  for (auto const name : attributes) {
    auto const super = schema.type(name);
    if (!super) continue;
    found.push_back(*super);
    if (!schema.habits().finds_subtypes) continue;
    for (Schema::TypeIndex type = 0; type < schema.types().size(); ++type)
      if (type != *super && schema.is_kind_of(type, *super)) found.push_back(type);
  }
  return found;
}

/// Everything a class might be a group's for. Abstract classes stand for those below them.
std::vector<ClassIndex> classes_with(Schema const& schema, std::span<std::string_view const> attributes) {
  std::vector<ClassIndex> found;
  auto const types = types_of(schema, attributes);
  for (ClassIndex one = 0; one < schema.classes().size(); ++one) {
    auto const is_allowed = [&schema, one](auto type) { return schema.allows_type(one, type); };
    if (!schema.classes()[one].is_abstract && std::ranges::any_of(types, is_allowed)) found.push_back(one);
  }
  return found;
}

/// Whether entries of the class are found by one of `others` already; of a ring the first stays.
bool is_covered(Schema const& schema, ClassIndex one, std::span<ClassIndex const> others) {
  return std::ranges::any_of(others, [&schema, one](ClassIndex other) {
    if (other == one || !schema.is_class_below(one, other)) return false;
    return !schema.is_class_below(other, one) || other < one;
  });
}

class Chooser {
 public:
  Chooser(Schema const& schema, FlavourTraits const& flavour) : schema_(schema), flavour_(flavour) {
    for (auto const name : flavour.group_classes)
      if (auto const one = schema.object_class(name)) own_.push_back(*one);
    with_members_ = classes_with(schema, flavour.membership_attributes);
    for (auto const one : classes_with(schema, kOccupants))
      if (!std::ranges::binary_search(with_members_, one)) with_occupants_.push_back(one);
  }

  std::string by_default() const {
    std::string own, more;
    for (auto const name : flavour_.group_classes) own += is_of(name);
    for (auto const one : with_members_)
      if (!is_own(one) && !is_covered(schema_, one, own_) && !is_covered(schema_, one, with_members_))
        more += is_of(name_of(schema_.classes()[one]));
    for (auto const one : with_occupants_)
      if (!is_covered(schema_, one, with_occupants_))
        more += "(&" + is_of(name_of(schema_.classes()[one])) + "(|(roleOccupant=*)(!" +
                is_of("simpleSecurityObject") + ")))";
    if (more.empty()) return any_of(own);
    return any_of(own + "(&" + any_of(more) + "(!" + is_of("person") + "))");
  }

  Result<GroupClasses> by_name(std::vector<std::string> const& names) const {
    std::string filters;
    std::vector<ClassIndex> read;
    for (auto const& name : names) {
      auto const one = schema_.object_class(name);
      // The built-in schema does not know what a server may have.
      if (!one && schema_.remark().empty())
        return Error{LdapErrc::bad_setup,
                     "groups.classes names the class \"" + printable(name) +
                         "\", which the server's schema does not have; correct its name, or leave it out"};
      if (one) read.push_back(*one);
      filters += is_of(name);
    }
    GroupClasses chosen{.filter = any_of(filters), .unread = {}};
    for (auto const* const list : {&with_members_, &with_occupants_})
      for (auto const one : *list)
        if (std::ranges::find(read, one) == read.end() && !is_covered(schema_, one, read))
          chosen.unread.push_back(name_of(schema_.classes()[one]));
    return chosen;
  }

 private:
  bool is_own(ClassIndex one) const { return std::ranges::find(own_, one) != own_.end(); }

  Schema const& schema_;
  FlavourTraits const& flavour_;
  std::vector<ClassIndex> own_, with_members_, with_occupants_;
};

}  // namespace

bool allow_members(Schema const& schema, FlavourTraits const& flavour,
                   std::vector<std::string> const& classes) {
  auto types = types_of(schema, flavour.membership_attributes);
  std::ranges::move(types_of(schema, kOccupants), std::back_inserter(types));
  return std::ranges::any_of(classes, [&schema, &types](std::string const& name) {
    auto const one = schema.object_class(name);
    return one && std::ranges::any_of(types, [&](auto type) { return schema.allows_type(*one, type); });
  });
}

Result<GroupClasses> group_classes(Schema const& schema, FlavourTraits const& flavour,
                                   GroupKinds const& kinds) {
  Chooser const chooser{schema, flavour};
  if (!kinds.classes.empty()) return chooser.by_name(kinds.classes);
  return GroupClasses{.filter = chooser.by_default(), .unread = {}};
}

}  // namespace dirsync::ldap
