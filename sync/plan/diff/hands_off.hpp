#pragma once
// What must not change, decided before anything is planned.
#include <optional>
#include <set>
#include <span>
#include <string>

#include "sync/model/plan.hpp"
#include "sync/plan/diff/target_index.hpp"
#include "sync/plan/people/name_book.hpp"

namespace dirsync::plan {

/// A group to which calls may go, or that may be created. Changes are made from these alone.
class WritableGroup {
 public:
  std::string const& id() const { return group_->id; }  // empty: to be created
  std::string const& name() const { return group_->name; }
  TargetGroup const& read() const { return *group_; }  // one to be created has no members

 private:
  friend class HandsOff;
  explicit WritableGroup(TargetGroup const& group) : group_(&group) {}
  TargetGroup const* group_;
};

/// A name that a group may get: the target takes it, and nothing stands in its way.
class NewName {
 public:
  std::string const& value() const { return value_; }

 private:
  friend class HandsOff;
  explicit NewName(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

/// A membership that a call may make or end, in the target's spelling.
class WritableMember {
 public:
  WritableGroup const& group() const { return group_; }
  std::string const& name() const { return name_; }
  std::string const& id() const { return id_; }                 // as Change::principal_id
  std::optional<UserSource> source() const { return source_; }  // nothing: no user that the target has

 private:
  friend class HandsOff;
  WritableMember(WritableGroup group, std::string name, std::string id)
      : group_(group), name_(std::move(name)), id_(std::move(id)) {}
  WritableMember(WritableGroup group, TargetUser const& user)
      : group_(group), name_(user.name), id_(user.id), source_(user.source) {}
  WritableGroup group_;
  std::string name_, id_;
  std::optional<UserSource> source_;
};

/// Alone makes what changes are made from, so that nothing protected, built in, foreign, of two meanings or
/// refused by name can be written down. `index`, `target` and `people`, all whom the rules of the target
/// might mean, must outlive it and all that it makes.
class HandsOff {
 public:
  HandsOff(TargetIndex const& index, TargetInput const& target, std::span<NamedPeople const> people)
      : index_(index), target_(target), people_(people) {}

  /// Codes: directory-group, protected.
  OrNotice<WritableGroup> group(TargetGroup const& group) const;
  /// As a group that `rule` feeds. Codes: also not-ours.
  OrNotice<WritableGroup> group_of_rule(TargetGroup const& group, Rule const& rule) const;
  /// `taken`: folded names that other groups get in this plan. `renamed`: the group that is to get it, so
  /// that its own name is not in the way; null for a new one. Codes: case-differs, refused-name.
  OrNotice<NewName> new_name(std::string const& name, std::set<std::string> const& taken,
                             TargetGroup const* renamed = nullptr) const;
  /// `placeholder`: without id and members; it must outlive the group.
  static WritableGroup group_to_create(TargetGroup const& placeholder) { return WritableGroup{placeholder}; }

  /// Codes: protected, unaddressable, ambiguous.
  OrNotice<WritableMember> user_to_add(WritableGroup const& group, TargetUser const& user) const;
  OrNotice<WritableMember> group_to_add(WritableGroup const& group, TargetGroup const& member) const;
  /// Whom the target is to make or to take in under that name. `id`: empty, or kGroupPrincipal. Code:
  /// unaddressable.
  OrNotice<WritableMember> newcomer(WritableGroup const& group, std::string name, std::string id) const;
  /// Codes: protected, unaddressable, ambiguous.
  OrNotice<WritableMember> user_to_remove(WritableGroup const& group, TargetUser const& user) const;
  OrNotice<WritableMember> group_to_remove(WritableGroup const& group, OtherMember const& member) const;

 private:
  TargetIndex const& index_;
  TargetInput const& target_;
  std::span<NamedPeople const> people_;
};

}  // namespace dirsync::plan
