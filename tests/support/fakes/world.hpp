#pragma once
// Directories and targets that a test shapes in a few words.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sync/model/observed.hpp"
#include "sync/model/policy.hpp"
#include "sync/model/record.hpp"
#include "sync/model/target_traits.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::fake {

inline constexpr char kBase[] = "dc=x";

/// One directory. People live in ou=people,dc=x, groups in ou=groups,dc=x; ids are p-UID and g-CN.
struct DirectoryWorld {
  struct Person {
    std::string id, dn;
    std::map<std::string, std::string> attributes;  // uid, mail, ...; each line a value
    ChangeStamp changed = {};
  };
  struct Group {
    std::string id, dn;
    std::vector<std::string> values;  // of the member attribute
    std::map<std::string, std::string> attributes;
    std::vector<std::string> uids = {};  // of the memberUid attribute
    bool hides_members = false;          // one of its memberURL values could not be searched
    ChangeStamp changed = {};
  };
  std::string name = "corp";
  std::string base = kBase;              // as configured
  std::string join_attribute = {};       // users.join
  std::map<std::string, Person> people;  // by uid
  std::map<std::string, Group> groups;   // by cn
  AccountRules account_rules;
  std::int64_t ignored_referrals = 0;
  ChangeNumbers change_numbers;                             // of the server
  std::map<std::string, std::int64_t> deciding_attributes;  // as the certificate is to say
  bool may_have_changed = false;                            // while it was read
  int delivery_seed = 0;         // in which order entries and values come; 0: by name
  std::set<std::string> hidden;  // DNs that reads do not show and looks still find

  Person& person(std::string const& uid);
  void people_named(std::vector<std::string> const& uids);
  /// A member "@cn" is a group; any other without "=" a person; else the value as it stands.
  Group& group(std::string const& cn, std::vector<std::string> const& members = {});
  void join(std::string const& cn, std::string const& member);
  /// Takes the value out of the group; the entry stays.
  void leave(std::string const& cn, std::string const& member);
  /// Deletes the entry; the values that name it stay unless `everywhere`.
  void drop_person(std::string const& uid, bool everywhere = true);
  void drop_group(std::string const& cn, bool everywhere = true);
  void disable(std::string const& uid);
  void enable(std::string const& uid);
  Snapshot snapshot(std::span<GroupQuery const> queries, std::set<std::string> const& deciding = {}) const;
};

std::string dn_of_person(std::string const& uid);
std::string dn_of_group(std::string const& cn);
Filter filter(std::string const& text);
NameTemplate name_template(std::string const& text);

/// All groups that fit `groups`, to groups of the same name; creates them. Its first plan is not held and
/// only what a test sets is limited.
Rule rule(std::string const& name, std::string const& target, std::string const& groups = "(cn=*)");
/// Nothing is limited, nothing is held, and absence is confirmed as by default.
Limits no_limits();

TargetTraits vault_traits();
TargetTraits console_traits();

/// One target's users and groups, by name.
struct TargetWorld {
  Observed observed;

  std::uint32_t user(std::string const& name, std::string const& dn = "",
                     UserSource source = UserSource::directory);
  /// A Vault user for the person of that uid, under the same name.
  std::uint32_t ldap_user(std::string const& uid) { return user(uid, dn_of_person(uid)); }
  TargetGroup& group(std::string const& name, std::vector<std::string> const& users = {});
  /// The Vault's own object for an LDAP group.
  TargetGroup& directory_group(std::string const& name, std::string const& dn);
  TargetGroup* find_group(std::string const& name);
  TargetGroup* find_group_by_id(std::string const& id);
  TargetUser* find_user(std::string const& name);
  /// Out of every group as well.
  void drop_user(std::string const& name);
  void add(std::string const& group, std::string const& user);
  /// Makes one group a member of another.
  void nest(std::string const& group, std::string const& member);
  void remove(std::string const& group, std::string const& user);
  std::set<std::string> members(std::string const& group) const;
  std::string next_id() { return std::to_string(++last_id); }
  int last_id = 100;
};

void insert_member(TargetGroup& group, std::uint32_t user);
void erase_member(TargetGroup& group, std::uint32_t user);

/// A grant of that user's membership, to the person of the same uid.
Grant grant(TargetWorld& world, std::string const& group, std::string const& user, std::string const& rule);
/// A grant of that Directory group's membership, to the directory group of that name.
Grant group_grant(TargetWorld& world, std::string const& group, std::string const& member,
                  std::string const& cn, std::string const& rule);
/// That group as ours, fed by the directory group of the same name.
ManagedGroup managed_group(TargetWorld& world, std::string const& group, std::string const& rule,
                           bool created_by_us = true);

}  // namespace dirsync::fake
