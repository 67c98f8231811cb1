// Two domains of one forest, as Active Directory has them.
#include "tests/support/ldap/ldif.hpp"
#include "tests/system/shapes/shape.hpp"

namespace dirsync::test {
namespace {

constexpr unsigned kOrdinaryUser = 805306368, kMachineUser = 805306369, kTrustUser = 805306370,
                   kGlobalGroup = 268435456;
constexpr std::size_t kDomainUsers = 513, kStaff = 2001;  // relative ids of primary groups

std::vector<std::string> forest_schema() {
  auto const type = [](std::string const& oid, std::string const& name, std::string const& rule,
                       std::string const& syntax) {
    return "attributetype ( 1.2.840.113556.1.4." + oid + " NAME '" + name + "' EQUALITY " + rule +
           " SYNTAX 1.3.6.1.4.1.1466.115.121.1." + syntax + " SINGLE-VALUE )";
  };
  return {
      "attributetype ( 1.3.6.1.4.1.99999.3.1 NAME 'supportedCapabilities' EQUALITY objectIdentifierMatch "
      "SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
      type("2", "objectGUID", "octetStringMatch", "40"),
      type("146", "objectSid", "octetStringMatch", "40"),
      type("221", "sAMAccountName", "caseIgnoreMatch", "15"),
      type("8", "userAccountControl", "integerMatch", "27"),
      type("98", "primaryGroupID", "integerMatch", "27"),
      type("302", "sAMAccountType", "integerMatch", "27"),
      "objectclass ( 1.2.840.113556.1.3.23 NAME 'container' SUP top STRUCTURAL MUST cn )",
      "objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP top STRUCTURAL MUST ( cn $ sAMAccountName ) "
      "MAY ( objectGUID $ objectSid $ userAccountControl $ primaryGroupID $ sAMAccountType ) )",
      "objectclass ( 1.2.840.113556.1.5.15 NAME 'contact' SUP organizationalPerson STRUCTURAL MAY objectGUID "
      ")",
      "objectclass ( 1.2.840.113556.1.5.76 NAME 'foreignSecurityPrincipal' SUP top STRUCTURAL MUST cn MAY "
      "( objectGUID $ objectSid ) )",
      "objectclass ( 1.2.840.113556.1.5.8 NAME 'group' SUP top STRUCTURAL MUST ( cn $ sAMAccountName ) "
      "MAY ( objectGUID $ objectSid $ member $ sAMAccountType ) )"};
}

struct ForestDomain {
  std::string name, base;
  char number;  // the part of its SIDs that tells it from the others
  std::string prefix;
  std::vector<std::size_t> people{}, groups{};
  std::size_t next_rid = 1100;
  std::string users() const { return "cn=Users," + base; }
  std::string sid(std::size_t rid) const {
    return "S-1-5-21-1-2-" + std::to_string(number) + "-" + std::to_string(rid);
  }
};

class ForestMaker {
 public:
  explicit ForestMaker(unsigned seed) : dice_(seed) {}

  Shape make() {
    shape_.schema = forest_schema();
    shape_.root_dse = "supportedCapabilities: 1.2.840.113556.1.4.800\n";
    shape_.containers = container(root_.users());
    shape_.containers += "dn: " + child_.base +
                         "\nobjectClass: dcObject\nobjectClass: organization\ndc: child1\no: child\n\n" +
                         container(child_.users()) + container(kForeign);
    add_people(root_, 160);
    add_people(child_, 100);
    add_groups(root_, 50);
    add_groups(child_, 30);
    fill(root_, child_);
    fill(child_, root_);
    add_primary_groups();
    add_rings();
    add_strange_members();
    shape_.directories = {{"corp", root_.base,
                           "flavour = \"ad\"\nusers = { base = \"" + root_.users() +
                               "\" }\ngroups = { base = \"" + root_.users() + "\" }\n"},
                          {"child", child_.base, "flavour = \"ad\"\n"}};
    for (auto const* domain : {&root_, &child_})
      shape_.rules += "[[rule]]\nname = \"" + domain->name + "\"\ndirectory = \"" + domain->name +
                      "\"\ntarget = \"vault\"\ngroups = \"(cn=pam-*)\"\ngroup_name = \"" + domain->prefix +
                      "{cn|remove_prefix:pam-}\"\ncreate_groups = true\n";
    return std::move(shape_);
  }

 private:
  static constexpr char kForeign[] = "CN=ForeignSecurityPrincipals,dc=example,dc=com";

  static std::string container(std::string const& dn) { return "dn: " + dn + "\nobjectClass: container\n\n"; }

  std::string guid() {
    std::string bytes(16, '\x42');
    bytes[0] = static_cast<char>(++guids_ & 0xFF), bytes[1] = static_cast<char>(guids_ >> 8 & 0xFF);
    return ldif_line("objectGUID", bytes);
  }
  static std::string sid_line(ForestDomain const& domain, std::size_t rid) {
    std::string bytes{'\1', '\5', '\0', '\0', '\0', '\0', '\0', '\5', '\x15', '\0',
                      '\0', '\0', '\1', '\0', '\0', '\0', '\2', '\0', '\0',   '\0'};
    for (auto part : {static_cast<std::size_t>(domain.number), rid})
      for (int byte = 0; byte < 4; ++byte, part >>= 8) bytes.push_back(static_cast<char>(part & 0xFF));
    return ldif_line("objectSid", bytes);
  }
  static std::string account(std::string const& name, unsigned type) {
    return "sAMAccountName: " + name + "\nsAMAccountType: " + std::to_string(type) + "\n";
  }
  std::string user_lines(ForestDomain& domain, std::string const& cn, std::string const& name, unsigned type,
                         std::size_t primary, bool is_disabled) {
    return "objectClass: user\ncn: " + cn + "\n" + account(name, type) + guid() +
           sid_line(domain, domain.next_rid++) + "primaryGroupID: " + std::to_string(primary) +
           "\nuserAccountControl: " + (is_disabled ? "514" : "512") + "\n";
  }
  std::string foreign_principal(std::string const& sid) { return "CN=" + sid + "," + kForeign; }

  void add_people(ForestDomain& domain, std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) {
      auto const name = numbered(domain.prefix + "acct", n);
      auto const has_comma = n % 4 == 0;  // "Doe, Jane", as many companies call people
      auto const cn = has_comma ? "Doe, " + name : "Jane " + name;
      auto const is_disabled = n % 13 == 5;
      rids_.push_back(domain.next_rid);
      primaries_.push_back(n % 9 == 0 ? kStaff : kDomainUsers);
      domain.people.push_back(shape_.add_person(
          {.dn = "cn=" + (has_comma ? "Doe\\, " + name : cn) + "," + domain.users(),
           .name = name,
           .lines = user_lines(domain, cn, name, kOrdinaryUser, primaries_.back(), is_disabled),
           .is_disabled = is_disabled,
           .in_vault = n % 3 != 0,
           .directory = domain.name}));
    }
  }

  std::size_t add_group(ForestDomain& domain, std::string const& cn, std::size_t rid) {
    auto const is_source = cn.starts_with("pam-");
    auto const group = shape_.add_group({.dn = "cn=" + cn + "," + domain.users(),
                                         .lines = "objectClass: group\ncn: " + cn + "\n" +
                                                  account(cn, kGlobalGroup) + guid() + sid_line(domain, rid),
                                         .target = is_source ? domain.prefix + cn.substr(4) : std::string{}});
    group_rids_.resize(group + 1);
    group_rids_[group] = rid;
    return group;
  }
  void add_groups(ForestDomain& domain, std::size_t count) {
    for (std::size_t n = 0; n < count; ++n)
      domain.groups.push_back(
          add_group(domain, numbered(n % 4 == 0 ? "pam-app" : "team", n), domain.next_rid++));
  }

  /// A group holds later ones alone, so that what is behind it stays small; rings come by themselves.
  void fill(ForestDomain& own, ForestDomain& other) {
    for (std::size_t n = 0; n < own.groups.size(); ++n) {
      auto const group = own.groups[n];
      for (auto count = dice_.between(4, 12); count > 0; --count)
        shape_.put_person(group, own.people[dice_.below(own.people.size())]);
      for (auto count = dice_.below(3); count > 0; --count) {
        auto const person = other.people[dice_.below(other.people.size())];
        if (dice_.one_in(3))
          shape_.put(group, {Shape::Member::Is::person, person, foreign_principal(other.sid(rids_[person]))});
        else
          shape_.put_person(group, person);
      }
      if (n + 1 < own.groups.size() && dice_.one_in(2))
        shape_.put_group(group, own.groups[dice_.between(n + 1, own.groups.size() - 1)]);
      auto const there = n * other.groups.size() / own.groups.size() + 1;
      if (there >= other.groups.size() || !dice_.one_in(4)) continue;
      auto const nested = other.groups[dice_.between(there, other.groups.size() - 1)];
      if (dice_.one_in(3))
        shape_.put(group,
                   {Shape::Member::Is::group, nested, foreign_principal(other.sid(group_rids_[nested]))});
      else
        shape_.put_group(group, nested);
    }
  }

  /// No value names who has the group as the primary one.
  void add_primary_groups() {
    auto const everybody = add_group(root_, "pam-everybody", root_.next_rid++);
    for (auto* domain : {&root_, &child_}) {
      auto const all = add_group(*domain, "Domain Users", kDomainUsers);
      auto const staff = add_group(*domain, "pam-staff", kStaff);
      for (auto const person : domain->people)
        shape_.put(primaries_[person] == kStaff ? staff : all, {Shape::Member::Is::person, person, ""});
      if (domain == &child_) shape_.put_group(everybody, all);
      shape_.put_person(staff, domain->people[1]);
    }
    shape_.put_person(everybody, root_.people[2]);
  }

  void add_rings() {
    auto const close = [this](std::vector<std::size_t> const& ring) {
      for (std::size_t n = 0; n < ring.size(); ++n) shape_.put_group(ring[n], ring[(n + 1) % ring.size()]);
    };
    auto const &here = root_.groups, &there = child_.groups;
    close({here[45], here[46]});
    close({here[49]});
    close({here[44], there[26], here[47], there[27]});
    close({here[0], there[28]});
  }

  /// Accounts that are nobody, and principals that no configured directory has.
  void add_strange_members() {
    auto const strange = [this](ForestDomain& domain, std::string const& name, unsigned type) {
      auto const dn = "cn=" + name + "," + domain.users();
      shape_.containers += "dn: " + dn + "\n" + user_lines(domain, name, name, type, 515, false) + "\n";
      return dn;
    };
    std::vector<std::string> values{foreign_principal("S-1-5-11"), foreign_principal("S-1-5-4"),
                                    "cn=Partner P," + root_.users()};
    shape_.containers +=
        "dn: " + values.back() + "\nobjectClass: contact\ncn: Partner P\nsn: P\n" + guid() + "\n";
    values.push_back(strange(root_, "CHILD1$", kTrustUser));
    values.push_back(strange(child_, "EXAMPLE$", kTrustUser));
    for (int n = 0; n < 4; ++n)
      values.push_back(strange(root_, "PC" + std::to_string(n) + "$", kMachineUser));
    for (int n = 0; n < 6; ++n)
      values.push_back(foreign_principal("S-1-5-21-7-8-9-" + std::to_string(1200 + n)));
    // Of the forest's own domains, but nobody has it any more.
    values.push_back(foreign_principal(child_.sid(9999)));
    for (auto* domain : {&root_, &child_})
      for (auto const group : domain->groups)
        if (dice_.one_in(3)) shape_.put_nobody(group, values[dice_.below(values.size())]);
    // A group for whomever has logged on anywhere: of no use to a Vault.
    auto const anybody = add_group(root_, "pam-anybody", root_.next_rid++);
    shape_.put_nobody(anybody, values[0]);
    shape_.put_nobody(anybody, values[1]);
    shape_.lasting["nobody"] = {"anybody"};
  }

  ShapeDice dice_;
  Shape shape_;
  ForestDomain root_{"corp", "dc=example,dc=com", '\3', ""};
  ForestDomain child_{"child", "dc=child1,dc=example,dc=com", '\4', "c-"};
  std::vector<std::size_t> rids_{}, primaries_{};  // by person
  std::vector<std::size_t> group_rids_{};          // by group
  std::size_t guids_ = 0;
};

}  // namespace

Shape ad_forest(unsigned seed) { return ForestMaker{seed}.make(); }

}  // namespace dirsync::test
