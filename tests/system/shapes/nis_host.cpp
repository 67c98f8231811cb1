// A directory that was a NIS server's files once: names in the place of DNs, and no class person.
#include <utility>

#include "tests/system/shapes/shape.hpp"

namespace dirsync::test {
namespace {

constexpr std::size_t kAccounts = 200, kNisGroups = 70;
constexpr char kNisPeople[] = "ou=People,dc=example,dc=com";
constexpr char kNisPartners[] = "ou=Partners,ou=People,dc=example,dc=com";
constexpr char kNisGroupBase[] = "ou=Group,dc=example,dc=com";

class NisMaker {
 public:
  explicit NisMaker(unsigned seed) : dice_(seed) {}

  Shape make() {
    for (auto const& [dn, ou] :
         {std::pair{kNisPeople, "People"}, {kNisPartners, "Partners"}, {kNisGroupBase, "Group"}})
      shape_.containers += std::string{"dn: "} + dn + "\nobjectClass: organizationalUnit\nou: " + ou + "\n\n";
    for (std::size_t n = 0; n < kAccounts; ++n)
      add_account(numbered("n", n), kNisPeople, n % 19 == 6, n % 3 != 0);
    for (auto const* name : {"daemon", "games", "backup"}) add_account(name, kNisPeople, false, false);
    for (std::size_t n = 0; n < kTwins; ++n) add_twins(numbered("twin", n));
    for (std::size_t n = 0; n < kNisGroups; ++n) add_group(numbered("nis", n), true);
    for (auto const group : groups_) fill(group);
    add_groups_named_like_people();
    add_groups_of_nobody();
    add_damaged_group();
    shape_.directories = {{"corp", "dc=example,dc=com",
                           std::string{"users = { base = \""} + kNisPeople + "\" }\ngroups = { base = \"" +
                               kNisGroupBase + "\" }\n"}};
    shape_.rules =
        "[[rule]]\nname = \"nis\"\ndirectory = \"corp\"\ntarget = \"vault\"\n"
        "groups = \"(objectClass=posixGroup)\"\ncreate_groups = true\n";
    return std::move(shape_);
  }

 private:
  static constexpr std::size_t kTwins = 4;

  std::size_t add_account(std::string const& uid, char const* base, bool is_expired, bool in_vault) {
    auto const number = std::to_string(1000 + shape_.people.size());
    return shape_.add_person({.dn = "uid=" + uid + "," + base,
                              .name = uid,
                              .lines = "objectClass: account\nobjectClass: posixAccount\n"
                                       "objectClass: shadowAccount\nuid: " +
                                       uid + "\ncn: " + uid + "\nuidNumber: " + number +
                                       "\ngidNumber: 100\nhomeDirectory: /home/" + uid + "\n" +
                                       (is_expired ? "shadowExpire: 12000\n" : "shadowExpire: -1\n"),
                              .is_disabled = is_expired,
                              .in_vault = in_vault});
  }
  /// One uid, borne by an employee and by somebody of a partner.
  void add_twins(std::string const& uid) {
    add_account(uid, kNisPeople, false, false);
    add_account(uid, kNisPartners, false, false);
  }

  std::size_t add_group(std::string const& cn, bool is_listed) {
    auto const group = shape_.add_group({.dn = "cn=" + cn + "," + kNisGroupBase,
                                         .lines = "objectClass: posixGroup\ncn: " + cn + "\ngidNumber: " +
                                                  std::to_string(3000 + shape_.groups.size()) + "\n",
                                         .target = cn,
                                         .attribute = "memberUid"});
    if (is_listed) groups_.push_back(group);
    return group;
  }

  void fill(std::size_t group) {
    auto const& target = shape_.groups[group].target;
    if (dice_.one_in(20)) return;  // a group without members is nothing special here
    for (auto count = dice_.between(3, 12); count > 0; --count) {
      auto const person = dice_.below(kAccounts);
      if (dice_.one_in(12))  // some tool writes DNs
        shape_.put(group, {Shape::Member::Is::person, person, shape_.people[person].dn});
      else
        shape_.put_person(group, person);
    }
    if (dice_.one_in(4)) shape_.put_nobody(group, numbered("retired", dice_.below(30)));
    if (dice_.one_in(8)) shape_.put_nobody(group, numbered("N", dice_.below(kAccounts)));  // a capital letter
    if (dice_.one_in(10)) shape_.put_nobody(group, numbered("uid=gone", dice_.below(9)) + "," + kNisPeople);
    if (dice_.one_in(5)) {
      auto const uid = numbered("twin", dice_.below(kTwins));
      shape_.put_nobody(group, uid);
      shape_.notices["ambiguous"].insert(target + "|" + uid);
    }
  }

  /// Of the system, and the groups that a tool makes for each account.
  void add_groups_named_like_people() {
    std::vector<std::size_t> named{kAccounts, kAccounts + 1, kAccounts + 2};
    for (std::size_t n = 0; n < 25; ++n) named.push_back(n * 7);
    for (auto const person : named) {
      auto const name = shape_.people[person].name;
      auto const group = add_group(name, false);
      if (person < kAccounts) shape_.put_person(group, person);
      shape_.refused.insert(name);
      shape_.notices["refused-name"].insert(name + "|");
    }
  }

  void add_groups_of_nobody() {
    for (auto const* cn : {"formerstaff", "oldlab"}) {
      auto const group = add_group(cn, false);
      for (std::size_t n = 0; n < 3; ++n) shape_.put_nobody(group, numbered("retired", n));
    }
    shape_.lasting["nobody"] = {"nis"};
  }

  void add_damaged_group() {
    auto const group = add_group("byhand", false);
    shape_.put_person(group, 1);
    for (auto const* value : {"a=b,", "=n002"}) shape_.put_nobody(group, value);
    shape_.notices["damaged"].insert("|" + shape_.groups[group].dn);
  }

  ShapeDice dice_;
  Shape shape_;
  std::vector<std::size_t> groups_{};
};

}  // namespace

Shape nis_host(unsigned seed) { return NisMaker{seed}.make(); }

}  // namespace dirsync::test
