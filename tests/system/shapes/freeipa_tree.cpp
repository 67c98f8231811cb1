// A FreeIPA server's cn=accounts. Its directory server is 389: slapd is told to look like one.
#include <cstdio>

#include "tests/system/shapes/shape.hpp"

namespace dirsync::test {
namespace {

constexpr std::size_t kLogins = 200, kPosixGroups = 60, kPlainGroups = 20;
constexpr char kLoginBase[] = "cn=users,cn=accounts,dc=example,dc=com";
constexpr char kIpaGroupBase[] = "cn=groups,cn=accounts,dc=example,dc=com";

/// 389 lets an entry have several structural classes, and a groupOfNames be empty; slapd does neither. So
/// here the classes beside posixGroup are auxiliary ones, and ipaobject is the structural one of the rest.
std::vector<std::string> ipa_schema() {
  auto const type = [](std::string const& number, std::string const& rest) {
    return "attributetype ( 1.3.6.1.4.1.99999.4." + number + " NAME " + rest + " )";
  };
  auto const text = " EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15";
  auto const object_class = [](std::string const& number, std::string const& rest) {
    return "objectclass ( 1.3.6.1.4.1.99999.5." + number + " NAME " + rest + " )";
  };
  return {type("1", std::string{"'nsUniqueId'"} + text + " SINGLE-VALUE"),
          type("2", std::string{"'nsAccountLock'"} + text + " SINGLE-VALUE"),
          type("3", std::string{"'ipaExternalMember'"} + text),
          type("4", std::string{"'krbPrincipalName'"} + text),
          type("5", std::string{"'krbCanonicalName'"} + text),
          type("6", "'memberOf' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12"),
          type("7", "'mepManagedBy' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12"),
          object_class("1", "'nsContainer' SUP top STRUCTURAL MUST cn"),
          object_class("2", "'inetUser' SUP top AUXILIARY MAY ( nsUniqueId $ nsAccountLock $ memberOf )"),
          object_class("3", "'nestedGroup' SUP top AUXILIARY MAY ( nsUniqueId $ member $ memberOf )"),
          object_class("4", "'ipaUserGroup' SUP nestedGroup AUXILIARY"),
          object_class("5", "'ipaObject' SUP top STRUCTURAL MUST cn MAY description"),
          object_class("6", "'ipaExternalGroup' SUP top AUXILIARY MAY ipaExternalMember"),
          object_class("7", "'mepManagedEntry' SUP top AUXILIARY MAY ( nsUniqueId $ mepManagedBy )"),
          object_class("8", "'krbPrincipal' SUP top STRUCTURAL MUST krbPrincipalName MAY krbCanonicalName")};
}

class FreeIpaMaker {
 public:
  explicit FreeIpaMaker(unsigned seed) : dice_(seed) {}

  Shape make() {
    shape_.schema = ipa_schema();
    shape_.root_dse = "vendorName: 389 Project\n";
    for (auto const* dn : {"cn=accounts,dc=example,dc=com", kLoginBase, kIpaGroupBase,
                           "cn=services,cn=accounts,dc=example,dc=com", "cn=provisioning,dc=example,dc=com",
                           "cn=accounts,cn=provisioning,dc=example,dc=com",
                           "cn=deleted users,cn=accounts,cn=provisioning,dc=example,dc=com"})
      shape_.containers += std::string{"dn: "} + dn + "\nobjectClass: nsContainer\n\n";
    for (std::size_t n = 0; n < kLogins; ++n) add_login(n);
    for (std::size_t n = 0; n < kPosixGroups + kPlainGroups; ++n) groups_.push_back(add_group(n));
    fill();
    add_legacy_lists();
    add_groups_named_like_people();
    for (std::size_t n = 0; n < kLogins; ++n) add_private_group(n);
    shape_.directories = {{"corp", "dc=example,dc=com",
                           std::string{"flavour = \"389ds\"\nusers = { base = \""} + kLoginBase +
                               "\" }\ngroups = { base = \"" + kIpaGroupBase + "\" }\n"}};
    shape_.rules =
        "[[rule]]\nname = \"ipa\"\ndirectory = \"corp\"\ntarget = \"vault\"\n"
        "groups = \"(&(objectClass=ipaUserGroup)(!(cn=ipausers)))\"\ncreate_groups = true\n";
    return std::move(shape_);
  }

 private:
  std::string unique_id() {
    char text[36];
    std::snprintf(text, sizeof text, "00000000-00000000-00000000-%08x", static_cast<unsigned>(++ids_));
    return std::string{"nsUniqueId: "} + text + "\n";
  }
  static std::string login_dn(std::string const& uid) { return "uid=" + uid + "," + kLoginBase; }
  static std::string posix(std::string const& home) {
    return "uidNumber: 1000\ngidNumber: 1000\nhomeDirectory: /home/" + home + "\n";
  }
  std::string login_lines(std::string const& uid) {
    return "objectClass: inetOrgPerson\nobjectClass: posixAccount\nobjectClass: inetUser\nuid: " + uid +
           "\ncn: " + uid + "\nsn: " + uid + "\n" + posix(uid) + unique_id();
  }

  void add_login(std::size_t n) {
    auto const uid = numbered("i", n);
    auto lines = login_lines(uid);
    auto const is_locked = n % 11 == 4;
    if (n % 11 < 6) lines += std::string{"nsAccountLock: "} + (is_locked ? "TRUE" : "FALSE") + "\n";
    // What the server wrote for one group may be right; nobody may rely on it.
    if (n % 2 == 0) lines += std::string{"memberOf: cn=grp000,"} + kIpaGroupBase + "\n";
    shape_.add_person({.dn = login_dn(uid),
                       .name = uid,
                       .lines = std::move(lines),
                       .is_disabled = is_locked,
                       .in_vault = n % 4 != 1});
  }

  std::size_t add_group(std::size_t n) {
    auto const is_posix = n < kPosixGroups, has_outsiders = !is_posix && n % 5 == 0;
    auto const cn = numbered(is_posix ? "grp" : "role", n);
    auto lines =
        std::string{"objectClass: ipaUserGroup\nobjectClass: "} + (is_posix ? "posixGroup\n" : "ipaObject\n");
    // Members of a trusted Active Directory, by SID.
    if (has_outsiders) lines += "objectClass: ipaExternalGroup\nipaExternalMember: S-1-5-21-4-5-6-1104\n";
    if (is_posix) lines += "gidNumber: 5000\n";
    lines += "cn: " + cn + "\n" + unique_id();
    auto const group =
        shape_.add_group({.dn = "cn=" + cn + "," + kIpaGroupBase, .lines = std::move(lines), .target = cn});
    if (has_outsiders) shape_.groups[group].members.push_back({.is = Shape::Member::Is::nobody});
    return group;
  }

  /// In LDIF, where nobody is read.
  std::vector<std::string> entries_that_are_nobody() {
    std::vector<std::string> dns;
    for (std::size_t n = 0; n < 8; ++n) {
      auto const uid = numbered("preserved", n);
      dns.push_back("uid=" + uid + ",cn=deleted users,cn=accounts,cn=provisioning,dc=example,dc=com");
      shape_.containers += "dn: " + dns.back() + "\n" + login_lines(uid) + "\n";
      auto const principal = numbered("HTTP/web", n) + "@EXAMPLE.COM";
      dns.push_back("krbprincipalname=" + principal + ",cn=services,cn=accounts,dc=example,dc=com");
      shape_.containers +=
          "dn: " + dns.back() + "\nobjectClass: krbPrincipal\nkrbPrincipalName: " + principal + "\n\n";
    }
    return dns;
  }

  void fill() {
    auto const nobody = entries_that_are_nobody();
    for (std::size_t n = 0; n < groups_.size(); ++n) {
      if (n % 20 == 19) continue;  // empty, as a new group is
      auto const group = groups_[n];
      for (auto count = dice_.between(1, 10); count > 0; --count)
        shape_.put_person(group, dice_.below(kLogins));
      if (n + 1 < groups_.size() && dice_.one_in(2))
        shape_.put_group(group, groups_[dice_.between(n + 1, groups_.size() - 1)]);
      if (dice_.one_in(4)) shape_.put_nobody(group, nobody[dice_.below(nobody.size())]);
    }
    auto const everybody = shape_.add_group(
        {.dn = std::string{"cn=ipausers,"} + kIpaGroupBase,
         .lines = "objectClass: ipaObject\nobjectClass: ipaUserGroup\ncn: ipausers\n" + unique_id()});
    for (std::size_t n = 0; n < kLogins; ++n) shape_.put_person(everybody, n);
    shape_.put_group(groups_[0], everybody);
  }

  /// Groups that came from an older directory bring both lists, and only one of them is kept.
  void add_legacy_lists() {
    for (std::size_t n = 0; n < 4; ++n) {
      auto const cn = numbered("legacy", n);
      auto const group = shape_.add_group(
          {.dn = "cn=" + cn + "," + kIpaGroupBase,
           .lines = "objectClass: posixGroup\nobjectClass: ipaUserGroup\ncn: " + cn + "\ngidNumber: 6000\n" +
                    unique_id() + "memberUid: i001\nmemberUid: i002\n",
           .target = cn});
      for (std::size_t member = 1; member <= (n == 0 ? 2U : 3U); ++member) shape_.put_person(group, member);
      if (n > 0) shape_.notices["two-lists"].insert(cn + "|" + shape_.groups[group].dn);
    }
  }

  void add_groups_named_like_people() {
    for (std::size_t n : {7U, 8U, 9U}) {
      auto const cn = shape_.people[n].name;
      auto const group =
          shape_.add_group({.dn = "cn=" + cn + "," + kIpaGroupBase,
                            .lines = "objectClass: posixGroup\nobjectClass: ipaUserGroup\ncn: " + cn +
                                     "\ngidNumber: 7000\n" + unique_id(),
                            .target = cn});
      shape_.put_person(group, n);
      shape_.refused.insert(cn);
      shape_.notices["refused-name"].insert(cn + "|");
    }
  }

  /// Made with each user; for those who bear the name of a group of people there is none.
  void add_private_group(std::size_t n) {
    auto const& person = shape_.people[n];
    if (shape_.refused.contains(person.name)) return;
    shape_.add_group({.dn = "cn=" + person.name + "," + kIpaGroupBase,
                      .lines = "objectClass: posixGroup\nobjectClass: mepManagedEntry\ncn: " + person.name +
                               "\ngidNumber: 1000\nmepManagedBy: " + person.dn + "\n" + unique_id()});
  }

  ShapeDice dice_;
  Shape shape_;
  std::vector<std::size_t> groups_{};
  std::size_t ids_ = 0;
};

}  // namespace

Shape freeipa_tree(unsigned seed) { return FreeIpaMaker{seed}.make(); }

}  // namespace dirsync::test
