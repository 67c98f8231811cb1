#pragma once
// Directories made from a number, each after a kind that is found in the field, and what must come of them.
#include <cstddef>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/system/simulator_process.hpp"

namespace dirsync::test {

/// People, groups and who is in them by number, so that what must come out follows by plain recursion,
/// without reading a single value. Below dc=example,dc=com.
struct Shape {
  struct Person {
    std::string dn, name;  // `name`: that of their user in the Vault
    std::string lines;     // of the entry, without the DN
    bool is_disabled = false, in_vault = true;
    std::string directory{};
  };
  struct Member {
    enum class Is { person, group, nobody } is;
    std::size_t number = 0;  // of the person or group
    std::string value{};     // as it stands in the group; empty: the directory knows it in another way
  };
  struct Group {
    std::string dn, lines;
    std::string target{};  // name of the target group; empty: no rule selects it
    std::vector<Member> members{};
    std::string attribute = "member";
  };
  struct Directory {
    std::string name, base, keys;  // `keys`: whole lines of TOML
  };

  std::vector<Person> people{};
  std::vector<Group> groups{};
  std::vector<Directory> directories{};
  std::string rules{};       // TOML
  std::string containers{};  // entries, in LDIF
  std::string root_dse{};    // lines; the server's own when empty
  std::vector<std::string> schema{};

  // What is told beside the unresolved values: by code, "group|principal" of notices, the group (the rule
  // where there is none) of reasons.
  Memberships notices{}, holds{}, lasting{};
  std::set<std::string> refused{};  // target names that cannot be given

  std::size_t add_person(Person person);
  std::size_t add_group(Group group);
  /// Once: a second value for the same is left out.
  void put(std::size_t group, Member member);
  void put_person(std::size_t group, std::size_t person);
  void put_group(std::size_t group, std::size_t nested);
  void put_nobody(std::size_t group, std::string value);

  /// The naive flatten: by target group, the names of who must be in it.
  Memberships expected() const;
  /// By target group, how many values of its sources, and of groups in them, name nothing.
  std::map<std::string, std::size_t> unresolved() const;
  /// All notices of a run, as in `notices`; those of unresolved values are "group: count".
  Memberships told() const;

  std::string ldif() const;
  std::string vault_state() const;
};

/// Equal numbers give equal shapes, on every machine.
class ShapeDice {
 public:
  explicit ShapeDice(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t most) { return random_() / 7 % most; }  // the low bits are poor
  std::size_t between(std::size_t least, std::size_t most) { return least + below(most - least + 1); }
  bool one_in(std::size_t chances) { return below(chances) == 0; }

 private:
  std::minstd_rand random_;
};

/// "u007" for ("u", 7).
std::string numbered(std::string const& prefix, std::size_t number);

/// Two domains of one forest, each a directory of its own; rings, trusts, machines, principals by SID.
Shape ad_forest(unsigned seed);
/// Groups called stem:sub:group, basis and include and exclude groups, roles that hold each other eight deep.
Shape grouper_tree(unsigned seed);
/// cn=accounts: nested POSIX groups, private groups, preserved users, services, members of a trusted domain.
Shape freeipa_tree(unsigned seed);
/// posixAccount and memberUid, with names that nobody has, that two have, and DNs in the place of names.
Shape nis_host(unsigned seed);
/// 60 groups in six units that have 30 names.
Shape shared_names(unsigned seed, std::string const& on_collision);

}  // namespace dirsync::test
