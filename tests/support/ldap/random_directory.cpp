#include "tests/support/ldap/random_directory.hpp"

#include <algorithm>
#include <map>

#include "tests/support/ldap/ldif.hpp"

namespace dirsync::test {
namespace {

constexpr std::string_view kMustBeEscaped = ",+\"\\<>;";

std::string escaped(std::string const& value) {
  std::string text;
  for (std::size_t at = 0; at < value.size(); ++at) {
    auto const space_at_an_end = value[at] == ' ' && (at == 0 || at + 1 == value.size());
    if (space_at_an_end || (at == 0 && value[at] == '#') ||
        kMustBeEscaped.find(value[at]) != kMustBeEscaped.npos)
      text.push_back('\\');
    text.push_back(value[at]);
  }
  return text;
}

std::string hex_pair(char byte) {
  constexpr char kDigits[] = "0123456789aBcDeF";
  auto const number = static_cast<unsigned char>(byte);
  return {'\\', kDigits[number >> 4], kDigits[number & 15]};
}

/// Draws spellings.
class Speller {
 public:
  explicit Speller(std::mt19937& random) : random_(random) {}

  std::string dn(PlainDn dn) {
    std::string text;
    for (auto& name : dn.names) {
      if (!text.empty()) text += spaces() + "," + spaces();
      std::ranges::shuffle(name, random_);
      for (auto pair = name.begin(); pair != name.end(); ++pair)
        text += (pair == name.begin() ? "" : spaces() + "+" + spaces()) + type(pair->first) + spaces() + "=" +
                spaces() + value(pair->second);
    }
    return text;
  }

 private:
  bool one_in(unsigned chances) { return random_() % chances == 0; }
  std::string spaces() { return std::string(one_in(4) ? 1 + random_() % 2 : 0, ' '); }

  char any_case(char c) {
    auto const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter && one_in(3) ? static_cast<char>(c ^ 0x20) : c;
  }

  std::string type(std::string const& name) {
    static std::map<std::string, std::vector<std::string>> const kOthers{
        {"cn", {"commonName", "2.5.4.3"}},
        {"uid", {"userid", "0.9.2342.19200300.100.1.1"}},
        {"ou", {"organizationalUnitName", "2.5.4.11"}},
        {"dc", {"domainComponent", "0.9.2342.19200300.100.1.25"}}};
    auto const others = kOthers.find(name);
    auto text = others != kOthers.end() && one_in(4) ? others->second[random_() % 2] : name;
    std::ranges::transform(text, text.begin(), [this](char c) { return any_case(c); });
    return text;
  }

  std::string value(std::string const& plain) {
    std::string text;
    for (std::size_t at = 0; at < plain.size(); ++at) {
      auto const c = any_case(plain[at]);
      auto const at_an_end = at == 0 || at + 1 == plain.size();
      if (one_in(8))
        text += hex_pair(c);
      else if (kMustBeEscaped.find(c) != kMustBeEscaped.npos || (at_an_end && (c == ' ' || c == '#')))
        text += one_in(2) ? std::string{'\\', c} : hex_pair(c);
      else if (c == ' ')
        text += one_in(3) ? "   " : " ";
      else
        text.push_back(c);
    }
    return text;
  }

  std::mt19937& random_;
};

std::string container(PlainDn const& dn) {
  return ldif_line("dn", written(dn)) + "objectClass: organizationalUnit\n" +
         ldif_line("ou", dn.names[0][0].second) + "\n";
}

/// The values of an entry's own name belong to the entry; one of them may be there already.
std::string own_values(PlainDn const& dn, std::map<std::string, std::string> more) {
  for (auto const& [type, value] : dn.names[0]) more[type] = value;
  std::string lines;
  for (auto const& [type, value] : more) lines += ldif_line(type, value);
  return lines;
}

}  // namespace

std::string written(PlainDn const& dn) {
  std::string text;
  for (auto const& name : dn.names) {
    if (!text.empty()) text += ",";
    for (std::size_t at = 0; at < name.size(); ++at)
      text += (at == 0 ? "" : "+") + name[at].first + "=" + escaped(name[at].second);
  }
  return text;
}

std::string respelt(PlainDn const& dn, std::mt19937& random) { return Speller{random}.dn(dn); }

RandomDirectory::RandomDirectory(unsigned seed, PlainDn base, bool wild)
    : random_(seed), base_(std::move(base)) {
  auto const how_many_people = any(13), how_many_groups = 1 + any(9);
  for (std::size_t n = 0; n < how_many_people; ++n) {
    auto uid = "u" + std::to_string(n);
    if (one_in(3)) {
      people.push_back({below("people", {{"uid", uid}}), uid});
      continue;
    }
    auto name = odd_name("uid", uid, n);
    if (name.size() == 1 && n > 0 && one_in(3)) uid = people[any(n)].uid;
    people.push_back({below("people", std::move(name)), std::move(uid)});
  }
  for (std::size_t n = 0; n < how_many_groups; ++n)
    groups.push_back({below("groups", odd_name("description", "d" + std::to_string(n), n)),
                      static_cast<Kind>(any(3)),
                      {}});
  for (auto& group : groups) fill(group, wild);
}

PlainDn RandomDirectory::below(char const* ou, PlainDn::Name name) const {
  PlainDn dn{{{{"ou", ou}}}};
  if (!name.empty()) dn.names.insert(dn.names.begin(), std::move(name));
  dn.names.insert(dn.names.end(), base_.names.begin(), base_.names.end());
  return dn;
}

/// A number makes each differ from all others, whatever folding does to the rest.
PlainDn::Name RandomDirectory::odd_name(std::string const& second_type, std::string const& second_value,
                                        std::size_t number) {
  auto const n = std::to_string(number);
  std::string const values[] = {"Plain " + n,        "M\xC3\xBCller, J\xC3\xB6rg " + n,
                                n + " a+b=c",        "#" + n,
                                " " + n + " before", n + " after ",
                                "say \"" + n + "\"", "back\\slash " + n,
                                "<" + n + ">; b",    n + "  two  spaces"};
  PlainDn::Name name{{"cn", values[any(std::size(values))]}};
  if (one_in(4)) name.emplace_back(second_type, second_value);
  return name;
}

void RandomDirectory::fill(Group& group, bool wild) {
  std::set<std::string> named;
  for (auto left = any(7); left > 0; --left) {
    auto member = member_of(group.kind, wild);
    auto const whom = member.is == Member::Is::person  ? "person " + std::to_string(member.number)
                      : member.is == Member::Is::group ? "group " + std::to_string(member.number)
                                                       : member.value;
    if (named.insert(whom).second || wild) group.members.push_back(std::move(member));
  }
  // Its class must have one.
  if (group.kind != Kind::posix && group.members.empty()) {
    auto const gone = below("people", {{"cn", "gone " + std::to_string(random_())}});
    group.members.push_back({Member::Is::nobody, 0, respelt(gone, random_)});
  }
}

RandomDirectory::Member RandomDirectory::member_of(Kind kind, bool wild) {
  if (kind == Kind::posix) {
    auto const number = any(people.size() + 1);
    if (number == people.size()) return {Member::Is::nobody, 0, "ghost" + std::to_string(random_())};
    auto const bearers = std::ranges::count(people, people[number].uid, &Person::uid);
    return {bearers == 1 ? Member::Is::person : Member::Is::nobody, number, people[number].uid};
  }
  if (wild && one_in(10)) return {Member::Is::nobody, 0, one_in(2) ? "no dn" : "cn=\xff,ou=people,dc=x"};
  auto const suffix = kind == Kind::unique_names && one_in(2) ? "#'0101'B" : "";
  if (one_in(8)) {
    auto const gone = below("people", {{"cn", "gone " + std::to_string(random_())}});
    return {Member::Is::nobody, 0, respelt(gone, random_) + suffix};
  }
  if (people.empty() || one_in(3)) {
    auto const number = any(groups.size());
    return {Member::Is::group, number, respelt(groups[number].dn, random_) + suffix};
  }
  auto const number = any(people.size());
  return {Member::Is::person, number, respelt(people[number].dn, random_) + suffix};
}

std::set<std::size_t> RandomDirectory::named(std::size_t group, Member::Is is) const {
  std::set<std::size_t> numbers;
  for (auto const& member : groups[group].members)
    if (member.is == is) numbers.insert(member.number);
  return numbers;
}

void RandomDirectory::enter(std::size_t group, int depth, std::set<std::size_t>& seen,
                            std::set<std::size_t>& found) const {
  if (seen.contains(group)) return;
  // With a depth that counts, a longer way must not stand in the way of a shorter one.
  if (depth < 0) seen.insert(group);
  found.merge(people_in(group));
  if (depth == 0) return;
  for (auto const nested : groups_in(group)) enter(nested, depth - 1, seen, found);
}

std::set<std::size_t> RandomDirectory::everybody_in(std::size_t group, int depth,
                                                    std::set<std::size_t> const& excluded) const {
  auto seen = excluded;
  std::set<std::size_t> found;
  enter(group, depth, seen, found);
  return found;
}

std::string RandomDirectory::ldif(unsigned first_id) const {
  auto text = container(base_) + container(below("people", {})) + container(below("groups", {}));
  for (auto const& person : people)
    text += ldif_line("dn", written(person.dn)) + "objectClass: inetOrgPerson\nsn: x\n" +
            own_values(person.dn, {{"cn", "x"}, {"uid", person.uid}}) + "entryUUID: " + uuid(first_id++) +
            "\n\n";
  for (auto const& group : groups) {
    static constexpr char const* kClasses[] = {"groupOfNames", "groupOfUniqueNames", "posixGroup"};
    static constexpr char const* kMembers[] = {"member", "uniqueMember", "memberUid"};
    auto const kind = static_cast<std::size_t>(group.kind);
    text += ldif_line("dn", written(group.dn)) + "objectClass: " + kClasses[kind] + "\n" +
            own_values(group.dn, {}) + "entryUUID: " + uuid(first_id++) + "\n";
    if (group.kind == Kind::posix) text += "gidNumber: 1\n";
    for (auto const& member : group.members) text += ldif_line(kMembers[kind], member.value);
    text += "\n";
  }
  return text;
}

}  // namespace dirsync::test
