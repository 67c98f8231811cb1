#include "ldap/read/group_classes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

using ClassIndex = Schema::ClassIndex;

std::string is_of(std::string_view name) { return "(objectClass=" + std::string{name} + ")"; }

/// `filters`: one after the other.
std::string any_of(std::string const& filters) {
  return filters.find(")(") == filters.npos ? filters : "(|" + filters + ")";
}

std::string name_of(ObjectClass const& one) { return one.names.empty() ? one.oid : one.names.front(); }

bool allows_any(Schema const& schema, ClassIndex one, std::span<std::string_view const> attributes) {
  return std::ranges::any_of(attributes, [&schema, one](std::string_view name) {
    auto const type = schema.type(name);
    return type && schema.allows_type(one, *type);
  });
}

/// Everything a class might be a group's for. Abstract classes stand for those below them.
std::vector<ClassIndex> classes_with(Schema const& schema, std::span<std::string_view const> attributes) {
  std::vector<ClassIndex> found;
  for (ClassIndex one = 0; one < schema.classes().size(); ++one)
    if (!schema.classes()[one].is_abstract && allows_any(schema, one, attributes)) found.push_back(one);
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
    for (auto const one : classes_with(schema, std::array<std::string_view, 1>{"roleOccupant"}))
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

Result<GroupClasses> group_classes(Schema const& schema, FlavourTraits const& flavour,
                                   GroupKinds const& kinds) {
  Chooser const chooser{schema, flavour};
  if (!kinds.classes.empty()) return chooser.by_name(kinds.classes);
  return GroupClasses{.filter = chooser.by_default(), .unread = {}};
}

}  // namespace dirsync::ldap
