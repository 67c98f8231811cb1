// Which entry a DN means, here and to slapd.
#include <gmock/gmock.h>

#include <random>
#include <regex>

#include "ldap/connect/connection.hpp"
#include "ldap/search/search.hpp"
#include "sync/model/dn.hpp"
#include "tests/integration/ldap/fixture.hpp"

namespace dirsync::ldap {
namespace {

constexpr unsigned kPairs = 400;

using Pair = std::pair<std::string, std::string>;  // attribute type, value

/// All names of each type.
std::vector<std::string> names_of(std::string const& type) {
  static std::map<std::string, std::vector<std::string>> const names{
      {"cn", {"cn", "commonName", "2.5.4.3", "OID.2.5.4.3"}},
      {"uid", {"uid", "userid", "0.9.2342.19200300.100.1.1"}},
      {"ou", {"ou", "organizationalUnitName", "2.5.4.11", "oid.2.5.4.11"}},
      {"dc", {"dc", "domainComponent", "0.9.2342.19200300.100.1.25"}},
      {"badgeCode", {"badgeCode", "badge", "1.3.6.1.4.1.99999.1.1"}},
      {"panel", {"panel", "1.3.6.1.4.1.99999.1.5"}},
  };
  return names.at(type);
}

/// People whose names are hard to spell, below ou=people.
std::vector<std::vector<Pair>> people() {
  return {{{"cn", "Eberl, Eva"}},
          {{"cn", "J\xc3\xb6rg \xc3\x84rger"}},
          {{"cn", "Jo\xcc\x88rn"}},  // as old tools write it
          {{"cn", "Kim  Lee"}},
          {{"cn", "#1 of all"}},
          {{"cn", "a+b=c"}},
          {{"cn", "semi;colon \"quoted\""}},
          {{"cn", "back\\slash"}},
          {{"cn", "<angle>"}},
          {{"cn", "trail "}},
          {{"badgeCode", "Ab1"}},
          {{"badgeCode", "aB1"}},
          {{"panel", "12 34"}},
          {{"cn", "Two"}, {"uid", "names"}},
          {{"cn", "Both"}, {"badgeCode", "X y"}},
          {{"uid", "plain"}}};
}

class Speller {
 public:
  explicit Speller(unsigned seed) : random_(seed) {}

  std::string spell(std::vector<Pair> pairs) {
    if (one_in(2)) std::ranges::reverse(pairs);
    std::string text;
    for (auto const& [type, value] : pairs)
      text += (text.empty() ? "" : spaced("+")) + name(type) + spaced("=") + spelt(value);
    return text;
  }
  std::string below(std::string rdn, std::vector<Pair> const& rest) {
    for (auto const& pair : rest) rdn += spaced(one_in(6) ? ";" : ",") + spell({pair});
    return rdn;
  }
  bool one_in(unsigned sides) { return random_() % sides == 0; }

 private:
  std::string spaced(std::string const& sign) { return one_in(4) ? " " + sign + " " : sign; }

  std::string name(std::string const& type) {
    auto const names = names_of(type);
    auto name = names[random_() % names.size()];
    for (auto& c : name)
      if (one_in(4) && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return name;
  }

  /// Sometimes not the same value.
  std::string varied(std::string value) {
    for (auto& c : value) {
      if (one_in(8) && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      if (one_in(8) && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (auto const space = value.find(' '); space != std::string::npos && one_in(3)) value.insert(space, " ");
    if (auto const umlaut = value.find("\xc3\xb6"); umlaut != std::string::npos && one_in(2))
      value.replace(umlaut, 2, "o\xcc\x88");
    if (auto const umlaut = value.find("o\xcc\x88"); umlaut != std::string::npos && one_in(2))
      value.replace(umlaut, 3, "\xc3\xb6");
    if (one_in(12)) value += "x";
    return value;
  }

  std::string spelt(std::string const& value) {
    auto const text = varied(value);
    if (one_in(5)) return quoted(text);
    std::string spelling;
    for (std::size_t at = 0; at < text.size(); ++at) {
      auto const c = text[at];
      auto const at_end = at == 0 || at + 1 == text.size();
      auto const special = std::string_view{",+\"\\<>;="}.find(c) != std::string_view::npos ||
                           (c == ' ' && at_end) || (c == '#' && at == 0);
      if (one_in(10) || (special && one_in(3)))
        spelling += hex(c);
      else
        spelling += special ? std::string{"\\"} + c : std::string{c};
    }
    return spelling;
  }

  static std::string quoted(std::string const& text) {
    std::string spelling = "\"";
    for (auto const c : text) spelling += c == '"' || c == '\\' ? std::string{"\\"} + c : std::string{c};
    return spelling + "\"";
  }

  static std::string hex(char c) {
    char text[4];
    std::snprintf(text, sizeof text, "\\%02x", static_cast<unsigned char>(c));
    return text;
  }

  std::mt19937 random_;
};

struct GivenPeopleWithHardNames : LdapFixture {
  void SetUp() override {
    Speller plain{0};
    auto ldif = test::ldif_tree();
    unsigned number = 0;
    for (auto const& pairs : people()) {
      std::string dn, lines;
      for (auto const& [type, value] : pairs) {
        dn += (dn.empty() ? "" : "+") + type + "=";
        for (auto const c : value) dn += escaped(c);
        lines += test::ldif_line(type, value);
      }
      auto const has_cn = lines.find("cn::") == 0;
      ldif += test::ldif_line("dn", dn + "," + kPeople) + "objectClass: staffMember\nsn: x\n" + lines +
              (has_cn ? "" : "cn: x\n") + "entryUUID: " + test::uuid(++number) + "\n\n";
    }
    ldif += test::ldif_group("staff", 900, {member(test::person_dn("p1"))});
    slapd.emplace(test::Slapd::Options{
        .ldif = ldif,
        .global_lines = {
            "attributetype ( 1.3.6.1.4.1.99999.1.1 NAME ( 'badgeCode' 'badge' ) EQUALITY caseExactMatch "
            "SYNTAX "
            "1.3.6.1.4.1.1466.115.121.1.15 )",
            "attributetype ( 1.3.6.1.4.1.99999.1.5 NAME 'panel' EQUALITY numericStringMatch SYNTAX "
            "1.3.6.1.4.1.1466.115.121.1.36 )",
            "objectclass ( 1.3.6.1.4.1.99999.2.1 NAME 'staffMember' SUP inetOrgPerson STRUCTURAL MAY ( "
            "badgeCode $ "
            "panel ) )"}});
  }

  static std::string escaped(char c) {
    return std::string_view{",+\"\\<>;=# "}.find(c) == std::string_view::npos ? std::string{c}
                                                                              : std::string{"\\"} + c;
  }

  /// The entry that the server takes `dn` for; empty: none. slapd does not read the prefix "OID.".
  static std::string meant_by_the_server(Connection& connection, std::string const& spelling) {
    static std::regex const prefix{"oid\\.", std::regex::icase};
    auto const dn = std::regex_replace(spelling, prefix, "");
    std::string found;
    int result = 0;
    auto const read = search_few(
        connection, entry_search("search of a test", dn, {"1.1"}),
        [&found](EntryReader& entry) {
          found = entry.dn();
          return Result<void>{};
        },
        &result);
    EXPECT_TRUE(read || result == 32 || result == 34) << dn << ": " << text(read.error());
    return found;
  }
};

TEST_F(GivenPeopleWithHardNames, WhenTheyAreSpeltInManyWaysThenMeantAsByTheServer) {
  auto const snapshot = read(settings());
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  ASSERT_EQ(snapshot->people().size(), people().size());
  DnKeys const keys{snapshot->schema()};
  std::map<std::string, std::string> by_key;
  for (auto const& person : snapshot->people())
    EXPECT_TRUE(by_key.emplace(*keys.key(person.dn), person.dn).second) << person.dn;
  Stop stop;
  auto connection = Connection::open(settings(), stop);
  ASSERT_TRUE(connection);
  Speller speller{42};
  unsigned found = 0;
  for (unsigned n = 0; n < kPairs; ++n) {
    auto const all = people();
    auto const dn = speller.below(speller.spell(all[n % all.size()]),
                                  {{"ou", "people"}, {"dc", "example"}, {"dc", "com"}});
    auto const key = keys.key(dn);
    auto const here = key && by_key.contains(*key) ? by_key.at(*key) : "";
    EXPECT_EQ(here, meant_by_the_server(*connection, dn)) << dn;
    found += here.empty() ? 0 : 1;
  }
  EXPECT_GE(found, 100U);
  EXPECT_LE(found, kPairs - 50U);
}

}  // namespace
}  // namespace dirsync::ldap
