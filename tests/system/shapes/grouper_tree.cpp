// What Grouper provisions: flat, with the whole path of stems as the name.
#include <iterator>

#include "tests/system/shapes/shape.hpp"

namespace dirsync::test {
namespace {

constexpr std::size_t kSubjects = 220, kDepartments = 12, kRoles = 12, kPolicies = 48;

std::string subject_dn(std::string const& uid) { return "uid=" + uid + ",ou=people,dc=example,dc=com"; }

class GrouperMaker {
 public:
  explicit GrouperMaker(unsigned seed) : dice_(seed) {}

  Shape make() {
    for (auto const* ou : {"people", "grouper"})
      shape_.containers += std::string{"dn: ou="} + ou +
                           ",dc=example,dc=com\nobjectClass: organizationalUnit\nou: " + ou + "\n\n";
    for (std::size_t n = 0; n < kSubjects; ++n) {
      auto const uid = numbered("g", n);
      auto const left = n % 17 == 3;
      shape_.add_person({.dn = subject_dn(uid),
                         .name = uid,
                         .lines = "objectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid +
                                  "\nsn: " + uid + "\n" + (left ? "employeeType: left\n" : ""),
                         .is_disabled = left,
                         .in_vault = n % 5 != 0});
    }
    for (std::size_t n = 0; n < kDepartments; ++n) add_department(numbered("d", n));
    for (std::size_t n = 0; n < kRoles; ++n) add_role(n);
    for (std::size_t n = 0; n < kPolicies; ++n) add_policy(n);
    add_clashing_names();
    add_group("etc:sysadmingroup");
    shape_.put_person(shape_.groups.size() - 1, 0);
    fill_empty_ones();
    shape_.directories = {
        {"corp", "dc=example,dc=com",
         "users = { base = \"ou=people,dc=example,dc=com\", disabled = "
         "\"(employeeType=left)\" }\ngroups = { base = \"ou=grouper,dc=example,dc=com\" }\n"}};
    shape_.rules =
        "[[rule]]\nname = \"grouper\"\ndirectory = \"corp\"\ntarget = \"vault\"\ngroups = \"(cn=app:*)\"\n"
        "group_name = '{cn|remove_prefix:app\\:|replace:\\::-}'\ncreate_groups = true\n";
    return std::move(shape_);
  }

 private:
  std::size_t add_group(std::string const& name, std::string target = {}) {
    // In a DN a plus sign would begin another value.
    std::string escaped;
    for (auto const c : name) escaped += c == '+' ? "\\+" : std::string{c};
    return shape_.add_group({.dn = "cn=" + escaped + ",ou=grouper,dc=example,dc=com",
                             .lines = "objectClass: groupOfNames\ncn: " + name + "\n",
                             .target = std::move(target)});
  }
  std::size_t any_subject() { return dice_.below(kSubjects); }

  /// Whom the payroll names, whom somebody let in or barred by hand, and what comes of it: Grouper works that
  /// out itself and writes down the people.
  void add_department(std::string const& name) {
    auto const basis = add_group("basis:hr:payroll:" + name),
               source = add_group("ref:dept:" + name + "_systemOfRecord"),
               included = add_group("ref:dept:" + name + "_includes"),
               excluded = add_group("ref:dept:" + name + "_excludes"),
               either = add_group("ref:dept:" + name + "_systemOfRecordAndIncludes"),
               whole = add_group("ref:dept:" + name);
    std::set<std::size_t> in, out;
    for (auto count = dice_.between(12, 36); count > 0; --count) {
      auto const person = any_subject();
      shape_.put_person(basis, person);
      in.insert(person);
    }
    if (dice_.one_in(2)) {
      auto const person = any_subject();
      shape_.put_person(included, person);
      in.insert(person);
    }
    for (auto count = dice_.below(4); count > 0; --count)
      out.insert(*std::next(in.begin(), static_cast<std::ptrdiff_t>(dice_.below(in.size()))));
    for (auto const person : out) shape_.put_person(excluded, person);
    shape_.put_group(source, basis);
    shape_.put_group(either, source);
    shape_.put_group(either, included);
    for (auto const person : in)
      if (!out.contains(person)) shape_.put_person(whole, person);
    // Who left the university for good stays in the list that was loaded last.
    if (dice_.one_in(2)) shape_.put_nobody(basis, subject_dn(numbered("gone", any_subject())));
    departments_.push_back(dice_.one_in(3) ? either : whole);
  }

  /// Each holds the one before it, eight deep.
  void add_role(std::size_t n) {
    auto const role = add_group("ref:role:" + numbered("r", n));
    if (n % 8 != 0) shape_.put_group(role, roles_.back());
    if (n % 2 == 0) shape_.put_group(role, departments_[dice_.below(departments_.size())]);
    for (auto count = dice_.below(3); count > 0; --count) shape_.put_person(role, any_subject());
    roles_.push_back(role);
  }

  void add_policy(std::size_t n) {
    auto const name = numbered("svc", n / 3) + ":policy:" +
                      (n % 3 == 0   ? "allow"
                       : n % 3 == 1 ? "deny"
                                    : "admins");
    auto target = name;
    for (auto& c : target)
      if (c == ':') c = '-';
    auto const policy = add_group("app:" + name, target);
    if (n % 3 == 0) shape_.put_group(policy, roles_[dice_.below(roles_.size())]);
    if (n % 3 == 1) shape_.put_group(policy, departments_[dice_.below(departments_.size())]);
    for (auto count = dice_.between(1, 4); count > 0; --count) shape_.put_person(policy, any_subject());
    // Another policy counts here as well.
    if (n % 8 == 7) shape_.put_group(policy, policies_[dice_.below(policies_.size())]);
    if (dice_.one_in(6)) shape_.put_nobody(policy, subject_dn(numbered("gone", any_subject())));
    policies_.push_back(policy);
  }

  /// Names that are one without their colons, and names that no Vault takes.
  void add_clashing_names() {
    for (auto const* system : {"lms", "crm"}) {
      auto const target = std::string{system} + "-admin-all";
      for (auto const* name : {":admin-all", "-admin:all"}) {
        auto const group = add_group("app:" + (system + std::string{name}), target);
        shape_.put_person(group, any_subject());
        shape_.put_group(group, departments_[dice_.below(departments_.size())]);
      }
      shape_.notices["united"].insert(target + "|");
      shape_.holds["source-joined"].insert(target);
    }
    for (auto const* name : {"old+new", "who?", "a|b"}) {
      auto const target = std::string{name} + "-users";
      shape_.put_person(add_group("app:" + std::string{name} + ":users", target), any_subject());
      shape_.refused.insert(target);
      shape_.notices["refused-name"].insert(target + "|");
    }
  }

  /// The class must have a member.
  void fill_empty_ones() {
    for (std::size_t group = 0; group < shape_.groups.size(); ++group)
      if (shape_.groups[group].members.empty()) shape_.put_nobody(group, "cn=placeholder,dc=example,dc=com");
  }

  ShapeDice dice_;
  Shape shape_;
  std::vector<std::size_t> departments_{}, roles_{}, policies_{};
};

}  // namespace

Shape grouper_tree(unsigned seed) { return GrouperMaker{seed}.make(); }

}  // namespace dirsync::test
