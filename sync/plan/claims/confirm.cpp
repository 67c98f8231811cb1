#include "sync/plan/claims/confirm.hpp"

#include <algorithm>
#include <utility>

#include "sync/model/dn.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/diff/hands_off.hpp"
#include "sync/plan/people/former_dns.hpp"
#include "sync/plan/people/grant_binding.hpp"

namespace dirsync::plan {
namespace {

std::vector<NamedPeople> meant_by_rules(Desired const& desired, std::string const& target) {
  auto const found = desired.people.find(target);
  return found == desired.people.end() ? std::vector<NamedPeople>{} : found->second;
}

bool is_one_of(EntryId const& id, EntryId const& joined) {
  auto const parts = parts_of(joined);
  return std::ranges::find(parts, id) != parts.end();
}

/// Confirms for one target.
class Confirmer {
 public:
  Confirmer(Input const& input, TargetInput const& target, Desired const& desired, Claiming& claiming)
      : target_(target),
        desired_(desired),
        people_(meant_by_rules(desired, target.name)),
        index_(target),
        hands_off_(index_, target, people_),
        former_(input.facts, target.name),
        binding_(index_.users(), *desired.identities, people_, former_, target.traits.matches_by_dn),
        claiming_(claiming) {
    for (auto const& grant : target.managed->grants) ours_.insert(key_of(grant));
  }

  void confirm(RememberedGroup const& remembered) {
    auto const* const have = find(remembered);
    if (have == nullptr) return;
    auto const group = hands_off_.group(*have);
    if (!group) return keep_off(group.error());
    if (index_.managed(have->id) == nullptr) claim_group(remembered, *have);
    for (auto const& grant : remembered.grants) confirm(*group, grant);
    if (!remembered.ended.empty()) forget_ended(remembered, *have);
  }

  void confirm(MadeUser const& user) {
    auto const is_it = [&user](TargetUser const& one) { return one.id == user.id && one.name == user.name; };
    auto const& made = target_.managed->made_users;
    if (std::ranges::any_of(target_.observed->users, is_it) && std::ranges::find(made, user) == made.end())
      claiming_.claims[target_.name].made_users.push_back(user);
  }

 private:
  void keep_off(Notice why) {
    why.text += "; not claimed";
    claiming_.notices[target_.name].insert(std::move(why));
  }
  void tell(char const* code, std::string const& group, std::string const& principal, std::string text) {
    claiming_.notices[target_.name].insert(
        {.code = code, .group = group, .principal = principal, .text = std::move(text)});
  }
  std::nullptr_t none(char const* code, std::string const& group, std::string text) {
    tell(code, group, "", std::move(text));
    return nullptr;
  }

  /// Null, and told: nobody can tell which one it is now.
  TargetGroup const* find(RememberedGroup const& remembered) {
    auto const& [id, name, rule, created, sources] = remembered.group;
    if (remembered.is_renamed) return find_renamed(remembered.group);
    if (id.empty()) return the_only_one(name);
    auto const* const have = index_.group(id);
    if (have == nullptr)
      return none("not-there", name, name + " was ours, and the target does not list its id any more");
    auto const others = index_.groups_named(name);
    if (group_key(target_.traits.group_names_fold_case, have->name) ==
            group_key(target_.traits.group_names_fold_case, name) ||
        others.empty())
      return have;
    return none(
        "ambiguous", name,
        have->name + " has the id of our group " + name +
            ", and another group bears that name: the target may have used the id again. Not claimed");
  }

  TargetGroup const* the_only_one(std::string const& name) {
    auto const bearers = index_.groups_named(name);
    if (bearers.empty())
      return none("not-there", name, name + " was ours, and the target has no group of that name any more");
    if (bearers.size() == 1) return bearers.front();
    return none("ambiguous", name,
                "the target has " + std::to_string(bearers.size()) + " groups of the name " + name +
                    ", and nothing tells which one was ours. Not claimed");
  }

  /// We gave it the name that its source has, or had then.
  TargetGroup const* find_renamed(ManagedGroup const& managed) {
    auto const groups = desired_.groups.find(target_.name);
    if (groups != desired_.groups.end())
      for (auto const& [key, group] : groups->second)
        for (auto const& tree : group.trees)
          if (tree.rule->name == managed.rule &&
              std::ranges::find(managed.sources, tree.source().id) != managed.sources.end())
            return the_only_one(group.name);
    return none("not-there", managed.group,
                managed.group +
                    " was ours and got another name, which the trail does not tell; by that name `dirsyncd "
                    "adopt --group NAME` takes it over");
  }

  /// Only a group that still bears our mark is one that we made: only such a one may be deleted.
  void claim_group(RememberedGroup const& remembered, TargetGroup const& have) {
    auto group = remembered.group;
    group.group_id = have.id;
    if (remembered.group.group_id.empty()) group.group = have.name;
    group.created_by_us = group.created_by_us && have.marked;
    claim(claiming_, target_.name, std::move(group), {"", "was dirsyncd's"});
  }

  void confirm(WritableGroup const& group, Grant grant) {
    grant.group_id = group.id();
    grant.group = group.name();
    if (grant.id.value().empty())
      return tell("unknown-person", group.name(), grant.principal,
                  grant.principal + " has no immutable id there, so nobody can tell who it is. Not claimed");
    auto const user = index_.users().bearer_of(grant);
    if (is_group_principal(grant.principal_id) || (!user && grant.principal_id.empty()))
      return confirm_nested(group, std::move(grant));
    if (!user || !std::ranges::binary_search(group.read().users, *user)) return tell_ended(group, grant);
    confirm_user(group, std::move(grant), index_.users()[*user]);
  }

  void tell_ended(WritableGroup const& group, Grant const& grant) {
    tell("ended", group.name(), grant.principal,
         grant.principal + " was in " + group.name() + " by dirsyncd, and is not any more");
  }

  void confirm_user(WritableGroup const& group, Grant grant, TargetUser const& user) {
    auto const by_name = grant.principal_id.empty();
    auto const is_them = by_name ? is_named_person(grant, user) : binding_.bind(grant).holds;
    if (!is_them)
      return tell("ambiguous", group.name(), user.name,
                  user.name + " may be somebody else than whom dirsyncd gave this membership (" + grant.dn +
                      "): the name or id may have been used again. Not claimed");
    if (auto const member = hands_off_.user_to_remove(group, user); !member) return keep_off(member.error());
    grant.principal = user.name;
    grant.principal_id = user.id;
    grant.source = user.source;
    claim_grant(std::move(grant));
  }

  /// Whether the user of that name is still theirs: names are used again.
  bool is_named_person(Grant grant, TargetUser const& user) const {
    grant.principal_id = user.id;
    if (!binding_.bind(grant).holds) return false;  // also another kind of user
    if (target_.traits.matches_by_dn) return has_their_dn(grant, user);
    // Somebody else bears the name now.
    for (auto const& people : people_) {
      auto const bearers = people.names->bearers.find(fold_case(user.name));
      if (bearers == people.names->bearers.end()) continue;
      for (auto const person : bearers->second)
        if (!is_one_of(people.view->snapshot->people()[person].id, grant.id)) return false;
    }
    return true;
  }

  bool has_their_dn(Grant const& grant, TargetUser const& user) const {
    auto const dn = user.dn.empty() ? std::nullopt : normalized_dn(user.dn);
    if (!dn) return false;
    if (normalized_dn(grant.dn) == dn) return !is_of_somebody_else(*dn, grant.id);
    return std::ranges::any_of(parts_of(grant.id), [this, &dn](EntryId const& id) {
      auto const bearers = desired_.identities->bearers_of(id);
      return std::ranges::any_of(bearers,
                                 [&dn](PersonRef const& ref) { return ref.entry().normalized_dn == *dn; });
    });
  }

  /// An entry that was made anew under the DN.
  bool is_of_somebody_else(std::string const& dn, EntryId const& id) const {
    auto const bearers = desired_.identities->bearers_of_dn(dn);
    return !bearers.empty() && std::ranges::none_of(bearers, [&id](PersonRef const& ref) {
      return is_one_of(ref.entry().id, id);
    });
  }

  /// A group that is a member itself.
  void confirm_nested(WritableGroup const& group, Grant grant) {
    for (auto const& other : group.read().others) {
      auto const has_id = grant.principal_id == group_principal_id(other.id);
      auto const has_name = grant.principal_id.empty() && fold_case(other.name) == fold_case(grant.principal);
      if (other.kind != OtherMember::Kind::group || (!has_id && !has_name)) continue;
      auto const* const listed = index_.group_of(other);
      auto const dn = normalized_dn(grant.dn);
      if (listed == nullptr || !dn || normalized_dn(listed->dn) != dn) continue;
      if (auto const member = hands_off_.group_to_remove(group, other); !member)
        return keep_off(member.error());
      grant.principal = other.name;
      grant.principal_id = group_principal_id(other.id);
      return claim_grant(std::move(grant));
    }
    tell_ended(group, grant);
  }

  void forget_ended(RememberedGroup const& remembered, TargetGroup const& have) {
    std::set<std::string> ended;
    for (auto const& grant : remembered.ended) ended.insert(fold_case(grant.principal));
    for (auto const* grant : index_.grants(have.id)) {
      if (!ended.contains(fold_case(grant->principal))) continue;
      claiming_.claims[target_.name].forgotten.push_back(*grant);
      tell("ended", have.name, grant->principal,
           grant->principal + " was in " + have.name +
               " by dirsyncd as the store has it, and the trail says that this ended: not dirsyncd's any "
               "more");
    }
  }

  void claim_grant(Grant grant) {
    auto const is_ours_by_name = ours_.contains({grant.group_id, name_key(grant)});
    if (is_ours_by_name || !ours_.insert(key_of(grant)).second) return;
    claim(claiming_, target_.name, std::move(grant), {"", "is a member, and was by dirsyncd"});
  }

  using Membership = std::pair<std::string, std::string>;  // group; the member's id, or name_key()
  static std::string name_key(Grant const& grant) { return "name:" + fold_case(grant.principal); }
  static Membership key_of(Grant const& grant) {
    return {grant.group_id, grant.principal_id.empty() ? name_key(grant) : grant.principal_id};
  }

  TargetInput const& target_;
  Desired const& desired_;
  std::vector<NamedPeople> const people_;
  TargetIndex const index_;
  HandsOff const hands_off_;
  FormerDns const former_;
  GrantBinding const binding_;
  Claiming& claiming_;
  std::set<Membership> ours_;
};

}  // namespace

Claiming confirm(Input const& input, Desired const& desired, RememberedByTarget const& remembered) {
  Claiming claiming;
  for (auto const& target : input.targets) {
    auto const found = remembered.find(target.name);
    if (found == remembered.end()) continue;
    Confirmer confirmer{input, target, desired, claiming};
    for (auto const& group : found->second.groups) confirmer.confirm(group);
    for (auto const& user : found->second.made_users) confirmer.confirm(user);
  }
  return claiming;
}

}  // namespace dirsync::plan
